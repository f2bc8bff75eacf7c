// An answer in a view: what was shown stays while the next is asked for, and stays when the server is gone.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Problem } from "./client";
import { returned } from "./presence";
import { session } from "../shell/session";
import { language } from "../words/say";

const KEPT = 40;
const answers = new Map<string, Answer<unknown>>(); // so that Back shows at once what was seen

function remember(key: string, answer: Answer<unknown>): void {
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size > KEPT) answers.delete(answers.keys().next().value!);
}

export interface Shown<T> {
  data: T | null;
  etag: string | null;
  when: number; // what is shown is of then
  stale: boolean; // it is another question's, or of before the server went
  busy: boolean;
  problem: Problem | null;
  again(): void;
}

// `key` tells one question from another: the same key is the same answer. null: nothing is asked.
export function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<Answer<T>>): Shown<T> {
  const tongue = language.use();
  const back = returned.use();
  const who = session.use();
  const [turn, setTurn] = useState(0);
  const full = key === null ? null : [tongue, who.number, key].join("\n");
  const [state, setState] = useState<{ full: string | null; answer: Answer<T> | null; problem: Problem | null; busy: boolean }>(() => ({
    full, answer: full === null ? null : ((answers.get(full) as Answer<T>) ?? null), problem: null, busy: full !== null,
  }));
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (full === null) return setState({ full, answer: null, problem: null, busy: false });
    const abort = new AbortController();
    const known = answers.get(full) as Answer<T> | undefined;
    setState((before) => {
      const own = before.full?.split("\n")[1] === String(who.number); // what another was shown goes
      return { full: known ? full : before.full, answer: known ?? (own ? before.answer : null), problem: null, busy: true };
    });
    latest.current(abort.signal).then(
      (answer) => {
        remember(full, answer);
        setState({ full, answer, problem: null, busy: false });
      },
      (problem: Problem) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, problem, busy: false }));
      },
    );
    return () => abort.abort();
  }, [full, turn, back]);
  return {
    data: state.answer?.data ?? null,
    etag: state.answer?.etag ?? null,
    when: state.answer?.when ?? 0,
    stale: state.answer !== null && (state.full !== full || state.problem !== null),
    busy: state.busy,
    problem: state.problem,
    again: () => setTurn((n) => n + 1),
  };
}
