// What narrows a list: folded on a phone so that the answers come first, open beside them where there is room.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../words/say";

const WIDE = "(min-width: 62rem)";

export function Facets({ title, inForce, children }: { title: string; inForce: number; children: ComponentChildren }) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const wide = matchMedia(WIDE);
    const follow = () => { if (box.current) box.current.open = wide.matches; };
    follow();
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  return (
    <details class="facets card" ref={box}>
      <summary>{inForce ? say("part.facets", { title, n: inForce }) : title}</summary>
      <div class="stack">{children}</div>
    </details>
  );
}
