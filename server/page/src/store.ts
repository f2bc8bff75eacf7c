// A value that parts of the page watch: the place, the session, whether the server answers.
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  watch(listener: () => void): () => void;
  use(): T;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const watch = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    watch,
    use() {
      const [seen, see] = useState(value);
      useEffect(() => {
        see(value); // it may have changed between the drawing and now
        return watch(() => see(value));
      }, []);
      return seen;
    },
  };
}
