// One thing done with many cases: first what would be, row by row, then done, and to be taken back as a whole.
import { useState } from "preact/hooks";
import { post, type Problem, type Result } from "../../api/client";
import { Field } from "../../parts/field";
import { Trouble } from "../../parts/states";
import { Table } from "../../parts/table";
import { say } from "../../words/say";
import { ActsAs, type Acting, Desk } from "../case/acting";
import { type Case, type LetterTo, useWords } from "../case/model";
import { Subject } from "./board";
import { offerUndo } from "./undo";

type Verdict = Result<"post", "/v1/cases:bulk">;

const VERBS = ["hand_over", "claim", "put_back", "remind"]; // of those that every case has, what is done to many

interface Props {
  chosen: Case[];
  hidden: number; // of those, how many the filters hide
  acting: Acting;
  onDone(): void;
  onLeave(): void;
}

function Verdicts({ verdict, chosen, acting }: { verdict: Verdict; chosen: Case[]; acting: Acting }) {
  const rows = verdict.rows.map((row) => {
    const item = chosen.find((one) => one.id === row.case);
    const letters = (row.letters ?? []) as unknown as LetterTo[];
    return [
      item ? <Subject item={item} /> : <span class="id">{row.case}</span>,
      row.status === "done" ? <span class="badge good">{say("pipeline.will_be_done")}</span> : <><span class="badge bad">{say("pipeline.refused")}</span> <span dir="auto">{row.detail} {row.remedy}</span></>,
      row.owner ? <Desk of={row.owner as { desk?: string }} directory={acting.directory} /> : null,
      letters.map((letter, i) => <>{i > 0 && ", "}<Desk of={letter.reader} directory={acting.directory} /></>),
    ];
  });
  return <Table label={say("pipeline.preview")} rows={rows} columns={[
    { head: say("casework.case") }, { head: say("column.verdict") }, { head: say("pipeline.then_owner") }, { head: say("pipeline.written_to") }]} />;
}

export function Bulk({ chosen, hidden, acting, onDone, onLeave }: Props) {
  const words = useWords();
  const [verb, setVerb] = useState("hand_over");
  const [desk, setDesk] = useState("");
  const [preview, setPreview] = useState<Verdict | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID?.() ?? String(Math.random()).slice(2));
  const fresh = (set: () => void) => {
    setPreview(null);
    setProblem(null);
    set();
  };
  const call = (seen: boolean) =>
    post("/v1/cases:bulk", { verb, cases: chosen.map((item) => ({ id: item.id, version: item.version })), ...(verb === "hand_over" && { facts: { desk } }) } as never,
      { query: { ...acting.query, ...(seen && { preview: true }) }, headers: seen ? {} : { "Idempotency-Key": key } });
  async function send(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const { data } = await call(!preview);
      if (!preview) return setPreview(data);
      offerUndo(data, acting, onDone);
      onDone();
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  }
  const desks = acting.directory?.desks.filter((one) => one.office === acting.office) ?? [];
  const stale = preview && preview.rows.length !== chosen.length;
  return (
    <form class="card stack noprint" onSubmit={send} aria-labelledby="bulk">
      <h2 id="bulk">{say("pipeline.chosen", { n: chosen.length })}</h2>
      {hidden > 0 && <p class="m">{say("pipeline.chosen_hidden", { n: hidden })}</p>}
      <ActsAs acting={acting} />
      <div class="row top">
        <Field label={say("column.act")}>
          {(attributes) => (
            <select {...attributes} value={verb} onChange={(event) => fresh(() => setVerb(event.currentTarget.value))}>
              {VERBS.map((one) => <option key={one} value={one}>{words.act("", one)}</option>)}
            </select>
          )}
        </Field>
        {verb === "hand_over" && (
          <Field label={say("column.desk")}>
            {(attributes) => (
              <select {...attributes} required value={desk} onChange={(event) => fresh(() => setDesk(event.currentTarget.value))}>
                <option value="">{say("casework.choose")}</option>
                {desks.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
              </select>
            )}
          </Field>
        )}
      </div>
      {problem && <Trouble problem={problem} />}
      {preview && !stale && (
        <div class="stack-s" role="status">
          <p class="m">{say("pipeline.would_be", { n: preview.done, not: preview.refused })}</p>
          <Verdicts verdict={preview} chosen={chosen} acting={acting} />
        </div>
      )}
      <div class="row">
        <button type="submit" class="button main" aria-disabled={busy || (!!preview && preview.done === 0)}>{preview && !stale ? say("pipeline.do_it", { n: preview.done }) : say("pipeline.look_first")}</button>
        <button type="button" class="button bare" onClick={onLeave}>{say("pipeline.choose_none")}</button>
      </div>
    </form>
  );
}
