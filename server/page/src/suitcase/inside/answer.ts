// The same shape as of an answer of the server: it is there at once, or it is not.
import { useEffect, useState } from "preact/hooks";

export function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<{ data: T }>) {
  const [state, setState] = useState<{ data: T | null; problem: unknown }>({ data: null, problem: null });
  useEffect(() => {
    setState({ data: null, problem: null });
    if (key !== null) ask(new AbortController().signal).then(({ data }) => setState({ data, problem: null }), (problem: unknown) => setState({ data: null, problem }));
  }, [key]);
  return state;
}
