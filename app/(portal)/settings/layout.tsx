import type { ReactNode } from "react";
import { SettingsTabs } from "#components/settings-tabs.tsx";
import { seesAll } from "#lib/domain/viewer.ts";
import { requireViewer } from "#lib/web/session.ts";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer("/settings");
  return (
    <>
      {seesAll(viewer) ? <SettingsTabs /> : null}
      {children}
    </>
  );
}
