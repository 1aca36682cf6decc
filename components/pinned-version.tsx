"use client";

import { useState } from "react";
import { Button } from "./ui/button.tsx";
import { Notice } from "./ui/notice.tsx";

/**
 * The version that the form was begun on, sent along so that the server notices when it is no longer in force. Pages
 * refresh by themselves: without holding on to it, somebody else's version would be overwritten unseen.
 */
export function PinnedVersion({ current, publishedBy }: { current: number; publishedBy: string }) {
  const [pinned, setPinned] = useState(current);
  return (
    <>
      <input type="hidden" name="expectedVersion" value={pinned} />
      {pinned === current ? null : (
        <Notice tone="wait" live>
          <p>
            {publishedBy} published version {current} while you were editing version {pinned}. What you typed is kept,
            and the differences below are against version {current}: what it changed and you did not would be undone.
          </p>
          <Button type="button" className="mt-3" onClick={() => setPinned(current)}>
            Go on from version {current}
          </Button>
        </Notice>
      )}
    </>
  );
}
