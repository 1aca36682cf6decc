/** How often something was tried that does not go through, and what came of the last try, as a sentence or two. */
export function triesWords({ tries, lastError }: { tries: number; lastError: string | null }): string {
  if (tries === 0 || lastError === null) return "No try has come back yet.";
  const often = tries === 1 ? "Tried once" : `Tried ${tries} times`;
  return `${often}, the last answer: ${lastError.replace(/[.\s]+$/, "")}.`;
}
