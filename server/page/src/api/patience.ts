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

// ms; "120" or a date, as HTTP has it.
function wished(response: Response): number {
  const text = response.headers.get("Retry-After") ?? "";
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return wait > 0 ? wait : 0;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, left) => {
    const leave = () => {
      clearTimeout(timer);
      left(new DOMException("", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      done();
    }, ms);
    if (signal?.aborted) leave();
    else signal?.addEventListener("abort", leave, { once: true });
  });
}

// The answer, or the last of the refusals. Whom the server asks to stay away for long is told so at once.
export async function patiently(ask: () => Promise<Response>, repeat: boolean, signal?: AbortSignal): Promise<Response> {
  for (let turn = 1; ; ++turn) {
    const response = await ask();
    if (!repeat || turn === TRIES || !(await isOverloaded(response))) return response;
    const wait = wished(response);
    if (wait > LONGEST) return response;
    await pause(Math.max(wait, Math.min(LONGEST, FIRST * 2 ** (turn - 1))) * (1 + JITTER * Math.random()), signal);
  }
}
