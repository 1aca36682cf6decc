/**
 * Signs in or out through the sign-in library's own doors, and goes where they say. Its client would be the largest
 * script of every page. @param door "signin/…" or "signout" @throws Error when nobody answers or the answer is another.
 */
export async function goThroughDoor(door: string, callbackUrl: string): Promise<void> {
  const csrfToken = await textIn(await fetch("/api/auth/csrf"), "csrfToken");
  const answer = await fetch(`/api/auth/${door}`, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, callbackUrl, json: "true" }),
  });
  location.assign(await textIn(answer, "url"));
}

async function textIn(answer: Response, name: string): Promise<string> {
  const body: unknown = await answer.json();
  const value =
    typeof body === "object" && body !== null ? new Map<string, unknown>(Object.entries(body)).get(name) : undefined;
  if (typeof value !== "string") throw new Error(`the sign-in answered ${answer.status} without ${name}`);
  return value;
}
