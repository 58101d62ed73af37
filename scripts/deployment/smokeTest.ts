/** A fresh app is slow to get its first instance; after this long it is broken. */
const patienceMs = 180_000;
const pauseMs = 3_000;
const requestTimeoutMs = 10_000;

/**
 * Asks a deployed app for its health until it answers well.
 * @throws Error with the last answer when it does not do so in time.
 */
export async function smokeTest(
  url: string,
  limits: { patienceMs: number; pauseMs: number } = { patienceMs, pauseMs },
): Promise<unknown> {
  const deadline = performance.now() + limits.patienceMs;
  for (;;) {
    const attempt = await ask(`${url}/api/health`);
    if (attempt.health !== undefined) return attempt.health;
    if (performance.now() > deadline)
      throw new Error(`${url}/api/health does not answer well: ${attempt.problem}`);
    await new Promise((resolve) => setTimeout(resolve, limits.pauseMs));
  }
}

async function ask(address: string): Promise<{ health?: unknown; problem: string }> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const text = await answer.text();
    return answer.ok
      ? { health: JSON.parse(text) as unknown, problem: '' }
      : { problem: `${answer.status} ${text}` };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
