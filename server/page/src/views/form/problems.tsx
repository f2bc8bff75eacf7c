// What must be mended, all in one place, each with the way to its field. It takes the focus when it comes.
import { useEffect, useRef } from "preact/hooks";
import { say } from "../../words/say";
import type { Fault } from "./faults";
import { FieldLink } from "./field_link";
import { fieldOf } from "./fields";
import { type Mark, revealed } from "./reveals";

// `turn` counts how often it was tried to go on.
export function Problems({ faults, marks, turn }: { faults: Fault[]; marks: Mark[]; turn: number }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), [turn]);
  const named = (member: string) => {
    const row = fieldOf(member);
    return row ? say(row.label) : "";
  };
  return (
    <section class="problems stack-s" role="alert" aria-labelledby="problems" tabIndex={-1} ref={box}>
      <h2 id="problems">{say("form.to_mend", { n: faults.length + marks.length })}</h2>
      <ul class="plain stack-s">
        {faults.map(({ member, text }, i) => <li key={i}><FieldLink member={member}><bdi>{named(member)}</bdi>: <span dir="auto">{text}</span></FieldLink></li>)}
        {marks.map((mark) => (
          <li key={mark.member + mark.from}><FieldLink member={mark.member}><bdi>{named(mark.member)}</bdi>: {say("form.take_out", { what: revealed(mark.kind) })}</FieldLink></li>
        ))}
      </ul>
    </section>
  );
}
