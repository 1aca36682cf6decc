import { act } from "./act.ts";
import { endHistory } from "./come-to-rest.ts";
import { at, PLACES } from "./company.ts";
import { Crew } from "./crew.ts";
import { doubtHands, editByHand } from "./hands.ts";
import type { History, Move } from "./moves.ts";
import { everySpot, saySpot, sayStanding } from "./provider-world.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { Stage } from "./stage.ts";
import type { Broken } from "./step.ts";

export type Played = { readonly broken: readonly Broken[]; readonly steps: number; readonly story: readonly string[] };

/** Plays one history. It ends with the first broken promise, or with all time up and everything gone. */
export async function playHistory(history: History, database: SimulatedDatabase): Promise<Played> {
  const stage = new Stage(database, history.seed);
  const crew = new Crew(stage);
  let handsActed = false;
  try {
    await stage.begin(history);
    for (const move of history.moves) {
      const isHand = await play(move, stage, crew);
      handsActed ||= isHand;
      if (stage.broken.length > 0) break;
    }
    if (stage.broken.length === 0) await endHistory(stage, crew, history.seed % 3 === 0 || handsActed);
  } catch (error) {
    stage.broken.push({
      promise: "nothing fails by itself",
      words: error instanceof Error ? `${error.stack}` : String(error),
    });
  }
  await crew.stop();
  return stage;
}

/** Gives whether a hand changed something. */
async function play(move: Move, stage: Stage, crew: Crew): Promise<boolean> {
  if (move.kind === "hand") return editBy(move, stage, crew);
  await playOther(move, stage, crew);
  return false;
}

async function playOther(move: Exclude<Move, { kind: "hand" }>, stage: Stage, crew: Crew): Promise<void> {
  switch (move.kind) {
    case "fault":
      stage.providers.breakNext(move.connection, move.fault, move.calls);
      stage.tell("fault", [`${move.connection}: ${move.fault} for ${move.calls} calls`]);
      return;
    case "lag":
      stage.providers.lagFor(move.connection, move.seconds * 1_000);
      doubtHands(stage.hands, stage.providers);
      stage.tell("fault", [`${move.connection}: stale reads for ${move.seconds} s`]);
      return;
    case "break":
      crew.worker(move.worker).breaks = { calls: move.calls, after: move.after };
      stage.tell(crew.worker(move.worker).name, [`connection breaks at call ${move.calls}`]);
      return;
    case "kill":
      return crew.kill(move.worker);
    case "start":
      return crew.start(crew.worker(move.worker), move.task, move.pick);
    case "step":
      return crew.steps(crew.worker(move.worker), move.pick, move.times);
    case "wait":
      return crew.wait(move.seconds);
    case "jump":
      return crew.jump(move.seconds);
    default: {
      const said = await act(move, stage.now.rows, stage.database.db);
      return stage.judge("people", [`${JSON.stringify(move)}: ${said}`]);
    }
  }
}

type Hand = Extract<Move, { kind: "hand" }>;

async function editBy(move: Hand, stage: Stage, crew: Crew): Promise<boolean> {
  const spot = spotFor(move, stage);
  // AWS keeps the last writer of a policy without a word: a hand in the middle of our change is lost, and nothing helps.
  if (PLACES[spot.place]?.kind === "aws-iam-role" && crew.isInTurn) return false;
  const { providers, hands, now } = stage;
  const after = editByHand(spot, move.edit, move.level, { providers, hands, spots: now.spots, now: now.rows.now });
  if (after) await stage.judge("a hand", [`${saySpot(spot)} now has ${sayStanding(after)}`]);
  return after !== null;
}

/** Hands give where nothing is, and edit where something is. */
function spotFor({ who, place, edit }: Hand, { providers }: Stage) {
  const given = everySpot().filter((spot) => providers.truth(spot).state === "present");
  return edit === "add" || given.length === 0 ? { who, place } : at(given, who * PLACES.length + place);
}
