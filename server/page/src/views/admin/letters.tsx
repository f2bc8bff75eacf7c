// Letters that did not leave, and why; each is tried again from here. Those under way and those that left, too.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, postBare, type Problem, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Answered, Empty } from "../../parts/states";
import { caseAddress, profileAddress, Way } from "../../parts/way";
import { go, withQuery } from "../../shell/place";
import { Moment } from "../../words/dates";
import { CaseTerm } from "../../words/names";
import { number, say } from "../../words/say";
import type { SectionProps } from "../../parts/administration";
import { type Directory, nameOf, useDirectory } from "../../api/directory";

type Letter = Schemas["Letter"];
type State = Letter["state"];

const PAGE = 25;
const STATES: readonly { state: State | ""; word: string }[] = [
  { state: "refused", word: "admin.letters_refused" }, { state: "queued", word: "admin.letters_queued" },
  { state: "sent", word: "admin.letters_sent" }, { state: "", word: "admin.letters_all" },
];

// What a letter is about, as its case has it; a case that this reader does not see keeps its number.
function useSubjects(letters: readonly Letter[]): Record<string, string> {
  const ids = [...new Set(letters.map((letter) => letter.case))].sort();
  const { data } = useAnswer<Record<string, string>>(ids.length ? "subjects " + ids.join(" ") : null, async (signal) => {
    const found = await Promise.all(ids.map((id) =>
      get("/v1/cases/{id}", { path: { id }, signal }).then(({ data }) => [id, data.subject] as const, () => [id, ""] as const)));
    return { data: Object.fromEntries(found), etag: null, when: Date.now() };
  });
  return data ?? {};
}

function Reader({ letter, directory }: { letter: Letter; directory: Directory | null }) {
  if (letter.profile) return <Way href={profileAddress(letter.profile)}>{say("admin.to_owner")}</Way>;
  return (
    <>
      {letter.desk && <bdi>{nameOf(directory?.desks, letter.desk)}</bdi>}{letter.desk && letter.office && " · "}
      {letter.office && <a href={"/admin/offices?office=" + encodeURIComponent(letter.office)}><bdi>{nameOf(directory?.offices, letter.office)}</bdi></a>}
    </>
  );
}

function Row({ letter, subject, directory, onAgain }: { letter: Letter; subject: string; directory: Directory | null; onAgain(letter: Letter): Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const about = (letter.arguments ?? {}) as { kind?: string; state?: string };
  const again = async () => {
    setBusy(true);
    await onAgain(letter);
    setBusy(false);
  };
  return (
    <li>
      <div class="stack-s">
        <h3><Way href={caseAddress(letter.case)}>{subject || <bdi>{letter.case}</bdi>}</Way></h3>
        <p class="m quiet">
          {about.kind && <CaseTerm list="case.kind" code={about.kind} />}{about.kind && about.state && <> · <CaseTerm list={about.kind + ".state"} code={about.state} /></>}
          {about.kind && " · "}{say("admin.to")} <Reader letter={letter} directory={directory} />
        </p>
        {letter.words && <p class="m unmet"><span dir="auto">{letter.words}</span></p>}
        <p class="small quiet">
          <Moment when={letter.state_since ?? letter.at} />{letter.tries !== undefined && letter.tries > 0 && <> · {say("admin.tries", { n: letter.tries })}</>}
          {letter.state === "queued" && letter.next_try && <> · {say("column.next_try")} <Moment when={letter.next_try} /></>}
        </p>
      </div>
      {letter.state === "refused" && (
        <button type="button" class="button small" aria-busy={busy} onClick={() => void again()}>{say("admin.try_again")}<span class="hidden">: {subject || letter.case} {number(letter.number)}</span></button>
      )}
    </li>
  );
}

export function Letters({ place }: SectionProps) {
  const state = (place.query.get("state") ?? "refused") as State | "all";
  const office = place.query.get("office") ?? "", after = Number(place.query.get("after")) || 0;
  const shown = useAnswer(`letters ${state} ${office} ${after}`, (signal) =>
    get("/v1/outbox", { query: { ...(state !== "all" && { state }), ...(office && { office }), after, limit: PAGE }, signal }));
  const directory = useDirectory().data;
  const letters = shown.data?.letters ?? [];
  const subjects = useSubjects(letters);
  const retry = (letter: Letter) => postBare("/v1/outbox/{number}:retry", { path: { number: String(letter.number) } });
  const said = (problem: Problem) => announce([problem.detail, problem.remedy].filter(Boolean).join(" – "));
  const one = async (letter: Letter) => {
    await retry(letter).then(() => announce(say("admin.queued_again", { n: 1 })), said);
    shown.again();
  };
  const all = async () => {
    let done = 0;
    for (const letter of letters) {
      if (letter.state !== "refused") continue;
      try {
        await retry(letter);
        ++done;
      } catch (problem) {
        said(problem as Problem);
        break;
      }
    }
    if (done) announce(say("admin.queued_again", { n: done }));
    shown.again();
  };
  return (
    <div class="stack">
      <div class="row noprint">
        {STATES.map((row) => {
          const wanted = row.state || "all", on = wanted === state;
          return <a key={wanted} class={on ? "chip on" : "chip"} aria-current={on ? "true" : undefined} href={withQuery({ state: wanted === "refused" ? null : wanted, after: null })}>{say(row.word)}</a>;
        })}
        <select class="input" aria-label={say("column.office")} value={office} onChange={(event) => go(withQuery({ office: event.currentTarget.value, after: null }))}>
          <option value="">{say("admin.all_offices")}</option>
          {directory?.offices.map((row) => <option key={row.id} value={row.id}>{row.name}</option>)}
        </select>
      </div>
      <Answered shown={shown}>
        {(page) => page.letters.length === 0 ? (
          <Empty title={say(state === "refused" ? "admin.all_left" : "admin.no_letter")}>{after > 0 && <p><a href={withQuery({ after: null })}>{say("admin.from_first")}</a></p>}</Empty>
        ) : (
          <section class="card flush">
            <header class="row apart">
              <h2>{say("admin.letters")}</h2>
              {state === "refused" && <button type="button" class="button small" onClick={() => void all()}>{say("admin.try_all")}</button>}
            </header>
            <ul class="rows acts">{page.letters.map((letter) => <Row key={letter.number} letter={letter} subject={subjects[letter.case] ?? ""} directory={directory} onAgain={one} />)}</ul>
          </section>
        )}
      </Answered>
      {(after > 0 || shown.data?.more) && (
        <nav class="row apart" aria-label={say("part.pages")}>
          {after > 0 ? <a class="button" href={withQuery({ after: null })}>{say("admin.from_first")}</a> : <span />}
          {shown.data?.more && <a class="button" rel="next" href={withQuery({ after: String(shown.data.after) })}>{say("part.after")}</a>}
        </nav>
      )}
      <p class="small quiet">{say("admin.letters_how")}</p>
    </div>
  );
}
