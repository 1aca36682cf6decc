/** One message as it arrived. The sandbox keeps every mailbox in one inbox. */
export type Message = {
  readonly n: number;
  readonly at: Date;
  readonly from: string;
  /** Whom the sender named to the server, whatever the message's own header says. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly hasHtml: boolean;
};

export type Inbox = {
  add(message: Omit<Message, "n">): void;
  /** Newest first. */
  list(): readonly Message[];
  find(n: number): Message | undefined;
  clear(): void;
};

const KEPT = 500;

/** Keeps the last 500 messages. Numbers keep growing across a reset, so an old link never shows another message. */
export function createInbox(): Inbox {
  let messages: readonly Message[] = [];
  let received = 0;

  return {
    add(message) {
      received += 1;
      messages = [{ n: received, ...message }, ...messages].slice(0, KEPT);
    },
    list: () => messages,
    find: (n) => messages.find((message) => message.n === n),
    clear: () => void (messages = []),
  };
}
