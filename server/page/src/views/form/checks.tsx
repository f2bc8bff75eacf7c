// Beside the form: how complete it is and what to add, who would see it, who it may be already.
import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, type Schemas } from "../../api/client";
import { profileAddress } from "../../parts/way";
import { say } from "../../words/say";
import { FieldLink } from "./field_link";
import type { Json } from "./members";

type Advice = Schemas["AdviceAnswer"];
type Reach = Schemas["Reach"];
const FIRST = 5; // what helps most is shown at once

export function Completeness({ advice }: { advice: Advice }) {
  const percent = Math.round(advice.completeness * 100);
  const item = (one: Advice["advice"][number]) => <li key={one.member} class="open"><span><FieldLink member={one.member}><span dir="auto">{one.add}</span></FieldLink></span></li>;
  const first = advice.advice.slice(0, FIRST), rest = advice.advice.slice(FIRST);
  return (
    <section class="card stack-s">
      <h2>{say("term.how_complete")}</h2>
      <p class="m" aria-live="polite"><strong>{say("form.percent", { n: percent })}</strong></p>
      <progress max={100} value={percent} aria-label={say("term.how_complete")} />
      <ul class="m stack-s">{first.map(item)}</ul>
      {rest.length > 0 && <details><summary>{say("form.more_to_add", { n: rest.length })}</summary><ul class="m stack-s">{rest.map(item)}</ul></details>}
      {advice.inferred_sectors && advice.inferred_sectors.length > 0 && (
        <p class="small quiet">{say("form.looks_like_sectors")} <span dir="auto">{advice.inferred_sectors.map((one) => one.title).join(" · ")}</span></p>
      )}
    </section>
  );
}

export function WhoWouldSee({ reach }: { reach: Reach }) {
  return (
    <section class="card stack-s">
      <h2>{say("form.who_would_see")}</h2>
      <p class="m" aria-live="polite">
        {reach.now == null ? say("form.reach_few", { below: reach.below }) : <strong>{say("form.reach", { n: reach.now })}</strong>}
      </p>
      {reach.facts.length > 0 && (
        <ul class="m stack-s">
          {reach.facts.map((fact) => (
            <li key={fact.add} class="open"><span><FieldLink member={fact.member}><span dir="auto">{fact.add}</span></FieldLink> <strong>{say("form.reach_more", { n: fact.more })}</strong></span></li>
          ))}
        </ul>
      )}
      <p class="small quiet">{say("form.reach_rounded", { step: reach.rounded_to })}</p>
    </section>
  );
}

const PAUSE = 900; // ms

// A profile of this name may be there already.
export function Alike({ profile, own }: { profile: Json; own?: string }) {
  const [title, setTitle] = useState("");
  const written = typeof profile.title === "string" ? profile.title.trim() : "";
  useEffect(() => {
    const timer = setTimeout(() => setTitle(written), PAUSE);
    return () => clearTimeout(timer);
  }, [written]);
  const asked = title.length > 2 ? title : null;
  const { data, stale } = useAnswer(asked && "named " + asked, (signal) => get("/v1/profiles", { query: { q: asked!, limit: 3 }, signal }));
  const named = asked && !stale ? (data?.profiles ?? []).filter((one) => one.found_by === "name" && one.id !== own) : [];
  if (!named.length) return null;
  return (
    <section class="notice warn">
      <div class="stack-s">
        <p>{say("form.alike")}</p>
        <ul class="m">{named.map((one) => <li key={one.id}><a href={profileAddress(one.id)}><bdi>{one.title}</bdi></a></li>)}</ul>
        <p class="small">{say("form.alike_how")}</p>
      </div>
    </section>
  );
}
