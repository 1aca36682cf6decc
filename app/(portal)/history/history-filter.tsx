import { Search, SlidersHorizontal } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { CHANGE_TITLES } from "#lib/domain/change-words.ts";
import { OUTCOME_TITLES } from "#lib/domain/outcome.ts";
import { wallIn } from "#lib/domain/zone.ts";
import type { FilterName, ReadSearch } from "#lib/web/history-search.ts";
import { FILTER_LABELS } from "./filter-labels.ts";

type Read = Pick<ReadSearch, "search" | "errors">;
type Props = { read: Read; roles: readonly string[]; zone: string };

/** The search and the filters as one form that the address bar keeps. */
export function HistoryFilter({ read, roles, zone }: Props) {
  const { search, errors } = read;
  const isWrongInside = Object.keys(errors).some((name) => name !== "q");
  return (
    <form role="search" action="/history" className="mb-3 grid gap-3">
      <div className="flex gap-2">
        <div className="relative min-w-0 grow">
          <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3 size-4 text-muted" />
          <input
            className="input pl-9"
            type="search"
            name="q"
            aria-label="Search the history"
            placeholder="Names, roles, places, reasons"
            defaultValue={search.q}
            {...described("q", errors)}
          />
        </div>
        <Button type="submit">Search</Button>
      </div>
      <Wrong name="q" errors={errors} />
      <details open={isWrongInside} className="card px-4 py-3">
        <summary className="font-medium">
          <SlidersHorizontal aria-hidden className="mr-2 inline size-4" />
          Filters
        </summary>
        <div className="mt-3 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          <Text name="role" read={read} placeholder="Any role" list="history-roles" />
          <Text name="person" read={read} placeholder="User name or e-mail" />
          <Text name="actor" read={read} placeholder="User name or e-mail" />
          <Text name="target" read={read} placeholder="Any group, project or IAM role" />
          <Choice name="kind" read={read} any="Everything">
            <KindOptions />
          </Choice>
          <Choice name="outcome" read={read} any="Any way">
            <Options of={Object.entries(OUTCOME_TITLES)} />
          </Choice>
          <Choice name="provider" read={read} any="GitLab and AWS">
            <Options of={PROVIDERS} />
          </Choice>
          <Moment name="since" read={read} zone={zone} />
          <Moment name="until" read={read} zone={zone} />
          <div className="flex items-end sm:col-span-full">
            <Button type="submit">Filter</Button>
          </div>
        </div>
        <datalist id="history-roles">
          {roles.map((slug) => (
            <option key={slug} value={slug} />
          ))}
        </datalist>
      </details>
      {(["request", "grant"] as const).map((name) =>
        search[name] ? <input key={name} type="hidden" name={name} value={search[name]} /> : null,
      )}
    </form>
  );
}

const PROVIDERS = [
  ["gitlab", "GitLab"],
  ["aws", "AWS"],
] as const;

function KindOptions() {
  const groups = Map.groupBy(Object.entries(CHANGE_TITLES), ([, [about]]) => about);
  return [...groups].map(([about, kinds]) => (
    <optgroup key={about} label={about}>
      <Options of={kinds.map(([kind, [, title]]) => [kind, title] as const)} />
    </optgroup>
  ));
}

function Options({ of }: { of: readonly (readonly [value: string, words: string])[] }) {
  return of.map(([value, words]) => (
    <option key={value} value={value}>
      {words}
    </option>
  ));
}

type FieldProps = { name: FilterName; read: Read };

function Text({ name, read, ...rest }: FieldProps & ComponentProps<"input">) {
  return (
    <Labelled name={name} read={read}>
      <input
        className="input"
        name={name}
        defaultValue={read.search[name]}
        {...described(name, read.errors)}
        {...rest}
      />
    </Labelled>
  );
}

function Moment({ name, read, zone }: FieldProps & { zone: string }) {
  const at = Date.parse(read.search[name] ?? "");
  const value = Number.isNaN(at) ? undefined : wallIn(at, zone);
  return <Text name={name} read={read} type="datetime-local" step="1" defaultValue={value} />;
}

function Choice({ name, read, any, children }: FieldProps & { any: string; children: ReactNode }) {
  return (
    <Labelled name={name} read={read}>
      <select className="input" name={name} defaultValue={read.search[name]} {...described(name, read.errors)}>
        <option value="">{any}</option>
        {children}
      </select>
    </Labelled>
  );
}

function Labelled({ name, read, children }: FieldProps & { children: ReactNode }) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label className="grid grid-cols-1 gap-1 text-sm">
        {FILTER_LABELS[name]}
        {children}
      </label>
      <Wrong name={name} errors={read.errors} />
    </div>
  );
}

function described(name: FilterName, errors: Read["errors"]) {
  return errors[name] ? { "aria-invalid": true, "aria-describedby": `wrong-${name}` } : {};
}

function Wrong({ name, errors }: { name: FilterName; errors: Read["errors"] }) {
  const words = errors[name];
  return words ? (
    <p id={`wrong-${name}`} role="alert" className="text-sm font-medium text-bad">
      {words}
    </p>
  ) : null;
}
