import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { CHANGE_TITLES } from "#lib/domain/change-words.ts";
import type { HistorySearch } from "#lib/web/history-search.ts";

/** The filters as a form that the address bar keeps. */
export function HistoryFilter({ search, roles }: { search: HistorySearch; roles: readonly string[] }) {
  const groups = Map.groupBy(Object.entries(CHANGE_TITLES), ([, [about]]) => about);
  return (
    <form role="search" className="mb-6 grid grid-cols-2 gap-2 xl:grid-cols-[1fr_1fr_1fr_1.2fr_auto]">
      <input
        className="input"
        name="role"
        aria-label="Role"
        placeholder="Any role"
        list="history-roles"
        defaultValue={search.role}
      />
      <datalist id="history-roles">
        {roles.map((slug) => (
          <option key={slug} value={slug} />
        ))}
      </datalist>
      <input
        className="input"
        name="person"
        aria-label="About whom: user name or e-mail"
        placeholder="About anybody"
        defaultValue={search.person}
      />
      <input
        className="input"
        name="actor"
        aria-label="Done by whom: user name or e-mail"
        placeholder="By anybody"
        defaultValue={search.actor}
      />
      <select className="input" name="kind" aria-label="What happened" defaultValue={search.kind}>
        <option value="">Everything that happened</option>
        {[...groups].map(([about, kinds]) => (
          <optgroup key={about} label={about}>
            {kinds.map(([kind, [, title]]) => (
              <option key={kind} value={kind}>
                {title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {search.request ? <input type="hidden" name="request" value={search.request} /> : null}
      {search.grant ? <input type="hidden" name="grant" value={search.grant} /> : null}
      <div className="flex items-center gap-3">
        <Button type="submit">Filter</Button>
        {Object.values(search).some(Boolean) ? (
          <Link href="/history" prefetch={false} className="link whitespace-nowrap">
            Show all
          </Link>
        ) : null}
      </div>
    </form>
  );
}
