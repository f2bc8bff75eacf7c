// Opens a case: an expression of interest from a match, or what else one profile asks of another, or of a programme.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, post, type Problem } from "../../api/client";
import { announce } from "../../parts/announce";
import { Field } from "../../parts/field";
import { useDraft } from "../../kept";
import { Empty, Trouble } from "../../parts/states";
import { caseAddress, pairAddress, profileAddress, Way } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { go, withQuery } from "../../shell/place";
import { Country } from "../../words/names";
import { say, sayWith } from "../../words/say";
import type { ViewProps } from "../../views";
import { ActsAs, useActing } from "../case/acting";
import { FactField, factsOf, Text } from "../case/fields";
import { type Case, factAt, type Facts, type Say, titleOf, useWords } from "../case/model";
import { WillHappen } from "../case/will_happen";

interface Opening {
  verb: string;
  two: boolean; // with a second profile; else with a programme
  says: Say[];
}
const may = (...facts: string[]): Say[] => facts.map((fact) => ({ fact, required: false }));
// What is opened by hand, and what is asked then. The others follow from a case, or stand beside a profile.
const OPENINGS: Record<string, Opening> = {
  interest: { verb: "send", two: true, says: [{ fact: "cooperation", required: true }, ...may("missing", "about_us", "found")] },
  contribution: { verb: "offer", two: true, says: may("amount", "currency", "staff_hours", "know_how", "duration_months") },
  membership: { verb: "apply", two: false, says: [] },
  application: { verb: "submit", two: false, says: [] },
  coaching: { verb: "apply", two: false, says: [] },
  request: { verb: "endorse", two: false, says: [] },
  nomination: { verb: "nominate", two: false, says: may("about_us") },
};

interface Written {
  facts: Facts;
  note: string;
  key: string; // so that what is sent twice is opened once
}
const newKey = () => crypto.randomUUID?.() ?? String(Date.now()) + String(Math.random()).slice(2);

function useProfile(id: string) {
  const shown = useAnswer(id ? "profile " + id : null, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  return { profile: shown.data && shown.data.id === id ? shown.data : null, gone: shown.problem };
}

function Party({ word, id, title, country }: { word: string; id: string; title?: string; country?: string }) {
  return (
    <div class="stack-s">
      <p class="small quiet">{word}</p>
      <h2><Way href={profileAddress(id)}><bdi>{title || id}</bdi></Way></h2>
      {country && <p class="m"><Country code={country} /></p>}
    </div>
  );
}

export default function CaseNew({ place }: ViewProps) {
  const kind = place.query.get("kind") ?? "interest", opening = OPENINGS[kind];
  const from = place.query.get("from") ?? "", to = opening?.two ? (place.query.get("to") ?? "") : "";
  const programme = place.query.get("programme") ?? "open";
  const acting = useActing(place);
  const words = useWords();
  const one = useProfile(from), other = useProfile(to);
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const [written, setWritten, drop] = useDraft<Written>(`/cases/new ${kind} ${from} ${to} ${programme}`,
    { facts: place.query.has("found") ? { found: place.query.get("found") } : {}, note: "", key: newKey() });
  const [preview, setPreview] = useState<Case | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const name = words.kind(kind);
  useTitle(say("casework.new", { kind: name }));

  if (!opening || !from || (opening.two && !to))
    return (
      <Empty title={say("casework.new_nothing")}>
        <h1 class="hidden">{say("casework.new", { kind: name })}</h1>
        <p>{say("casework.new_how")}</p>
        <div class="row middle"><a class="button main" href="/search">{say("term.search")}</a></div>
      </Empty>
    );
  if (one.gone?.trouble === "gone" || other.gone?.trouble === "gone")
    return <><h1 class="hidden">{say("casework.new", { kind: name })}</h1><Trouble problem={(one.gone ?? other.gone)!} /></>;

  const write = (next: Partial<Written>) => {
    setPreview(null);
    setProblem(null);
    setWritten({ ...written, ...next });
  };
  const call = (seen: boolean) => {
    const facts = factsOf(written.facts, opening.says.map((one) => one.fact));
    const body = { kind, from, ...(to && { to }), programme, verb: opening.verb,
      ...(Object.keys(facts).length > 0 && { facts }), ...(written.note.trim() && { note: written.note }) };
    return post("/v1/cases", body as never, { query: { ...acting.query, ...(seen && { preview: true }) }, headers: seen ? {} : { "Idempotency-Key": written.key } });
  };
  async function send(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const answer = (await call(!preview)).data as unknown as Case;
      if (!preview) return setPreview(answer);
      drop();
      announce(say("casework.sent_as", { id: answer.id }));
      go(caseAddress(answer.id), { replace: true });
    } catch (error) {
      setPreview(null);
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  }

  const at = problem?.member ? factAt(problem.member) : "";
  const wrongAt = (fact: string) => (problem && at === fact ? [problem.detail, problem.remedy].filter(Boolean).join(" – ") : undefined);
  const theirs = problem?.body.theirs as Case | undefined;
  const item = { kind, from: { profile: from, office: "", title: one.profile?.title }, to: { profile: to, office: "", title: other.profile?.title } };
  const names = { one: <bdi>{titleOf(item.from)}</bdi>, other: <bdi>{titleOf(item.to)}</bdi> };
  return (
    <>
      <header class="stack-s">
        <h1>{opening.two ? (kind === "interest" ? sayWith("casework.asks_to_meet", names) : <>{names.one} – {names.other}: {name}</>) : <>{names.one} – {name}</>}</h1>
        {opening.two && <p class="m"><a href={pairAddress(from, to, programme)}>{say("casework.side_by_side")}</a></p>}
      </header>
      <div class="two">
        <div class="card"><Party word={say("casework.asking_side")} id={from} title={one.profile?.title} country={one.profile?.country} /></div>
        {opening.two && <div class="card"><Party word={say("casework.answering_side")} id={to} title={other.profile?.title} country={other.profile?.country} /></div>}
      </div>
      <form class="card stack measure" onSubmit={send}>
        <ActsAs acting={acting} />
        <Field label={say("column.programme")}>
          {(attributes) => (
            <select {...attributes} value={programme} onChange={(event) => go(withQuery({ programme: event.currentTarget.value === "open" ? null : event.currentTarget.value }), { replace: true })}>
              {(programmes.length ? programmes : [{ slug: programme, name: programme }]).map((each) => <option key={each.slug} value={each.slug}>{each.name}</option>)}
            </select>
          )}
        </Field>
        {opening.says.map((each) => (
          <FactField key={each.fact} {...each} item={item} verb={opening.verb} acting={acting} value={written.facts[each.fact]} error={wrongAt(each.fact)}
            change={(value) => write({ facts: { ...written.facts, [each.fact]: value } })} />
        ))}
        <Text fact="note" required={false} value={written.note} label={say("column.note")} hint={say("casework.note_hint")} error={wrongAt("note")} change={(note) => write({ note: String(note) })} />
        {problem && <Trouble problem={problem} />}
        {theirs?.id && <p class="notice warn"><span>{say("casework.already_open")}</span><a class="button" href={caseAddress(theirs.id)}>{say("casework.look_at_it")}</a></p>}
        {preview && <div class="notice" role="status"><WillHappen now={null} then={preview} directory={acting.directory} /></div>}
        <div class="row">
          <button type="submit" class="button main" aria-disabled={busy}>{preview ? say("casework.send", { act: words.act(kind, opening.verb) }) : say("casework.go_on")}</button>
          {preview && <button type="button" class="button" onClick={() => setPreview(null)}>{say("casework.change_it")}</button>}
        </div>
      </form>
    </>
  );
}
