import { notFound } from "next/navigation";
import { requireViewer } from "#lib/web/session.ts";

/** Every address that no page has, with the ways on beside it, and only after signing in, like any other page. */
export default async function UnknownPage({ params }: { params: Promise<{ address: string[] }> }) {
  const { address } = await params;
  // Programs would take the way to the sign-in page for an answer.
  if (address[0] !== "api") await requireViewer(`/${address.join("/")}`);
  notFound();
}
