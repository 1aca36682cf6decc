import { randomBytes } from "node:crypto";
import type { Actions, Caller, Form } from "./action.ts";
import { accessDenied, invalid } from "./refusal.ts";
import { MAX_SESSION_SECONDS } from "./roles.ts";
import { allowsAssuming } from "./trust-policy.ts";

export const STS_ACTIONS: Actions = {
  GetCallerIdentity: ({ aws }, _form, caller) => ({ Arn: caller.arn, UserId: caller.id, Account: aws.account }),
  AssumeRole({ aws, clock }, form, caller) {
    const session = form.RoleSessionName ?? "";
    if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw invalid("RoleSessionName is invalid.");
    const seconds = secondsOf(form);
    const role = [...aws.roles.values()].find(({ arn }) => arn === form.RoleArn);
    if (!role || !allowsAssuming(role.trustPolicy, contextOf(caller, clock.now()))) {
      throw accessDenied(caller.arn, "sts:AssumeRole", form.RoleArn ?? "");
    }
    return {
      Credentials: {
        AccessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
        SecretAccessKey: randomBytes(20).toString("hex"),
        SessionToken: randomBytes(32).toString("hex"),
        Expiration: new Date(clock.now().getTime() + seconds * 1_000).toISOString(),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${session}`,
        Arn: `arn:aws:sts::${aws.account}:assumed-role/${role.name}/${session}`,
      },
    };
  },
};

function secondsOf({ DurationSeconds = "3600" }: Form): number {
  const seconds = Number(DurationSeconds);
  if (!(seconds >= 900)) throw invalid("DurationSeconds must be at least 900.");
  if (seconds > MAX_SESSION_SECONDS)
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  return seconds;
}

function contextOf(caller: Caller, now: Date) {
  return { now, arn: caller.arn, account: caller.arn.split(":")[4] ?? "", username: caller.name };
}
