/** One person of the sandbox: an account at the identity provider, and the same person in GitLab and AWS. */
export type Person = {
  /** The identity provider's stable, opaque subject; GitLab keeps it as `extern_uid`. */
  readonly subject: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly about: string;
  readonly groups: readonly string[];
  active: boolean;
};

/** The identity provider's accounts, by user name. */
export type People = Map<string, Person>;

export function seedPeople(): People {
  const people = [
    person("maya", "Maya Chen", "7f3a", "developer, payments"),
    person("omar", "Omar Haddad", "2c91", "owner of acme/payments"),
    person("lena", "Lena Vogel", "b04e", "developer, platform and data"),
    person("noor", "Noor Rahman", "e6d8", "owner of acme/platform and acme/data"),
    person("ines", "Ines Duarte", "51ac", "admin of Daypass", ["daypass-admins"]),
    person("theo", "Theo Lindqvist", "9d27", "auditor of Daypass", ["daypass-auditors"]),
  ];
  return new Map(people.map((each) => [each.username, each]));
}

export function person(
  username: string,
  name: string,
  tag: string,
  about: string,
  groups: readonly string[] = [],
): Person {
  const subject = `idp-${tag}-${username}`;
  return { subject, username, name, email: `${username}@acme.test`, about, groups, active: true };
}
