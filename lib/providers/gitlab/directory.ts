import type { RequesterType } from "@gitbeaker/requester-utils";
import { z } from "zod";
import { CouldNotTell, type DirectoryAccount, type DirectoryGroup, type Member } from "../provider.ts";
import { isInForce, isOwner, levelNumbered, shapes, understood } from "./answers.ts";

type Query = Readonly<Record<string, string | number | boolean>>;

const PER_PAGE = 100;
/** Offset pages end at 50,000 users, keyset pages do not. Source: GitLab's documentation of pagination. */
const BY_ID = { pagination: "keyset", order_by: "id", sort: "asc" };

/**
 * @param identityProvider the name under which GitLab keeps the identities of the company's identity provider.
 * @throws CouldNotTell also for a list with nobody in it: whoever holds our token is always there.
 */
export async function* listAccounts(api: RequesterType, identityProvider: string): AsyncIterable<DirectoryAccount> {
  let isEmpty = true;
  for await (const user of rowsOf(api, "users", shapes.user, BY_ID)) {
    isEmpty = false;
    const identity = user.identities?.find(({ provider }) => provider === identityProvider);
    yield {
      externalId: String(user.id),
      username: user.username,
      name: user.name,
      email: user.email ?? null,
      subject: identity?.extern_uid ?? null,
      active: user.state === "active",
    };
  }
  if (isEmpty) throw new CouldNotTell("GitLab's list of users is empty");
}

export async function* listGroups(api: RequesterType): AsyncIterable<DirectoryGroup> {
  for await (const { id, full_path: path, name } of rowsOf(api, "groups", shapes.group, { order_by: "id" })) {
    const members: { externalId: string; isOwner: boolean }[] = [];
    for await (const row of rowsOf(api, `groups/${id}/members/all`, shapes.member))
      if (isInForce(row)) members.push({ externalId: String(row.id), isOwner: isOwner(row) });
    yield { externalId: String(id), path, name, members };
  }
}

/**
 * Direct members of one group or project. Whoever holds our token is left out: GitLab makes the creator of a group its
 * owner, and Daypass's own access is not for Daypass to explain.
 * @param path of the members in the API
 */
export async function* listMembers(api: RequesterType, path: string): AsyncIterable<Member> {
  const self = understood(shapes.self, (await api.get("user", {})).body);
  for await (const { id, username, access_level: level, expires_at: until } of rowsOf(api, path, shapes.listedMember))
    if (id !== self.id)
      yield { account: { externalId: String(id), username }, level: levelNumbered(level), until: until ?? null };
}

/** Every row of a list, page by page. A page that leads back to one before is not an end: it throws CouldNotTell. */
async function* rowsOf<T>(api: RequesterType, path: string, row: z.ZodType<T>, query: Query = {}): AsyncIterable<T> {
  const asked = new Set<string>();
  for (let next: Query | null = { ...query, per_page: PER_PAGE }; next;) {
    const key = JSON.stringify(Object.entries(next).sort());
    if (asked.has(key)) throw new CouldNotTell("GitLab's list does not come to an end");
    asked.add(key);
    const { body, headers } = await api.get(path, { searchParams: next });
    yield* understood(z.array(row), body);
    next = queryAfter(next, headers);
  }
}

/** Only the parameters of the next page's address are used: behind a proxy its host is often wrong. */
function queryAfter(query: Query, headers: Readonly<Record<string, string>>): Query | null {
  const link = /<[^>?]*\?([^>]*)>;\s*rel="next"/.exec(headers["link"] ?? "")?.[1];
  if (link !== undefined) return Object.fromEntries(new URLSearchParams(link));
  const page = headers["x-next-page"];
  return page ? { ...query, page } : null;
}
