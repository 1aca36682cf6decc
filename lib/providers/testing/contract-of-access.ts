import { expect, test } from "vitest";
import { ABSENT } from "../../domain/binding.ts";
import { ProviderRefused } from "../provider.ts";
import { allOf } from "./all-of.ts";
import type { Scene } from "./contract-scene.ts";

/** What is asked for is what stands there, and no more than that; and who has access is listed. */
export function describeAccess(scene: Scene): void {
  test("nothing is seen where nothing was given", async () => {
    const { provider, maya, place } = scene.subject;
    expect(await provider.observe(maya, place)).toEqual(ABSENT);
  });

  test("what was applied is seen exactly", async () => {
    const { provider, maya, place, standings } = scene.subject;
    for (const standing of standings) {
      await provider.apply(maya, place, standing);
      expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standing });
      await provider.remove(maya, place);
    }
  });

  test("every standing can be changed into every other, and back to what was there before", async () => {
    const { provider, maya, place, standings } = scene.subject;
    for (const before of standings)
      for (const ours of standings) {
        await provider.apply(maya, place, before);
        await provider.apply(maya, place, ours);
        expect(await provider.observe(maya, place)).toEqual({ state: "present", ...ours });
        await provider.apply(maya, place, before);
        expect(await provider.observe(maya, place)).toEqual({ state: "present", ...before });
      }
  });

  test("applying twice is as good as once", async () => {
    const { provider, maya, place, standings } = scene.subject;
    await provider.apply(maya, place, standings[0]);
    await provider.apply(maya, place, standings[0]);
    expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
  });

  test("what was removed is seen gone, and removing it again is an answer", async () => {
    const { provider, maya, place, standings } = scene.subject;
    await provider.apply(maya, place, standings[0]);
    expect((await provider.remove(maya, place)).status).toBeLessThan(300);
    expect(await provider.observe(maya, place)).toEqual(ABSENT);
    expect((await provider.remove(maya, place)).words).not.toBe("");
    expect(await provider.observe(maya, place)).toEqual(ABSENT);
  });

  test("nobody else and nowhere else is touched", async () => {
    const { provider, maya, omar, place, other, standings } = scene.subject;
    await provider.apply(omar, place, standings[0]);
    await provider.apply(maya, other, standings[0]);
    await provider.apply(maya, place, standings[0]);
    await provider.remove(maya, place);
    expect(await provider.observe(omar, place)).toEqual({ state: "present", ...standings[0] });
    expect(await provider.observe(maya, other)).toEqual({ state: "present", ...standings[0] });
  });

  test("people who are added and removed at the same moment do not get in each other's way", async () => {
    const { provider, maya, omar, place, standings } = scene.subject;
    await provider.apply(omar, place, standings[0]);
    await Promise.all([provider.apply(maya, place, standings[0]), provider.remove(omar, place)]);
    expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
    expect(await provider.observe(omar, place)).toEqual(ABSENT);
  });

  test("a place that is not there is refused, and said to be missing", async () => {
    const { provider, maya, missing, standings } = scene.subject;
    await expect(provider.apply(maya, missing, standings[0])).rejects.toBeInstanceOf(ProviderRefused);
    expect(await provider.describe(missing)).toMatchObject({ exists: false });
  });

  test("an account that is not there is refused access and has none", async () => {
    const { provider, nobody, place, standings } = scene.subject;
    await expect(provider.apply(nobody, place, standings[0])).rejects.toBeInstanceOf(ProviderRefused);
    expect(await provider.observe(nobody, place)).toEqual(ABSENT);
    await expect(provider.remove(nobody, place)).resolves.toMatchObject({ words: expect.stringMatching(/./) });
  });

  test("a place is described by its name", async () => {
    const { provider, place } = scene.subject;
    expect(await provider.describe(place)).toMatchObject({ exists: true, name: expect.stringMatching(/./) });
  });

  test("everybody with direct access is listed once, as they are seen; whoever lost it is not", async () => {
    const { provider, maya, omar, place, other, standings } = scene.subject;
    expect(await allOf(provider.members(place))).toEqual([]);
    await provider.apply(maya, place, standings[0]);
    await provider.apply(omar, place, standings[0]);
    await provider.apply(omar, other, standings[0]);
    const listed = await allOf(provider.members(place));
    expect(listed.sort((a, b) => (a.account.username < b.account.username ? -1 : 1))).toEqual(
      [maya, omar]
        .sort((a, b) => (a.username < b.username ? -1 : 1))
        .map((account) => ({ account, level: standings[0].level, until: standings[0].until })),
    );
    await provider.remove(maya, place);
    expect((await allOf(provider.members(place))).map(({ account }) => account)).toEqual([omar]);
  });

  test("the members of a place that is not there are refused, not none", async () => {
    await expect(allOf(scene.subject.provider.members(scene.subject.missing))).rejects.toBeInstanceOf(ProviderRefused);
  });

  test("all accounts are listed once, however many pages they take", async () => {
    await scene.sandbox.send("POST", "/_seed", { people: 1_150, groups: 0 });
    const accounts = await allOf(scene.subject.provider.listAccounts());
    const names = accounts.map(({ username }) => username);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((username) => username.startsWith("person"))).toHaveLength(1_150);
    expect(accounts).toContainEqual(expect.objectContaining({ ...scene.subject.maya, active: true }));
  });
}
