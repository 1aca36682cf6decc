import { Differences } from "#components/differences.tsx";
import { ExactSides } from "#components/exact-sides.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Section } from "#components/ui/page.tsx";
import type { Json } from "#lib/domain/change.ts";
import { differences } from "#lib/domain/role-difference.ts";
import type { VersionRow } from "#lib/queries/role-versions.ts";

type Props = {
  versions: readonly VersionRow[];
  asked: Readonly<Record<string, string | string[] | undefined>>;
  nameOf: (id: string) => string;
};

/** Any two versions, one against the other; which two is in the address bar. */
export function Comparison({ versions, asked: { from, to }, nameOf }: Props) {
  const [older, newer] = [from, to].map((text) => versions.find((row) => String(row.version) === text));
  return (
    <Section title="Compare two">
      <form className="mb-4 flex flex-wrap items-center gap-2">
        <VersionSelect name="from" label="From version" versions={versions} value={older ?? versions[1]} />
        <VersionSelect name="to" label="To version" versions={versions} value={newer ?? versions[0]} />
        <Button type="submit">Compare</Button>
      </form>
      {older && newer ? (
        <div className="card grid gap-4 p-5">
          <h3 className="font-semibold">
            Version {older.version} to version {newer.version}
          </h3>
          <Differences items={differences(older, newer, nameOf)} />
          <ExactSides
            label="Exactly as they were published"
            sides={[older, newer].map((row) => [`Version ${row.version}`, specOf(row)] as const)}
          />
        </div>
      ) : from !== undefined || to !== undefined ? (
        <Notice tone="bad">This role has no such versions. Choose two of those that it has.</Notice>
      ) : null}
    </Section>
  );
}

/** Groups by their paths, as the API names them. */
function specOf(row: VersionRow): Json {
  const { version, name, summary, ownerGroup, requesterGroup, approvalsNeeded, maxMinutes } = row;
  const { decideWithinMinutes, entitlements } = row;
  return {
    ...{ version, name, summary, ownerGroup, requesterGroup },
    ...{ approvalsNeeded, maxMinutes, decideWithinMinutes, entitlements },
  };
}

type SelectProps = {
  name: string;
  label: string;
  versions: readonly VersionRow[];
  value: VersionRow | undefined;
};

function VersionSelect({ name, label, versions, value }: SelectProps) {
  return (
    <select name={name} aria-label={label} defaultValue={value?.version} className="input w-auto">
      {versions.map(({ version }) => (
        <option key={version} value={version}>
          Version {version}
        </option>
      ))}
    </select>
  );
}
