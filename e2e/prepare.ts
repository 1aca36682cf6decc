import { buildWeb, generateClient } from "../scripts/prepare.ts";

/** Once for all stories, which are told at the same time. */
export default async function setup(): Promise<void> {
  const log = (line: string) => console.log(`daypass: ${line}`);
  await generateClient(log);
  await buildWeb(log);
}
