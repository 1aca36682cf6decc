import type { ReactNode } from "react";
import { Button } from "./ui/button.tsx";

type Props = { fields: Readonly<Record<string, string | undefined>>; label: string; children?: ReactNode };

/** Sends for a file. A form and not a link, because taking something out is written into the history. */
export function ExportForm({ fields, label, children }: Props) {
  return (
    <form method="post" action="/api/export" className="flex flex-wrap items-end gap-3">
      {Object.entries(fields).map(([name, value]) =>
        value ? <input key={name} type="hidden" name={name} value={value} /> : null,
      )}
      {children}
      <Button type="submit">{label}</Button>
    </form>
  );
}
