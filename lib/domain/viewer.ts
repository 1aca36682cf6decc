/** Who is looking. Every query takes it first and shows nothing that this person may not see. */
export type Viewer = {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly isAuditor: boolean;
};

/** Admins and auditors see everything. */
export function seesAll(viewer: Viewer): boolean {
  return viewer.isAdmin || viewer.isAuditor;
}
