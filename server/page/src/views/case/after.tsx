// What follows an act: who was written to, what was opened, the condition that says the same as a refusal, whom to ask instead.
import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Problem, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Fit } from "../../parts/fit";
import { Trouble } from "../../parts/states";
import { caseAddress, newCaseAddress, pairAddress } from "../../parts/way";
import { Country } from "../../words/names";
import { say } from "../../words/say";
import type { Acting } from "./acting";
import { type Case, useWords } from "./model";
import { Readers } from "./will_happen";

type Offer = NonNullable<Schemas["Case"]["condition_offer"]>;

function ConditionOffer({ offer, acting }: { offer: Offer; acting: Acting }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState(true);
  if (!open) return null;
  const state = async () => {
    try {
      await post("/v1/profiles/{id}:state-condition", { member: offer.member, value: offer.value } as never,
        { path: { id: offer.profile }, query: acting.query, headers: { "If-Match": `"${offer.version}"` } });
      announce(say("casework.condition_stated"));
      setOpen(false);
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  return (
    <div class="stack-s">
      <p class="m" dir="auto">{offer.text}</p>
      <p class="small quiet">{say("casework.condition_why")} <span class="id">{offer.member}: {JSON.stringify(offer.value)}</span></p>
      {problem && <Trouble problem={problem} />}
      <div class="row">
        <button type="button" class="button" onClick={() => void state()}>{say("casework.state_condition")}</button>
        <button type="button" class="button bare" onClick={() => setOpen(false)}>{say("part.not_now")}</button>
      </div>
    </div>
  );
}

export function After({ done, verb, acting }: { done: Case; verb: string; acting: Acting }) {
  const words = useWords();
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), [done]);
  return (
    <section class="notice good" ref={box} tabIndex={-1} aria-label={say("casework.done", { act: words.act(done.kind, verb) })}>
      <div class="stack-s">
        <p><strong>{say("casework.done", { act: words.act(done.kind, verb) })}</strong></p>
        <Readers letters={done.letters ?? []} directory={acting.directory} />
        {done.others?.map((id) => <p class="m" key={id}><a href={caseAddress(id)}>{say("casework.opened_case")} <span class="id">{id}</span></a></p>)}
        {done.condition_offer && <ConditionOffer offer={done.condition_offer} acting={acting} />}
      </div>
    </section>
  );
}

export function Instead({ item }: { item: Case }) {
  const { instead } = item;
  if (!instead?.counterparts.length) return null;
  return (
    <section class="card stack" aria-labelledby="instead">
      <h2 id="instead">{say("casework.instead")}</h2>
      <p class="m" dir="auto">{instead.text}</p>
      <ul class="rows acts">
        {instead.counterparts.map((one) => (
          <li key={one.id}>
            <div class="stack-s">
              <h3><a href={pairAddress(item.from.profile, one.id, item.programme)}><bdi>{one.title}</bdi></a></h3>
              <p class="m"><Country code={one.country} /> <Fit band={one.band} /></p>
            </div>
            <a class="button small" href={newCaseAddress("interest", item.from.profile, one.id, item.programme)}>{say("term.ask_for_an_introduction")}<span class="hidden">: {one.title}</span></a>
          </li>
        ))}
      </ul>
    </section>
  );
}
