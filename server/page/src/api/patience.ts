// A server that is too busy says so by 503 "overloaded" and when to come again. What merely asks is then asked again, a few
// times, ever later and never all at one moment; what changes something never is by itself.
const TRIES = 5; // in all
const FIRST = 1_000, LONGEST = 8_000; // ms
const JITTER = 0.5; // of the pause, added by chance

// Calls that change nothing though they are sent with a body, and previews of those that do.
const ASKS = /^\/v1\/(match|panels|panels:check|projects\/[^/]+\/assemble)(\?|$)|[?&]preview=true(&|$)/;

export const canRepeat = (method: string, target: string): boolean => method === "GET" || (method === "POST" && ASKS.test(target));

export async function isOverloaded(response: Response): Promise<boolean> {
  if (response.status !== 503) return false;
  const body = (await response.clone().json().catch(() => null)) as { type?: unknown } | null;
  return typeof body?.type === "string" && body.type.endsWith("overloaded");
}

// The answer, or the last of the refusals. Whom the server asks to stay away for long is told so at once. A call that was given
// up meanwhile ends as `ask` does.
export async function patiently(ask: () => Promise<Response>, repeat: boolean): Promise<Response> {
  for (let turn = 1; ; ++turn) {
    const response = await ask();
    if (!repeat || turn === TRIES || !(await isOverloaded(response))) return response;
    const wished = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    if (wished > LONGEST) return response;
    const wait = Math.max(wished, Math.min(LONGEST, FIRST * 2 ** (turn - 1)));
    await new Promise((done) => setTimeout(done, wait * (1 + JITTER * Math.random())));
  }
}
