// One office: its name, languages, calendar, head and deputies. Whoever may not change it reads it here.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { type Answer, get, put, remove } from "../../api/client";
import { useDraft, useSteady } from "../../kept";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { go } from "../../shell/place";
import { Term } from "../../words/names";
import { LANGUAGES, say, sayWith } from "../../words/say";
import { CalendarFields } from "./calendar";
import type { Country } from "../../parts/country_choice";
import { Checks, DeskOrder } from "./choices";
import type { Desk, Directory, Office } from "../../api/directory";
import { Theirs } from "./theirs";

const LIST = "/admin/offices";

interface Draft {
  base: Base | null;
  office: Office;
  first: { id: string; name: string }; // a new office begins with the desk of its head
}

const newOffice: Office = { id: "", name: "", languages: ["en"], working_time: { country: "" as Country, time_zone: "", opens: "09:00", closes: "17:00" }, head: "" };

interface Whole {
  office: Office;
  desks: Desk[];
}

interface FormProps {
  whole: Whole | null; // null: a new one
  etag: string | null;
  governs: boolean;
  onSaved(): void;
}

const draftName = (id: string | null): string => `${LIST} ${id ?? "new"}`;

function useOfficeDraft({ whole, etag }: Pick<FormProps, "whole" | "etag">) {
  return useDraft<Draft>(draftName(whole && whole.office.id), { base: whole && { etag, desks: whole.desks }, office: whole?.office ?? newOffice, first: { id: "", name: "" } });
}

// Empty is not stated.
function cleaned(office: Office): Office {
  const { mail, deputies = [], ...rest } = office;
  return { ...rest, ...(mail?.trim() && { mail: mail.trim() }), ...(deputies.length && { deputies }) };
}

// What is to be replaced: the version that was seen, with the desks of that version.
interface Base {
  etag: string | null;
  desks: Desk[];
}

const baseOf = ({ office, desks }: Whole): Base => ({ etag: `"${Math.max(...[office, ...desks].map((one) => Number(one.version ?? 0)))}"`, desks });

function bodyOf({ office, first }: Draft, desks: Desk[] | null): Whole {
  if (desks) return { office: cleaned(office), desks };
  const desk: Desk = { id: first.id, name: first.name, language: office.languages[0] ?? "en", office: office.id };
  return { office: cleaned({ ...office, head: first.id }), desks: [desk] };
}

function Form({ whole, etag, governs, onSaved }: FormProps) {
  const [draft, setDraft, forget] = useOfficeDraft({ whole, etag });
  const [removing, setRemoving] = useState(false);
  const saving = useSaving();
  const { base, office, first } = draft;
  const change = (part: Partial<Office>) => setDraft({ ...draft, office: { ...office, ...part } });
  const { problem } = saving;
  const done = (words: string) => {
    forget();
    announce(words);
    onSaved();
    go(LIST);
  };
  const send = async (over: Base | null) => {
    const headers: Record<string, string> = over ? { "If-Match": over.etag ?? "*" } : { "If-None-Match": "*" };
    if (await saving.save(() => put("/v1/offices/{id}", bodyOf(draft, over?.desks ?? null), { path: { id: office.id }, headers }))) done(say("offices.saved", { name: office.name }));
  };
  const takeAway = async () => {
    setRemoving(false);
    if (await saving.save(() => remove("/v1/offices/{id}", { path: { id: office.id }, headers: { "If-Match": base?.etag ?? "*" } }))) done(say("offices.removed", { name: office.name }));
  };
  const theirs = problem?.trouble === "overtaken" ? (problem.body.theirs as Whole | null) : null;
  return (
    <form class="card stack measure" onSubmit={(event) => { event.preventDefault(); void send(base); }}>
      <fieldset class="stack" disabled={!governs} aria-label={say("column.office")}>
        {!whole && (
          <Field label={say("offices.short_name")} hint={say("offices.short_name_hint")} error={wrongIn(problem, "office.id")}>
            {(attributes) => <input {...attributes} dir="ltr" required pattern="[a-z0-9][a-z0-9_\-]*" maxLength={64} value={office.id} onInput={(event) => change({ id: event.currentTarget.value })} />}
          </Field>
        )}
        <Field label={say("column.name")} error={wrongIn(problem, "office.name")}>
          {(attributes) => <input {...attributes} dir="auto" required maxLength={500} value={office.name} onInput={(event) => change({ name: event.currentTarget.value })} />}
        </Field>
        <Field label={say("column.mail")} hint={say("offices.mail_hint")} error={wrongIn(problem, "office.mail")}>
          {(attributes) => <input {...attributes} type="email" dir="ltr" value={office.mail ?? ""} onInput={(event) => change({ mail: event.currentTarget.value })} />}
        </Field>
        <Checks legend={say("offices.languages_first")} all={Object.keys(LANGUAGES)} name={(code) => <Term list="language" code={code} />}
          chosen={office.languages} onChange={(languages) => change({ languages })} />
        <CalendarFields time={office.working_time} problem={problem} onChange={(working_time) => change({ working_time })} />
        {whole ? (
          <>
            <Field label={say("column.head")} error={wrongIn(problem, "office.head")}>
              {(attributes) => (
                <select {...attributes} value={office.head} onChange={(event) => change({ head: event.currentTarget.value })}>
                  {whole.desks.map((desk) => <option key={desk.id} value={desk.id}>{desk.name}</option>)}
                </select>
              )}
            </Field>
            <DeskOrder legend={say("column.deputies")} hint={say("offices.deputies_hint")} desks={whole.desks.filter((desk) => desk.id !== office.head)} chosen={office.deputies ?? []} onChange={(deputies) => change({ deputies })} />
          </>
        ) : (
          <div class="row top">
            <Field label={say("offices.head_name")} hint={say("offices.head_name_hint")}>
              {(attributes) => <input {...attributes} dir="auto" required maxLength={500} value={first.name} onInput={(event) => setDraft({ ...draft, first: { ...first, name: event.currentTarget.value } })} />}
            </Field>
            <Field label={say("offices.head_short")} hint={say("offices.short_name_hint")} error={wrongIn(problem, "desks[0].id", "office.head")}>
              {(attributes) => <input {...attributes} dir="ltr" required pattern="[a-z0-9][a-z0-9_\-]*" maxLength={64} value={first.id} onInput={(event) => setDraft({ ...draft, first: { ...first, id: event.currentTarget.value } })} />}
            </Field>
          </div>
        )}
        <label class="check"><input type="checkbox" checked={office.duty ?? false} onChange={(event) => change({ duty: event.currentTarget.checked || undefined })} /><span>{say("offices.duty_what")}</span></label>
        <label class="check"><input type="checkbox" checked={office.reviews ?? false} onChange={(event) => change({ reviews: event.currentTarget.checked || undefined })} /><span>{say("offices.reviews_what")}</span></label>
      </fieldset>
      <Wrong problem={problem} said={SAID} />
      {theirs?.office && <Theirs mine={office} theirs={theirs.office} onMine={() => { setDraft({ ...draft, base: baseOf(theirs) }); void send(baseOf(theirs)); }} />}
      {governs ? (
        <div class="row">
          <button type="submit" class="button main" aria-busy={saving.busy}>{say("offices.save")}</button>
          <a class="button" href={LIST}>{say("part.not_now")}</a>
          {whole && <button type="button" class="button risk" onClick={() => setRemoving(true)}>{say("offices.remove")}</button>}
        </div>
      ) : <p class="small quiet">{say("offices.who_changes")}</p>}
      {removing && (
        <Dialog title={say("offices.remove_ask")} onClose={() => setRemoving(false)}>
          <p>{sayWith("offices.remove_office_what", { name: <bdi>{office.name}</bdi> })}</p>
          <div class="row"><button type="button" class="button risk" onClick={() => void takeAway()}>{say("offices.remove")}</button>
            <button type="button" class="button" onClick={() => setRemoving(false)}>{say("part.not_now")}</button></div>
        </Dialog>
      )}
    </form>
  );
}

const SAID = ["office.id", "office.name", "office.mail", "office.head", "desks[0].id", "office.working_time.country", "office.working_time.time_zone", "office.working_time.opens", "office.working_time.closes"];

export function OfficeForm({ id, directory, governs, onSaved }: { id: string | null; directory: Directory | null; governs: boolean; onSaved(): void }) {
  const shown = useAnswer<Whole>(id && "office " + id, (signal) => get("/v1/offices/{id}", { path: { id: id! }, signal }) as Promise<Answer<Whole>>);
  const steady = useSteady(draftName(id), shown.etag);
  const name = id ? (shown.data?.office.name ?? directory?.offices.find((one) => one.id === id)?.name ?? id) : say("offices.new_office");
  return (
    <div class="stack">
      <nav class="m" aria-label={say("offices.where")}><a href={LIST}>{say("admin.offices")}</a> › <bdi>{name}</bdi></nav>
      <h2><bdi>{name}</bdi></h2>
      {id ? (
        <Answered shown={shown}>
          {(whole) => (
            <div class="stack">
              <Form key={id + steady} whole={whole} etag={shown.etag} governs={governs} onSaved={onSaved} />
              <p class="m">{sayWith("offices.desks_of", { link: <a href={"/admin/desks?of=" + encodeURIComponent(id)}>{say("admin.desks")}</a> })}</p>
            </div>
          )}
        </Answered>
      ) : <Form whole={null} etag={null} governs={governs} onSaved={onSaved} />}
    </div>
  );
}
