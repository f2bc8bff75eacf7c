// Facts, each with its name. What is not stated is said to be, where a reader would look for it; else it is left out.
import type { ComponentChildren } from "preact";
import { say } from "../words/say";

export interface Fact {
  name: string;
  value: ComponentChildren; // null, undefined or "": not stated
  wanted?: boolean; // shown as not stated
}

export function Facts({ facts }: { facts: Fact[] }) {
  const stated = (fact: Fact) => fact.value !== undefined && fact.value !== null && fact.value !== "";
  return (
    <dl class="facts">
      {facts.filter((fact) => fact.wanted || stated(fact)).map((fact) => (
        <div class="fact" key={fact.name}>
          <dt>{fact.name}</dt>
          <dd class={stated(fact) ? undefined : "quiet"}>{stated(fact) ? fact.value : say("term.not_stated")}</dd>
        </div>
      ))}
    </dl>
  );
}
