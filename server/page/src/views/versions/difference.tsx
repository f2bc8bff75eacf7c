// What differs between two versions, member by member: words taken out, words put in.
import type { ComponentChildren } from "preact";
import type { Schemas } from "../../api/client";
import { say } from "../../words/say";
import { memberName, useWordOf } from "./members";

type Difference = Schemas["Difference"];
type Part = Difference["parts"][number];

function Changed({ part, text }: { part: Part; text: string }) {
  if (part.change === "added") return <ins><span class="hidden">{say("version.put_in")} </span>{text}</ins>;
  if (part.change === "removed") return <del><span class="hidden">{say("version.taken_out")} </span>{text}</del>;
  return <>{text}</>;
}

export function Difference({ of, lang, children }: { of: Difference; lang?: string; children?: ComponentChildren }) {
  const word = useWordOf();
  return (
    <section class="card stack-s">
      <h3>{memberName(of.member)}</h3>
      {of.of === "entries"
        ? <ul class="row">{of.parts.map((part, i) => <li key={i}><Changed part={part} text={word(of.member, part.text)} /></li>)}</ul>
        : <p class="quote" dir="auto" lang={lang}>{of.parts.map((part, i) => <Changed key={i} part={part} text={of.parts.length > 2 ? part.text : word(of.member, part.text)} />)}</p>}
      {children}
    </section>
  );
}
