// The acts that are possible, as one form: what happened, the facts that it asks for, and before it goes, who is written to.
import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Problem } from "../../api/client";
import { readKept } from "../../kept";
import { Trouble } from "../../parts/states";
import { clockText } from "../../words/dates";
import { say } from "../../words/say";
import { ActsAs, type Acting, isMine } from "./acting";
import { type Draft, isBegun } from "./draft";
import { FactField, Text } from "./fields";
import { Meanwhile } from "./meanwhile";
import { type Act, type Case, factAt, useWords } from "./model";
import { bodyOf, sorted } from "./said";
import { WillHappen } from "./will_happen";

interface Props {
  item: Case;
  acting: Acting;
  writing: { draft: Draft; change(next: Partial<Draft>): void; forget(): void };
  onDone(done: Case, act: Act): void;
  onNewer(theirs: Case): void;
  onLeave?(): void;
}

// A tier of membership has a fee and a term, which stand unless others are said.
const askedBy = (act: Act) => {
  const asked = act.says.filter((one) => one.fact !== "note");
  const tier = asked.some((one) => one.fact === "tier");
  return asked.map((one) => (tier && one.fact !== "tier" ? { ...one, required: false } : one));
};

function Acts({ item, acts, draft, change }: { item: Case; acts: Act[]; draft: Draft; change(next: Partial<Draft>): void }) {
  const words = useWords();
  return (
    <>
      {acts.map((act) => (
        <label class="check" key={act.verb}>
          <input type="radio" name="act" value={act.verb} checked={draft.verb === act.verb} onChange={() => change({ verb: act.verb })} />
          {words.act(item.kind, act.verb)}
        </label>
      ))}
    </>
  );
}

export function ActForm({ item, acting, writing, onDone, onNewer, onLeave }: Props) {
  const { draft, change, forget } = writing;
  const [preview, setPreview] = useState<Case | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const words = useWords();
  const { first, more } = sorted(item, acting.office ? isMine(item, acting) : null);
  const act = item.acts?.find((one) => one.verb === draft.verb) ?? null;
  const write = (next: Partial<Draft>) => {
    setPreview(null);
    setProblem(null);
    change({ seen: draft.seen || item.version, ...next });
    setKept(Date.now());
  };
  useEffect(() => { if (preview) box.current?.focus(); }, [preview]);

  const call = (seen: boolean) =>
    post("/v1/cases/{id}:{verb}", bodyOf(draft, act!) as never, {
      path: { id: item.id, verb: act!.verb },
      query: { ...acting.query, ...(seen && { preview: true }) },
      headers: { "If-Match": `"${draft.seen || item.version}"` },
    });
  async function send(event: Event) {
    event.preventDefault();
    if (!act || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      let answer = (preview ?? (await call(true)).data) as Case;
      // What writes to nobody and moves nothing needs no second look.
      const needsLook = !preview && (answer.letters?.length || answer.state !== item.state);
      if (needsLook) return setPreview(answer);
      answer = (await call(false)).data as Case;
      setPreview(null);
      forget();
      onDone(answer, act);
    } catch (error) {
      const wrong = error as Problem, theirs = wrong.body?.theirs as Case | undefined;
      setPreview(null);
      if (theirs?.version && theirs.version > item.version) onNewer(theirs);
      if (!(wrong.trouble === "overtaken" && theirs)) setProblem(wrong);
    } finally {
      setBusy(false);
    }
  }

  const overtaken = draft.seen > 0 && draft.seen < item.version && isBegun(draft);
  const meanwhile = overtaken && (
    <Meanwhile item={item} draft={draft} act={act} directory={acting.directory} onSeen={() => { setProblem(null); change({ seen: item.version }); }} />
  );
  // Nothing can be done any more; what was written can still be taken from here.
  if (!item.acts?.length) return meanwhile ? <div class="stack">{meanwhile}<p><button type="button" class="button bare" onClick={forget}>{say("casework.drop_it")}</button></p></div> : null;
  if (acting.me?.role === "officer" && !acting.desk) return <p class="notice"><span>{say("casework.no_desk")}</span></p>;
  const at = problem?.member ? factAt(problem.member) : "";
  const asked = act ? askedBy(act) : [];
  const atField = asked.some((one) => one.fact === at) || at === "note";
  const mustNote = act?.says.some((one) => one.fact === "note" && one.required) ?? false;
  const wrongAt = (fact: string) => (problem && at === fact ? [problem.detail, problem.remedy].filter(Boolean).join(" – ") : undefined);
  return (
    <form class="stack" id="act" onSubmit={send}>
      {meanwhile}
      <ActsAs acting={acting} />
      <fieldset class="stack-s">
        <legend>{say("casework.what_happens")}</legend>
        <Acts item={item} acts={first} draft={draft} change={write} />
        {more.length > 0 && (
          <details open={more.some((one) => one.verb === draft.verb) || first.length === 0}>
            <summary>{say("casework.more_acts")}</summary>
            <Acts item={item} acts={more} draft={draft} change={write} />
          </details>
        )}
      </fieldset>
      {act && (
        <>
          {asked.map((one) => (
            <FactField key={act.verb + one.fact} {...one} item={item} verb={act.verb} acting={acting} value={draft.facts[one.fact]} error={wrongAt(one.fact)}
              change={(value) => write({ facts: { ...draft.facts, [one.fact]: value } })} />
          ))}
          {asked.some((one) => one.fact === "tier") && <p class="hint">{say("casework.as_tier")}</p>}
          <Text fact="note" required={mustNote} value={draft.note} label={say("column.note")} hint={say("casework.note_hint")} error={wrongAt("note")} change={(note) => write({ note: String(note) })} />
          {isBegun(draft) && readKept("draft:/cases/" + item.id) && <p class="ok">{kept ? say("casework.kept_at", { time: clockText(kept) }) : say("casework.kept_here")}</p>}
          {problem && !atField && <Trouble problem={problem} />}
          {preview && (
            <div ref={box} tabIndex={-1} class="notice" role="group" aria-label={say("casework.before_it_goes")}>
              <WillHappen now={item} then={preview} directory={acting.directory} />
            </div>
          )}
        </>
      )}
      <div class="row">
        <button type="submit" class="button main" aria-disabled={!act || busy}>{preview ? say("casework.send", { act: words.act(item.kind, draft.verb) }) : say("casework.go_on")}</button>
        {preview && <button type="button" class="button" onClick={() => setPreview(null)}>{say("casework.change_it")}</button>}
        {onLeave && <button type="button" class="button bare" onClick={onLeave}>{say("casework.leave")}</button>}
      </div>
    </form>
  );
}
