import { startSandbox, type Sandbox } from "../server.ts";

export const NOON = Date.parse("2026-03-10T12:00:00Z");
const ADMIN = "glpat-sandbox-daypass";

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };

/** A sandbox on a free port whose real time stands still, and the calls that tests make to it. */
export async function openSandbox() {
  const sandbox: Sandbox = await startSandbox({
    ...{ port: 0, syslogPort: 0, daypassUrl: "http://localhost:3000" },
    now: () => NOON,
  });

  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text } as Answer;
  }

  /** One call to GitLab as the holder of a token; as the administrator when none is given. */
  const gitlab = (method: string, path: string, body?: unknown, token = ADMIN, headers = {}) =>
    send(method, `/gitlab/api/v4${path}`, body, { "private-token": token, ...headers });

  /** Creates a user with a token of their own. */
  async function newUser(username: string): Promise<{ id: number; username: string; token: string }> {
    const user = await gitlab("POST", "/users", { username, name: username, email: `${username}@lab.test` });
    const { id } = user.body;
    const token = await gitlab("POST", `/users/${id}/personal_access_tokens`, { name: "test", scopes: ["api"] });
    return { id, username, token: token.body.token };
  }

  const userId = async (username: string): Promise<number> =>
    (await gitlab("GET", `/users?username=${username}`)).body[0].id;
  const state = async () => (await send("GET", "/_state")).body;

  return { ...sandbox, send, gitlab, newUser, userId, state };
}

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>;

/** A full path as the API wants it in an address. */
export const at = (path: string) => encodeURIComponent(path);
