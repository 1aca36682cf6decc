import "server-only";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "../domain/actor.ts";
import type { Viewer } from "../domain/viewer.ts";
import { webEnv } from "../env.ts";
import { hashToken } from "../identity/hash-token.ts";
import { sessionCookieOf } from "../identity/session-cookie.ts";
import { webDb } from "./db.ts";

/** Who is signed in, read from the database at every request: an ended session or a deactivated person is out at once. */
export const viewerOrNull = cache(async (): Promise<Viewer | null> => {
  const token = (await cookies()).get(sessionCookieOf(webEnv().PUBLIC_URL))?.value;
  return token ? viewerOfSession(token) : null;
});

async function viewerOfSession(token: string): Promise<Viewer | null> {
  const rows = await webDb().$queryRaw<Viewer[]>`
    SELECT p.id AS "personId", p.name, p.email, p.is_admin AS "isAdmin", p.is_auditor AS "isAuditor"
    FROM session s JOIN person p ON p.id = s.person_id
    WHERE s.token_hash = ${hashToken(token)} AND s.expires > clock_timestamp() AND p.deactivated_at IS NULL`;
  return rows[0] ?? null;
}

/** Sends people who are not signed in to the sign-in page, and back to `path` afterwards. */
export async function requireViewer(path = "/"): Promise<Viewer> {
  const viewer = await viewerOrNull();
  return viewer ?? redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
}

export function actorOf(viewer: Viewer, via: Actor["via"]): Actor {
  const { personId, name, isAdmin, isAuditor } = viewer;
  return { personId, name, isAdmin, isAuditor, via };
}
