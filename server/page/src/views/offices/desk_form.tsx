// One desk: whose, in which language letters come, who is asked instead, when it ends and who has its work then.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, put, remove } from "../../api/client";
import { useDraft, useSteady } from "../../kept";
import { announce } from "../../parts/announce";
import { DayInput } from "../../parts/day_input";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { go } from "../../shell/place";
import { LANGUAGES, say, sayWith } from "../../words/say";
import { absenceDraft, AbsenceForm } from "./absence";
import { LanguageOptions } from "./choices";
import type { Desk, Directory } from "../../api/directory";
import { Theirs } from "./theirs";

const LIST = "/admin/desks";
const SAID = ["id", "name", "language", "office", "organisation", "deputy", "ends", "heir"];

interface FormProps {
  desk: Desk | null; // null: a new one
  of: string;
  etag: string | null;
  directory: Directory;
  governs: boolean;
  onSaved(): void;
}

interface Draft {
  desk: Desk;
  held: string | null; // the version that is to be replaced
}

const draftName = (id: string | null): string => `${LIST} ${id ?? "new"}`;

// Empty is not stated.
const cleaned = (desk: Desk): Desk => Object.fromEntries(Object.entries(desk).filter(([, value]) => value !== "")) as unknown as Desk;

function DeskChoice({ attributes, desks, value, none, onChange }: { attributes: object; desks: Desk[]; value: string; none: string; onChange(id: string): void }) {
  return (
    <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{none}</option>
      {desks.map((desk) => <option key={desk.id} value={desk.id}>{desk.name}</option>)}
    </select>
  );
}

function Form({ desk: stored, of, etag, directory, governs, onSaved }: FormProps) {
  const initial: Desk = stored ?? { id: "", name: "", language: Object.keys(LANGUAGES)[0] as Desk["language"], office: of || directory.offices[0]?.id || "" };
  const [draft, setDraft, forget] = useDraft<Draft>(draftName(stored && stored.id), { desk: initial, held: etag });
  const [removing, setRemoving] = useState(false);
  const saving = useSaving();
  const { problem } = saving;
  const { desk, held } = draft;
  const change = (part: Partial<Desk>) => setDraft({ ...draft, desk: { ...desk, ...part } });
  const others = directory.desks.filter((other) => other.id !== desk.id), colleagues = others.filter((other) => other.office === desk.office);
  const done = (words: string) => {
    forget();
    announce(words);
    onSaved();
    go(LIST);
  };
  const send = async (over: string | null) => {
    const headers: Record<string, string> = stored ? { "If-Match": over ?? "*" } : { "If-None-Match": "*" };
    if (await saving.save(() => put("/v1/desks/{id}", cleaned(desk), { path: { id: desk.id }, headers }))) done(say("offices.saved", { name: desk.name }));
  };
  const takeAway = async () => {
    setRemoving(false);
    if (await saving.save(() => remove("/v1/desks/{id}", { path: { id: desk.id }, headers: { "If-Match": held ?? "*" } }))) done(say("offices.removed", { name: desk.name }));
  };
  const theirs = problem?.trouble === "overtaken" ? (problem.body.theirs as Desk | null) : null;
  const mine = () => {
    const version = `"${String(theirs!.version)}"`;
    setDraft({ ...draft, held: version });
    void send(version);
  };
  return (
    <form class="card stack measure" onSubmit={(event) => { event.preventDefault(); void send(held); }}>
      <fieldset class="stack" disabled={!governs} aria-label={say("column.desk")}>
        {!stored && (
          <Field label={say("offices.short_name")} hint={say("offices.short_name_hint")} error={wrongIn(problem, "id")}>
            {(attributes) => <input {...attributes} dir="ltr" required pattern="[a-z0-9][a-z0-9_\-]*" maxLength={64} value={desk.id} onInput={(event) => change({ id: event.currentTarget.value })} />}
          </Field>
        )}
        <Field label={say("column.name")} error={wrongIn(problem, "name")}>
          {(attributes) => <input {...attributes} dir="auto" required maxLength={500} value={desk.name} onInput={(event) => change({ name: event.currentTarget.value })} />}
        </Field>
        <div class="row top">
          <Field label={say("column.office")} error={wrongIn(problem, "office")}>
            {(attributes) => (
              <select {...attributes} required value={desk.office} onChange={(event) => change({ office: event.currentTarget.value, deputy: "" })}>
                {directory.offices.map((office) => <option key={office.id} value={office.id}>{office.name}</option>)}
              </select>
            )}
          </Field>
          <Field label={say("column.language")} hint={say("offices.language_hint")} error={wrongIn(problem, "language")}>
            {(attributes) => <select {...attributes} value={desk.language} onChange={(event) => change({ language: event.currentTarget.value as Desk["language"] })}><LanguageOptions /></select>}
          </Field>
          <Field label={say("column.deputy")} hint={say("offices.deputy_hint")} error={wrongIn(problem, "deputy")}>
            {(attributes) => <DeskChoice attributes={attributes} desks={colleagues} value={desk.deputy ?? ""} none={say("offices.offices_own")} onChange={(deputy) => change({ deputy })} />}
          </Field>
        </div>
        <Field label={say("column.organisation")} hint={say("offices.organisation_hint")} error={wrongIn(problem, "organisation")}>
          {(attributes) => <input {...attributes} dir="auto" maxLength={500} value={desk.organisation ?? ""} onInput={(event) => change({ organisation: event.currentTarget.value })} />}
        </Field>
        <div class="row top">
          <Field label={say("column.ends")} hint={say("offices.ends_hint")} error={wrongIn(problem, "ends")}>
            {(attributes) => <DayInput {...attributes} value={desk.ends ?? ""} change={(ends) => change({ ends })} />}
          </Field>
          <Field label={say("column.heir")} hint={say("offices.heir_hint")} error={wrongIn(problem, "heir")}>
            {(attributes) => <DeskChoice attributes={attributes} desks={others} value={desk.heir ?? ""} none={say("offices.choose")} onChange={(heir) => change({ heir })} />}
          </Field>
        </div>
      </fieldset>
      <Wrong problem={problem} said={SAID} />
      {theirs && <Theirs mine={desk} theirs={theirs} onMine={mine} />}
      {governs ? (
        <div class="row">
          <button type="submit" class="button main" aria-busy={saving.busy}>{say("offices.save")}</button>
          <a class="button" href={LIST}>{say("part.not_now")}</a>
          {stored && <button type="button" class="button risk" onClick={() => setRemoving(true)}>{say("offices.remove")}</button>}
        </div>
      ) : <p class="small quiet">{say("offices.who_changes")}</p>}
      {removing && (
        <Dialog title={say("offices.remove_ask")} onClose={() => setRemoving(false)}>
          <p>{sayWith("offices.remove_desk_what", { name: <bdi>{desk.name}</bdi> })}</p>
          <div class="row"><button type="button" class="button risk" onClick={() => void takeAway()}>{say("offices.remove")}</button>
            <button type="button" class="button" onClick={() => setRemoving(false)}>{say("part.not_now")}</button></div>
        </Dialog>
      )}
    </form>
  );
}

export function DeskForm({ id, ...rest }: { id: string | null; of: string; directory: Directory; governs: boolean; onSaved(): void }) {
  const shown = useAnswer(id && "one desk " + id, (signal) => get("/v1/desks/{id}", { path: { id: id! }, signal }));
  const steady = useSteady(draftName(id), shown.etag), absence = useSteady(absenceDraft(id ?? ""), shown.etag);
  const name = id ? (shown.data?.name ?? id) : say("offices.new_desk");
  const again = () => {
    shown.again();
    rest.onSaved();
  };
  return (
    <div class="stack">
      <nav class="m" aria-label={say("offices.where")}><a href={LIST}>{say("admin.desks")}</a> › <bdi>{name}</bdi></nav>
      <h2><bdi>{name}</bdi></h2>
      {id ? (
        <Answered shown={shown}>
          {(desk) => (
            <div class="stack">
              <AbsenceForm key={"absence " + id + absence} desk={desk} etag={shown.etag} desks={rest.directory.desks} onSaved={again} />
              <Form key={id + steady} desk={desk} etag={shown.etag} {...rest} />
            </div>
          )}
        </Answered>
      ) : <Form desk={null} etag={null} {...rest} />}
    </div>
  );
}
