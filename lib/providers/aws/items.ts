import { CouldNotTell } from "../provider.ts";

type Page<T> = {
  readonly items: readonly T[] | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
};

/**
 * Every item of one of IAM's lists, page by page.
 * @throws CouldNotTell when a page makes no sense or leads back to one before: neither is the end of the list.
 */
export async function* itemsOf<T>(pageAt: (marker: string | undefined) => Promise<Page<T>>): AsyncIterable<T> {
  const asked = new Set<string>();
  for (let marker: string | undefined; ;) {
    const { items, IsTruncated, Marker } = await pageAt(marker);
    if (!items || IsTruncated === undefined) throw new CouldNotTell("AWS's answer makes no sense");
    yield* items;
    if (!IsTruncated) return;
    if (!Marker || asked.has(Marker)) throw new CouldNotTell("AWS's list does not come to an end");
    asked.add(Marker);
    marker = Marker;
  }
}
