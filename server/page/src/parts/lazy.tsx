// A part of a view that comes when it is needed, with its own words. What does not arrive is asked for again once the server
// is back.
import { type ComponentChild, type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { returned } from "../api/presence";
import { language, loadWords } from "../words/say";

// `words`: catalogues of the view's `later`. `wait`: what stands there meanwhile.
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, words: readonly string[], wait: ComponentChild = null): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  const spoken = new Set<string>(); // languages whose words are here
  return function Lazy(props: P) {
    const [, drawn] = useState(0);
    const tongue = language.use(), back = returned.use();
    const ready = known !== null && spoken.has(tongue);
    useEffect(() => {
      if (ready) return;
      let wanted = true;
      Promise.all([load(), ...words.map((name) => loadWords(name, tongue))]).then(([part]) => {
        known = part;
        spoken.add(tongue);
        if (wanted) drawn((n) => n + 1);
      }, () => {});
      return () => void (wanted = false);
    }, [ready, tongue, back]);
    return ready ? h(known!, props) : wait;
  };
}
