// A desk says that it is away, until when, and who sits in; who then has its work on which days is shown before it is said.
import { useAnswer } from "../../api/answer";
import { put, remove, type Result, type Schemas } from "../../api/client";
import { useDraft } from "../../kept";
import { announce } from "../../parts/announce";
import { DayInput } from "../../parts/day_input";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Day } from "../../words/dates";
import { say } from "../../words/say";
import type { Desk } from "../../api/directory";

type Absence = Schemas["Absence"];
export const absenceDraft = (id: string): string => `/admin/desks absence ${id}`;

type Told = Result<"put", "/v1/desks/{id}/absence">;

function Preview({ told }: { told: Told }) {
  return (
    <section class="stack-s" role="status">
      <p class="m">{say("offices.tasks_now", { n: told.tasks })}</p>
      <ul class="m plain">
        {told.work.map((row) => <li key={row.from}><Day when={row.from} />–<Day when={row.until} /> <bdi class="to">{(row.owner as { name?: string }).name}</bdi></li>)}
      </ul>
    </section>
  );
}

export function AbsenceForm({ desk, etag, desks, onSaved }: { desk: Desk; etag: string | null; desks: Desk[]; onSaved(): void }) {
  const [{ absence, held }, setDraft, forget] = useDraft(absenceDraft(desk.id), { absence: desk.absence ?? { from: "", until: "", deputy: desk.deputy ?? "" }, held: etag });
  const saving = useSaving();
  const change = (part: Partial<Absence>) => setDraft({ absence: { ...absence, ...part }, held });
  const path = { id: desk.id }, headers = { "If-Match": held ?? "*" };
  const whole = absence.from && absence.until && absence.deputy;
  const preview = useAnswer(whole ? `absence ${desk.id} ${etag} ${JSON.stringify(absence)}` : null, (signal) =>
    put("/v1/desks/{id}/absence", absence, { path, query: { preview: true }, signal }));
  const problem = saving.problem ?? (preview.problem?.trouble === "refused" ? preview.problem : null);
  const done = (words: string) => {
    forget();
    announce(words);
    onSaved();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await saving.save(() => put("/v1/desks/{id}/absence", absence, { path, headers }))) done(say("offices.absence_said", { name: desk.name }));
  };
  // Somebody has changed the desk meanwhile: these days are said over what is there now.
  const over = () => {
    setDraft({ absence, held: `"${String((saving.problem!.body.theirs as Desk).version)}"` });
    saving.forget();
  };
  const back = async () => {
    if (await saving.save(() => remove("/v1/desks/{id}/absence", { path, headers }))) done(say("offices.absence_ended", { name: desk.name }));
  };
  return (
    <form class="card stack measure" onSubmit={(event) => void submit(event)} aria-labelledby="absence">
      <h3 id="absence">{say("column.absence")}</h3>
      <div class="row top">
        <Field label={say("offices.first_day")} error={wrongIn(problem, "from")}>
          {(attributes) => <DayInput {...attributes} required value={absence.from} change={(from) => change({ from })} />}
        </Field>
        <Field label={say("offices.last_day")} error={wrongIn(problem, "until")}>
          {(attributes) => <DayInput {...attributes} required value={absence.until} change={(until) => change({ until })} />}
        </Field>
        <Field label={say("offices.sits_in")} error={wrongIn(problem, "deputy")}>
          {(attributes) => (
            <select {...attributes} required value={absence.deputy} onChange={(event) => change({ deputy: event.currentTarget.value })}>
              <option value="">{say("offices.choose")}</option>
              {desks.filter((other) => other.office === desk.office && other.id !== desk.id).map((other) => <option key={other.id} value={other.id}>{other.name}</option>)}
            </select>
          )}
        </Field>
      </div>
      {whole && preview.data && !preview.stale && <Preview told={preview.data} />}
      <Wrong problem={problem} said={["from", "until", "deputy"]} />
      {saving.problem?.trouble === "overtaken" && Boolean(saving.problem.body.theirs) && <p><button type="button" class="button small" onClick={over}>{say("offices.mine_then")}</button></p>}
      <div class="row">
        <button type="submit" class="button main" aria-busy={saving.busy}>{say("offices.say_absence")}</button>
        {desk.absence && <button type="button" class="button" onClick={() => void back()}>{say("offices.is_back")}</button>}
      </div>
    </form>
  );
}
