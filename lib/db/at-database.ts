/** The address of another database of the same server. */
export function atDatabase(name: string, url: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
