// A case as it stood when the suitcase was packed: its clock, what was said, what may be done, and what is written to be done.
import { Clock } from "../parts/clock";
import { Quote } from "../parts/text";
import { Facts } from "../parts/facts";
import { Country } from "../words/names";
import { say, sayWith } from "../words/say";
import { Desk, isMine, officeName } from "../views/case/acting";
import type { Draft } from "../views/case/draft";
import { isBegun, NOTHING } from "../views/case/draft";
import { Stated } from "../views/case/facts";
import { FactField, Text } from "../views/case/fields";
import { Events } from "../views/case/history";
import { type Act, type Case, isBetweenTwo, tasksOf, titleOf, useWords } from "../views/case/model";
import { bodyOf, sorted } from "../views/case/said";
import { announce } from "../parts/announce";
import { pairAddress, profileAddress, Way } from "./inside/way";
import { taken, takeOut, useDraft, write, writtenFor } from "./state";

const KEY: Record<string, string> = { introduction: "release" };

function Standing({ item }: { item: Case }) {
  const { directory, desk } = taken.get()!;
  const words = useWords();
  return (
    <section class="notice" aria-label={say("casework.standing")}>
      <div class="stack-s grow">
        <p><strong>{words.state(item.kind, item.state)}</strong></p>
        {tasksOf(item).map((task) => (
          <div class="stack-s" key={task.side}>
            {task.due && <Clock due={task.due} since={task.since} />}
            {task.owner && <p>{task.owner.desk === desk ? <strong>{say("casework.with_you")}</strong> : sayWith("casework.with", { whom: <Desk of={task.owner} directory={directory} /> })}</p>}
            {task.why_due && <p class="m" dir="auto">{task.why_due.text}</p>}
          </div>
        ))}
      </div>
    </section>
  );
}

function Keys({ item }: { item: Case }) {
  const verb = KEY[item.kind];
  const { directory } = taken.get()!;
  if (!verb) return null;
  return (
    <section class="card stack-s" aria-labelledby="keys">
      <h2 id="keys">{say("term.two_keys")}</h2>
      <p class="m quiet">{say(item.released ? "casework.keys_turned" : "casework.keys_why")}</p>
      <ul class="m stack-s">
        {([["asking", item.from.office], ["answering", item.to.office]] as const).map(([side, office]) => {
          const turned = (item.timeline ?? []).some((event) => event.verb === verb && event.side === side);
          return <li key={side} class={turned ? "met" : "open"}><bdi>{officeName(directory, office)}</bdi></li>;
        })}
      </ul>
      {item.contacts?.map((one) => (
        <Facts key={one.profile} facts={Object.entries(one.contact).map(([name, value]) => ({ name, value: <bdi>{value}</bdi> }))} />
      ))}
    </section>
  );
}

function ActForm({ item }: { item: Case }) {
  const inside = taken.get()!;
  const words = useWords();
  const [draft, setDraft] = useDraft<Draft>("/cases/" + item.id, NOTHING);
  const before = writtenFor("act", item.id);
  const acting = { me: null, directory: inside.directory, desk: inside.desk, office: inside.office, query: {} };
  const { first, more } = sorted(item, isMine(item, acting));
  const act = [...first, ...more].find((one) => one.verb === draft.verb);
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  if (!inside.desk) return <p class="notice"><span>{say("casework.no_desk")}</span></p>;
  function keep(event: Event) {
    event.preventDefault();
    if (!act) return;
    write({ does: "act", subject: item.id, verb: act.verb, if_match: `"${item.version}"`, body: bodyOf(draft, act) as Record<string, unknown> });
    setDraft(null);
    announce(say("taken.put_into_outbox"));
  }
  const choices = (acts: Act[]) => acts.map((one) => (
    <label class="check" key={one.verb}>
      <input type="radio" name="act" value={one.verb} checked={draft.verb === one.verb} onChange={() => change({ verb: one.verb })} /> {words.act(item.kind, one.verb)}
    </label>
  ));
  const asked = (one: Act) => one.says.filter((each) => each.fact !== "note");
  return (
    <section class="card stack" aria-labelledby="next">
      <h2 id="next">{say("casework.what_may_be_done")}</h2>
      {before && (
        <p class="notice good"><span>{sayWith("taken.will_be_done", { act: <strong>{words.act(item.kind, before.verb)}</strong> })}</span>
          <button type="button" class="button small" onClick={() => takeOut(before.operation)}>{say("taken.take_out")}</button></p>
      )}
      <form class="stack" onSubmit={keep}>
        <fieldset class="stack-s">
          <legend>{say("casework.what_happens")}</legend>
          {choices(first)}
          {more.length > 0 && <details open={first.length === 0 || more.includes(act!)}><summary>{say("casework.more_acts")}</summary>{choices(more)}</details>}
        </fieldset>
        {act && (
          <>
            {asked(act).map((one) => (
              <FactField key={act.verb + one.fact} {...one} item={item} verb={act.verb} acting={acting} value={draft.facts[one.fact]}
                change={(value) => change({ facts: { ...draft.facts, [one.fact]: value } })} />
            ))}
            <Text fact="note" required={act.says.some((one) => one.fact === "note" && one.required)} value={draft.note} label={say("column.note")}
              hint={say("casework.note_hint")} change={(note) => change({ note: String(note) })} />
          </>
        )}
        <div class="row">
          <button type="submit" class="button main" aria-disabled={!act}>{say("taken.into_outbox")}</button>
          {(isBegun(draft) || draft.verb) && <button type="button" class="button bare" onClick={() => setDraft(null)}>{say("casework.drop_it")}</button>}
        </div>
      </form>
    </section>
  );
}

export function CaseView({ id }: { id: string }) {
  const { cases, profiles, directory } = taken.get()!;
  const words = useWords();
  const item = cases[id];
  if (!item) return <h1>{say("taken.not_here")}</h1>;
  const two = isBetweenTwo(item);
  const party = (one: Case["from"]) => <Way href={profiles[one.profile] ? profileAddress(one.profile) : ""}><bdi>{titleOf(one)}</bdi></Way>;
  const facts = { ...item.answers, ...(item.found && { found: item.found }) };
  const first = item.timeline?.[0]?.note;
  const pair = two && profiles[item.from.profile] && profiles[item.to.profile];
  return (
    <>
      <p class="m">{words.kind(item.kind)} <span class="id quiet">{id}</span></p>
      <h1>{two ? (item.kind === "interest" ? sayWith("casework.asks_to_meet", { one: party(item.from), other: party(item.to) }) : <>{party(item.from)} – {party(item.to)}</>) : party(item.from)}</h1>
      <p class="m quiet">{item.from.country && <Country code={item.from.country} />}{two && item.to.country && <> – <Country code={item.to.country} /></>}</p>
      <div class="cols side-end">
        <div class="stack">
          <Standing item={item} />
          {(Object.keys(facts).length > 0 || first) && (
            <section class="card stack" aria-labelledby="said">
              <h2 id="said">{say("casework.what_they_wrote")}</h2>
              <Stated facts={facts} />
              {first && <Quote text={first} />}
              {pair && <p class="m"><a href={pairAddress(item.from.profile, item.to.profile)}>{say("casework.side_by_side")}</a></p>}
            </section>
          )}
          {(item.acts ?? []).length > 0 && <ActForm item={item} />}
        </div>
        <div class="stack">
          <Keys item={item} />
          <section class="card stack" aria-labelledby="history">
            <h2 id="history">{say("casework.history")}</h2>
            <Events item={item} events={item.timeline ?? []} directory={directory} />
          </section>
        </div>
      </div>
    </>
  );
}
