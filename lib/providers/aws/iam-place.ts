import type { Account, Answer, Member, Seen, Standing } from "../provider.ts";

/** What the port's methods need at one kind of place in IAM. */
export type IamPlace = {
  observe(account: Account, name: string): Promise<Seen>;
  apply(account: Account, name: string, standing: Standing): Promise<Answer>;
  remove(account: Account, name: string): Promise<Answer>;
  exists(name: string): Promise<boolean>;
  members(name: string): AsyncIterable<Member>;
};
