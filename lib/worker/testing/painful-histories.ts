import type { History } from "./moves.ts";

/** Histories that once broke a promise, made small. Each is named by the fact that it now shows. */
export const PAINFUL: Readonly<Record<string, History>> = {
  "an AWS place follows when a GitLab place completes the grant": {
    seed: 57,
    standing: [],
    moves: [
      { kind: "grant", who: 1, role: 1, minutes: 31 },
      { kind: "grant", who: 0, role: 1, minutes: 2 },
      { kind: "step", worker: 0, pick: 2, times: 8 },
      { kind: "step", worker: 1, pick: 5, times: 8 },
    ],
  },
  "what a hand lowered goes with its grant": {
    seed: 215,
    standing: [],
    moves: [
      { kind: "grant", who: 1, role: 0, minutes: 3 },
      { kind: "step", worker: 0, pick: 0, times: 40 },
      { kind: "hand", who: 1, place: 0, edit: "change", level: "developer" },
      { kind: "wait", seconds: 600 },
    ],
  },
  "a look that shows the past proves no removal": {
    seed: 6,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "step", worker: 0, pick: 0, times: 40 },
      { kind: "lag", connection: "gitlab", seconds: 90 },
      { kind: "revoke", pick: 0 },
      { kind: "step", worker: 1, pick: 0, times: 20 },
      { kind: "wait", seconds: 2 },
      { kind: "step", worker: 1, pick: 0, times: 20 },
    ],
  },
  "a removal without an answer is made again": {
    seed: 3,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "step", worker: 0, pick: 0, times: 40 },
      { kind: "revoke", pick: 0 },
      { kind: "lag", connection: "aws", seconds: 90 },
      { kind: "start", worker: 1, task: "wake", pick: 1 },
      { kind: "step", worker: 1, pick: 0, times: 4 },
      { kind: "fault", connection: "aws", fault: "lost-before", calls: 1 },
      { kind: "step", worker: 1, pick: 0, times: 10 },
      { kind: "wait", seconds: 2 },
      { kind: "step", worker: 1, pick: 0, times: 20 },
    ],
  },
  "what has begun stays begun when the clock is put back": {
    seed: 33,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 1, minutes: 330 },
      { kind: "jump", seconds: -3_600 },
    ],
  },
  "a removal does not wait for a clock that was put back": {
    seed: 52,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 72 },
      { kind: "step", worker: 0, pick: 0, times: 40 },
      { kind: "revoke", pick: 0 },
      { kind: "jump", seconds: -3_600 },
    ],
  },
  "our last write explains no look for as long as the clock went back": {
    seed: 191_980_772,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 5 },
      { kind: "step", worker: 1, pick: 7, times: 16 },
      { kind: "hand", who: 0, place: 0, edit: "extend", level: "maintainer" },
      { kind: "grant", who: 0, role: 1, minutes: 64 },
      { kind: "jump", seconds: -3_600 },
    ],
  },
  "a refusal to a worker that lost its lease is nobody's": {
    seed: 145,
    standing: [],
    moves: [
      { kind: "grant", who: 1, role: 0, minutes: 568 },
      { kind: "start", worker: 0, task: "wake", pick: 1 },
      { kind: "step", worker: 0, pick: 0, times: 2 },
      { kind: "wait", seconds: 40 },
      { kind: "step", worker: 1, pick: 0, times: 6 },
      { kind: "fault", connection: "aws", fault: "refused", calls: 1 },
      { kind: "step", worker: 0, pick: 0, times: 2 },
    ],
  },
  "a worker that comes back after its lease was taken over settles nothing": {
    seed: 1,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "start", worker: 0, task: "wake", pick: 0 },
      { kind: "step", worker: 0, pick: 0, times: 6 },
      { kind: "wait", seconds: 40 },
      { kind: "start", worker: 1, task: "wake", pick: 0 },
      { kind: "step", worker: 1, pick: 0, times: 3 },
      { kind: "step", worker: 0, pick: 0, times: 4 },
    ],
  },
  "a look that is older than its lease is no right to write, though nobody has taken the lease over": {
    seed: 1,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "start", worker: 0, task: "wake", pick: 0 },
      { kind: "step", worker: 0, pick: 0, times: 3 },
      { kind: "wait", seconds: 40 },
      { kind: "hand", who: 0, place: 0, edit: "add", level: "owner" },
      { kind: "step", worker: 0, pick: 0, times: 6 },
    ],
  },
  "a look that is older than its lease is no proof, though nobody has taken the lease over": {
    seed: 1,
    standing: [{ who: 0, place: 0, level: "maintainer" }],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "start", worker: 0, task: "wake", pick: 1 },
      { kind: "step", worker: 0, pick: 0, times: 12 },
      { kind: "start", worker: 0, task: "wake", pick: 0 },
      { kind: "step", worker: 0, pick: 0, times: 3 },
      { kind: "wait", seconds: 40 },
      { kind: "hand", who: 0, place: 0, edit: "change", level: "guest" },
      { kind: "step", worker: 0, pick: 0, times: 6 },
    ],
  },
  "a worker whose lease was taken over while the provider answered it gives nothing back that a hand took since": {
    seed: 1,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "start", worker: 0, task: "wake", pick: 0 },
      { kind: "step", worker: 0, pick: 0, times: 2 },
      { kind: "wait", seconds: 40 },
      { kind: "step", worker: 1, pick: 0, times: 40 },
      { kind: "wait", seconds: 90 },
      { kind: "hand", who: 0, place: 0, edit: "remove", level: "owner" },
      { kind: "step", worker: 0, pick: 0, times: 6 },
    ],
  },
  "what a hand took does not come back with an extension that was approved before": {
    seed: 1,
    standing: [],
    moves: [
      { kind: "grant", who: 0, role: 0, minutes: 60 },
      { kind: "step", worker: 0, pick: 0, times: 40 },
      { kind: "extend", pick: 0, minutes: 60 },
      { kind: "wait", seconds: 120 },
      { kind: "hand", who: 0, place: 0, edit: "remove", level: "owner" },
    ],
  },
  "nobody who was deactivated asks": {
    seed: 20,
    standing: [],
    moves: [
      { kind: "deactivate", who: 0 },
      { kind: "ask", who: 0, role: 1, minutes: 25, inMinutes: 0 },
    ],
  },
};
