import { nextId } from "./state.ts";
import type { GitlabGroup, GitlabProject, GitlabState, Member, MemberSource, Share, Visibility } from "./state.ts";

type NewPlace = {
  readonly name: string;
  readonly path: string;
  readonly parent: GitlabGroup | null;
  readonly visibility: Visibility;
  readonly description?: string;
};

export function createGroup(
  state: GitlabState,
  { parent, ...given }: NewPlace & { readonly membershipLock?: boolean },
  now: Date,
): GitlabGroup {
  const { membershipLock = false, ...place } = given;
  const group: GitlabGroup = {
    ...emptyPlace(nextId(state), place, parent, now),
    kind: "group",
    parentId: parent?.id ?? null,
    membershipLock,
  };
  state.groups.set(group.id, group);
  return group;
}

export function createProject(
  state: GitlabState,
  { parent, ...place }: NewPlace & { readonly parent: GitlabGroup },
  now: Date,
): GitlabProject {
  const project: GitlabProject = {
    ...emptyPlace(nextId(state), place, parent, now),
    kind: "project",
    parentId: parent.id,
  };
  state.projects.set(project.id, project);
  return project;
}

/** Gives the group another path, and with it everything below it. */
export function renameGroup(state: GitlabState, group: GitlabGroup, path: string): void {
  const below = placesBelow(state, group);
  const before = group.fullPath;
  group.fullPath = `${before.slice(0, before.length - group.path.length)}${path}`;
  group.path = path;
  for (const place of below) place.fullPath = `${group.fullPath}${place.fullPath.slice(before.length)}`;
}

/** Deletes the group with everything below it, and every share that named any of it. */
export function deleteGroup(state: GitlabState, group: GitlabGroup): void {
  const gone = [group, ...placesBelow(state, group)];
  for (const place of gone) {
    if (place.kind === "project") state.projects.delete(place.id);
    else state.groups.delete(place.id);
  }
  for (const place of [...state.groups.values(), ...state.projects.values()]) {
    for (const { id } of gone) place.shares.delete(id);
  }
}

/** The groups above, nearest first. */
export function ancestorsOf(state: GitlabState, source: MemberSource): GitlabGroup[] {
  const parent = source.parentId === null ? undefined : state.groups.get(source.parentId);
  return parent ? [parent, ...ancestorsOf(state, parent)] : [];
}

/** Every subgroup and project below, at any depth. */
export function placesBelow(state: GitlabState, group: GitlabGroup): MemberSource[] {
  const within = `${group.fullPath}/`;
  const all = [...state.groups.values(), ...state.projects.values()];
  return all.filter((place) => place.fullPath.startsWith(within));
}

/** Finds a place by its number or by its full path, as every `:id` of the API may be given. */
export function findPlace<Found extends MemberSource>(places: Map<number, Found>, id: string): Found | undefined {
  if (/^\d+$/.test(id)) return places.get(Number(id));
  const path = id.toLowerCase();
  return [...places.values()].find((place) => place.fullPath.toLowerCase() === path);
}

function emptyPlace(id: number, place: Omit<NewPlace, "parent">, parent: GitlabGroup | null, now: Date) {
  return {
    id,
    name: place.name,
    path: place.path,
    fullPath: parent ? `${parent.fullPath}/${place.path}` : place.path,
    description: place.description ?? "",
    visibility: place.visibility,
    createdAt: now,
    members: new Map<number, Member>(),
    shares: new Map<number, Share>(),
    requesters: new Set<number>(),
  };
}
