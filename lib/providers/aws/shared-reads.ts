import { oneAtATime } from "./one-at-a-time.ts";

/**
 * One read for all who ask for the same thing at about the same time. Who asks while a read is under way gets the next one:
 * what was read before they asked would prove nothing of what they did.
 */
export function sharedReads<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const inOrder = oneAtATime();
  const toBegin = new Map<string, Promise<T>>();
  return (key) => {
    const begin = () => {
      toBegin.delete(key);
      return read(key);
    };
    const shared = toBegin.get(key) ?? inOrder(key, begin);
    toBegin.set(key, shared);
    return shared;
  };
}
