import { simulationPart } from "./testing/simulation-suite.ts";

simulationPart(3, { of: 4, ci: process.env.CI !== undefined });
