import type { Db, Tx } from "../db/client.ts";
import { readDriftStories } from "./drift-story.ts";
import type { Pages } from "./mail-words.ts";
import { TOLD, mailsAbout, mailsAboutRemoval } from "./mails-about.ts";
import { mailsAboutProposal } from "./mails-about-proposal.ts";
import { oweMails } from "./owe-mails.ts";
import { readProposalStories } from "./proposal-story.ts";
import { readStories } from "./story.ts";

const BATCH = 500;

/**
 * Reads what happened since the last time and writes down the mails that are owed for it. How far it read moves in the
 * same transaction, so that a crash neither loses a mail nor owes one twice. Changes get their numbers while they are
 * committed, in that order: none turns up later behind the place that was reached.
 */
export async function followHistory(pages: Pages, { db }: { db: Db }): Promise<void> {
  for (;;) {
    const [row] = await db.$queryRaw<[{ behind: boolean }]>`
      SELECT head.seq > c.seq AS behind FROM chain_head head, notify_channel c WHERE c.name = 'mail'`;
    if (!row.behind) return;
    await db.$transaction((tx) => followSome(pages, tx));
  }
}

/** While mail is off what happens is told to nobody, and not later either. */
export async function passHistory({ db }: { db: Db }): Promise<void> {
  await db.$executeRaw`
    UPDATE notify_channel c SET seq = head.seq, address = NULL, down_since = NULL, last_error = NULL
    FROM chain_head head WHERE c.name = 'mail' AND (c.address IS NOT NULL OR c.seq < head.seq)`;
}

async function followSome(pages: Pages, tx: Tx): Promise<void> {
  const [{ from }] = await tx.$queryRaw<[{ from: bigint }]>`
    SELECT seq AS "from" FROM notify_channel WHERE name = 'mail' FOR UPDATE`;
  const [{ upTo }] = await tx.$queryRaw<[{ upTo: bigint }]>`
    SELECT COALESCE(max(seq), ${from}) AS "upTo"
    FROM (SELECT seq FROM change WHERE seq > ${from} ORDER BY seq LIMIT ${BATCH}) AS next`;
  const stories = await readStories(tx, TOLD, { from, upTo });
  const proposals = await readProposalStories(tx, { from, upTo });
  const removals = await readDriftStories(tx, { from, upTo });
  await oweMails(tx, [
    ...stories.flatMap((story) => mailsAbout(story, pages)),
    ...proposals.flatMap((story) => mailsAboutProposal(story, pages)),
    ...removals.flatMap((story) => mailsAboutRemoval(story, pages)),
  ]);
  await tx.$executeRaw`UPDATE notify_channel SET seq = ${upTo} WHERE name = 'mail'`;
}
