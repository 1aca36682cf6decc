import { placeWords, levelWords } from "#lib/domain/words.ts";
import type { DriftRow, Finding } from "#lib/queries/drift-found.ts";

type Named = Pick<DriftRow, "drift" | "personName" | "account" | "formerly" | "connection" | "kind" | "target">;

const WORDS: Record<Finding, (who: string, where: string, row: Named) => string> = {
  "removed-by-hand": (who, where) =>
    `${who}’s access to ${where} was removed by hand. Daypass does not grant it again.`,
  "lowered-by-hand": (who, where) => `${who}’s access to ${where} was lowered by hand. Daypass leaves it so.`,
  "raised-by-hand": (who, where) => `${who}’s access to ${where} was raised by hand. It ends with the grant.`,
  "extended-by-hand": (who, where) =>
    `The expiry of ${who}’s access to ${where} was moved out by hand. Daypass puts it back.`,
  "shortened-by-hand": (who, where) =>
    `The expiry of ${who}’s access to ${where} was moved in by hand. Daypass puts it back.`,
  "unknown-access": (_who, where, row) => `${holderWords(row)} has access to ${where} that no grant explains.`,
  "place-missing": (_who, where) =>
    `${where} does not exist any more, or Daypass’s own account may not see it. Roles still give it.`,
  "place-unclear": (_who, where) =>
    `Who has access to ${where} cannot be told: what Daypass wrote there was changed by hand.`,
  "account-renamed": (who, _where, { account, formerly, connection }) =>
    `${who} is called ${account ?? "?"} at ${connection} now, no longer ${formerly ?? "?"}. It is still the same account.`,
  "account-missing": (who, _where, { account, connection }) =>
    `${who}’s account ${account ?? "?"} at ${connection} is not in the directory any more: deleted or blocked. A grant holds access for it.`,
};

/** By the account's name at the provider: it need not be anybody who is known here. */
export function holderWords({ personName, account }: Pick<Named, "personName" | "account">): string {
  return personName ? `${personName} (${account ?? "?"})` : (account ?? "?");
}

/** What was found, as a sentence or two. */
export function findingWords(row: Named): string {
  const where = row.kind && row.target ? placeWords({ kind: row.kind, target: row.target }) : row.connection;
  return WORDS[row.drift](row.personName ?? row.account ?? "Somebody", where, row);
}

/** Access as it was or is, to begin a sentence with. */
export function shownWords(shown: DriftRow["seen"]): string {
  if (!shown || shown.state === "absent") return "Nothing";
  const level = shown.level ? levelWords(shown.level) : "A level that Daypass does not know";
  const words = level.charAt(0).toUpperCase() + level.slice(1);
  return shown.until ? `${words} until ${shown.until}` : words;
}
