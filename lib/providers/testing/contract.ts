import { describe } from "vitest";
import { describeAccess } from "./contract-of-access.ts";
import { describeTrouble } from "./contract-of-trouble.ts";
import { openScene, type Setting } from "./contract-scene.ts";

/** What every kind of place at every provider does the same way. The worker builds on this and on nothing else. */
export function describeProviderContract(setting: Setting): void {
  describe(`${setting.kind} through the port`, () => {
    const scene = openScene(setting);
    describeAccess(scene);
    describeTrouble(scene);
  });
}
