"use client";

import { BrokenPage } from "#components/broken-page.tsx";

export default function PortalError(props: Parameters<typeof BrokenPage>[0]) {
  return <BrokenPage {...props} />;
}
