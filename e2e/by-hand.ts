import { expect } from "vitest";
import type { Stage } from "./daypass.ts";

/** Where GitLab keeps who has the role payments-maintainer. */
export const ROLE_GROUP = "acme/roles/payments-maintainer";

const HEADERS = { "private-token": "glpat-sandbox-daypass", "content-type": "application/json" };

/** Somebody with rights of their own at GitLab gives access to the role's group, past Daypass. */
export async function giveByHand(
  stage: Stage,
  username: string,
  given: { readonly access_level: number; readonly expires_at?: string },
): Promise<void> {
  const body = JSON.stringify({ user_id: await userId(stage, username), ...given });
  const answer = await fetch(members(stage), { method: "POST", headers: HEADERS, body });
  expect(answer.status).toBe(201);
}

/** The same takes it away. */
export async function takeByHand(stage: Stage, username: string): Promise<void> {
  const url = `${members(stage)}/${await userId(stage, username)}`;
  expect((await fetch(url, { method: "DELETE", headers: HEADERS })).status).toBe(204);
}

/** Whether somebody is in the role's group at GitLab. */
export async function isInRoleGroup(stage: Stage, username: string): Promise<boolean> {
  const { gitlab } = await stage.sandboxState();
  return gitlab.groups[ROLE_GROUP]!.members.some((member) => member.username === username);
}

function members({ sandboxUrl }: Stage): string {
  return `${sandboxUrl}/gitlab/api/v4/groups/${encodeURIComponent(ROLE_GROUP)}/members`;
}

async function userId({ sandboxUrl }: Stage, username: string): Promise<number> {
  const answer = await fetch(`${sandboxUrl}/gitlab/api/v4/users?username=${username}`, { headers: HEADERS });
  const [user] = (await answer.json()) as { id: number }[];
  return user!.id;
}
