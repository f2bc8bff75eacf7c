// What a programme lacks most, and whose profiles keep its rules and are not in it.
import { Received } from "../../parts/received";
import { profileAddress } from "../../parts/way";
import { Country } from "../../words/names";
import { say } from "../../words/say";
import type { CoverageData } from "./coverage";

const FIRST = 5; // the rest is folded

function Gap({ gap }: { gap: CoverageData["gaps"][number] }) {
  return (
    <li class="stack-s">
      <p><strong dir="auto">{gap.title}</strong>: {say("programme.wanting", { n: gap.missing })} {gap.could_join > 0 ? say("programme.could_join", { n: gap.could_join }) : say("programme.nobody_could")}</p>
      {gap.fillers.length > 0 && (
        <ul class="plain">
          {gap.fillers.map((one) => <li key={one.id}><a href={profileAddress(one.id)}><bdi>{one.title}</bdi></a> · <Country code={one.country} /><Received from={one.received_from} /></li>)}
        </ul>
      )}
    </li>
  );
}

export function Gaps({ data }: { data: CoverageData }) {
  const gaps = data.gaps, rest = gaps.slice(FIRST);
  const list = (some: typeof gaps) => <ul class="m stack">{some.map((gap) => <Gap key={gap.dimension + gap.key} gap={gap} />)}</ul>;
  return (
    <aside class="card stack-s" aria-label={say("programme.fill")}>
      <h2>{say("programme.fill")}</h2>
      {gaps.length === 0 ? <p class="m">{say("programme.no_gaps")}</p> : (
        <>
          <p class="m quiet">{say("programme.fill_how")}</p>
          {list(gaps.slice(0, FIRST))}
          {rest.length > 0 && <details><summary>{say("programme.more_gaps", { n: rest.length })}</summary>{list(rest)}</details>}
        </>
      )}
    </aside>
  );
}
