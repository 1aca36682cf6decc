import { z } from "zod";
import { callAws } from "./call-aws.ts";
import { addMember } from "./gitlab/membership.ts";
import { createGroup, findPlace } from "./gitlab/places.ts";
import { createUser } from "./gitlab/seed.ts";
import type { GitlabGroup } from "./gitlab/state.ts";
import { person } from "./people.ts";
import type { World } from "./world.ts";

export const seedSize = z.strictObject({ people: z.int().min(0).max(5000), groups: z.int().min(0).max(1000) });

/**
 * Makes the company big enough to measure with. Asking again adds only what is missing.
 *
 * People: `person0001` … `personNNNN`, named "Person 0001", in GitLab (subject `idp-bench-person0001`), as IAM users of
 * the same name, and as accounts of the identity provider.
 *
 * Groups: for each number `acme/bench-0001` with `person0001` as its owner and `person0002` as a developer (people are
 * used in turn when there are fewer of them than groups), the role group `acme/roles/bench-0001`, empty, shared
 * into it as Maintainer, and the empty IAM group `bench-0001`.
 */
export async function growForBenchmark(world: World, size: z.infer<typeof seedSize>): Promise<void> {
  for (let n = 1; n <= size.people; n += 1) await addPerson(world, numbered(n));
  for (let n = 1; n <= size.groups; n += 1) await addGroup(world, n, size.people);
}

async function addPerson(world: World, number: string): Promise<void> {
  const username = `person${number}`;
  if (world.people.has(username)) return;
  const added = person(username, `Person ${number}`, "bench", "developer, benchmark");
  world.people.set(username, added);
  createUser(world.gitlab, added, world.clock.now());
  await callAws(world, { Action: "CreateUser", UserName: username });
}

async function addGroup(world: World, n: number, people: number): Promise<void> {
  const path = `bench-${numbered(n)}`;
  const acme = findPlace(world.gitlab.groups, "acme");
  const roles = findPlace(world.gitlab.groups, "acme/roles");
  if (!acme || !roles || findPlace(world.gitlab.groups, `acme/${path}`)) return;

  const now = world.clock.now();
  const place = { name: path, path, visibility: "private" } as const;
  const group = createGroup(world.gitlab, { ...place, parent: acme }, now);
  const role = createGroup(world.gitlab, { ...place, parent: roles }, now);
  group.shares.set(role.id, { groupId: role.id, accessLevel: 40, expiresAt: null });
  if (people > 0) {
    put(world, group, `person${numbered(((n - 1) % people) + 1)}`, 50);
    put(world, group, `person${numbered((n % people) + 1)}`, 30);
  }
  await callAws(world, { Action: "CreateGroup", GroupName: path });
}

function put(world: World, group: GitlabGroup, username: string, accessLevel: number): void {
  const user = [...world.gitlab.users.values()].find((each) => each.username === username);
  if (!user || group.members.has(user.id)) return;
  addMember(group, { userId: user.id, accessLevel, expiresAt: null, createdBy: null }, world.clock.now());
}

function numbered(n: number): string {
  return String(n).padStart(4, "0");
}
