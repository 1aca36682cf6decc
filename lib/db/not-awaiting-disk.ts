/** The address of the same database for connections whose commits do not wait for the disk; a crash may undo the last ones. */
export function notAwaitingDisk(url: string): string {
  const address = new URL(url);
  const options = [address.searchParams.get("options") ?? "", "-c synchronous_commit=off"];
  address.searchParams.set("options", options.join(" ").trim());
  return address.href;
}
