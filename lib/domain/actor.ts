/** Who is acting, and by which door. Always set by the server, never read from input. */
export type Actor = {
  readonly personId: string;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly isAuditor: boolean;
  readonly via: "web" | "api" | "sign-in";
};

/** Daypass itself: the worker acting on the clock or on what it saw. */
export type SystemActor = { readonly name: "Daypass"; readonly via: "worker" };

/** Somebody with a shell on the host. */
export type HostActor = { readonly name: "Host"; readonly via: "host" };

export const SYSTEM: SystemActor = { name: "Daypass", via: "worker" };
export const HOST: HostActor = { name: "Host", via: "host" };
