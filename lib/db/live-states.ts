import { LIVE } from "../domain/grant.ts";
import { Prisma } from "./generated/client.ts";

/** For `state IN ${LIVE_STATES}`: the states for which the domain's `isLive` says so. Written out, so that indexes know them. */
export const LIVE_STATES = Prisma.raw(`(${LIVE.map((state) => `'${state}'`).join(", ")})`);
