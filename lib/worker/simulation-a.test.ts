import { simulationPart } from "./testing/simulation-suite.ts";

simulationPart(0, { of: 4, ci: process.env.CI !== undefined });
