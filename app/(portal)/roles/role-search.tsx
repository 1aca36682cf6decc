"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useTransition } from "react";

const TYPED_MS = 150;

type Props = { q: string; provider: string; owner: string; owners: readonly string[]; found: string };

/** Searches while people type, and the address bar keeps what they searched for. Without scripts, on Enter. */
export function RoleSearch({ q, provider, owner, owners, found }: Props) {
  const router = useRouter();
  const [isSearching, start] = useTransition();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (form: HTMLFormElement, afterMs: number) => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) query.set(name, value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      start(() => router.replace(query.size > 0 ? `/roles?${query}` : "/roles", { scroll: false }));
    }, afterMs);
  };
  return (
    <form
      role="search"
      className="mb-5 flex flex-wrap items-center gap-2"
      onChange={(event) => search(event.currentTarget, TYPED_MS)}
      onSubmit={(event) => {
        event.preventDefault();
        search(event.currentTarget, 0);
      }}
    >
      <div className="relative w-full sm:w-72">
        <Search
          aria-hidden
          className={`pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted ${isSearching ? "moving" : ""}`}
        />
        <input
          className="input pl-9"
          type="search"
          name="q"
          aria-label="Search roles"
          placeholder="Search roles"
          autoComplete="off"
          defaultValue={q}
        />
      </div>
      <select className="input w-auto max-w-full" name="provider" aria-label="Where" defaultValue={provider}>
        <option value="">GitLab and AWS</option>
        <option value="gitlab">With GitLab</option>
        <option value="aws">With AWS</option>
      </select>
      <select className="input w-auto max-w-full" name="owner" aria-label="Owner" defaultValue={owner}>
        <option value="">Any owner</option>
        {owners.map((group) => (
          <option key={group}>{group}</option>
        ))}
      </select>
      <p role="status" className="text-sm text-muted">
        {found}
      </p>
    </form>
  );
}
