const LONGEST_HEADER = 10;

/** The messages in a stream of octet-counted frames: "LENGTH MESSAGE". @throws for anything else, and for a cut-off end */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk]);
    for (let frame = firstFrame(held); frame; frame = firstFrame(held)) {
      yield held.toString("utf8", frame.start, frame.end);
      held = held.subarray(frame.end);
    }
  }
  if (held.length > 0) throw new Error("the last message was cut off");
}

function firstFrame(held: Buffer): { start: number; end: number } | null {
  const space = held.indexOf(" ");
  const head = held.toString("latin1", 0, space < 0 ? held.length : space);
  if (head !== "" && !/^[1-9]\d*$/.test(head)) throw new Error("no octet count");
  if (head.length > LONGEST_HEADER) throw new Error("an octet count without an end");
  if (space < 0) return null;
  const end = space + 1 + Number(head);
  return held.length < end ? null : { start: space + 1, end };
}
