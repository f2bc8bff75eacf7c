// One section being written: a text in each language that there is, and where it is from.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, type Problem, put, remove, type Schemas } from "../../api/client";
import type { Directory } from "../../api/directory";
import { useDraft, useSteady } from "../../kept";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { Quote } from "../../parts/text";
import { go, withQuery } from "../../shell/place";
import { Term } from "../../words/names";
import { LANGUAGES, language, type Language, say } from "../../words/say";
import { type Me, type Part, PARTS, type Section } from "./brief";
import { type Source, SourceFields } from "./source_fields";

type Texts = Partial<Record<Language, string>>;

interface Draft {
  texts: Texts;
  sources: Source[];
  desk: string;
  version: number; // that is to be replaced; 0: nobody has written it
}

const draftName = (country: string, part: Part): string => `/countries/${country}?edit=${part}`;

interface FormProps {
  country: string;
  part: Part;
  section: Section | undefined; // undefined: nobody has written it
  me: Me;
  directory: Directory | null;
  onSaved(): void;
}

const MOST = 20_000;
const tag = (version: number) => `"${version}"`;

function bodyOf({ texts, sources }: Draft): Schemas["BriefText"] {
  const written = Object.entries(texts).filter(([, text]) => text.trim());
  const stated = sources.filter((source) => source.title.trim()).map(({ address, ...rest }) => ({ ...rest, ...(address?.trim() && { address: address.trim() }) }));
  return { ...Object.fromEntries(written), ...(stated.length && { sources: stated }) };
}

function TextFields({ texts, problem, onChange }: { texts: Texts; problem: Problem | null; onChange(next: Texts): void }) {
  const codes = (Object.keys(LANGUAGES) as Language[]).filter((code) => texts[code] !== undefined);
  const left = (Object.keys(LANGUAGES) as Language[]).filter((code) => texts[code] === undefined);
  return (
    <>
      {codes.map((code) => (
        <Field key={code} label={LANGUAGES[code]} error={wrongIn(problem, code)}>
          {(attributes) => <textarea {...attributes} lang={code} dir="auto" rows={8} maxLength={MOST} value={texts[code]} onInput={(event) => onChange({ ...texts, [code]: event.currentTarget.value })} />}
        </Field>
      ))}
      {left.length > 0 && (
        <div class="row">
          {left.map((code) => <button key={code} type="button" class="chip" onClick={() => onChange({ ...texts, [code]: "" })}>+ <Term list="language" code={code} /></button>)}
        </div>
      )}
    </>
  );
}

// Whoever acts for all offices says at which desk.
function DeskField({ desk, directory, problem, onChange }: { desk: string; directory: Directory | null; problem: Problem | null; onChange(id: string): void }) {
  return (
    <Field label={say("column.desk")} hint={say("brief.desk_hint")} error={wrongIn(problem, "desk")}>
      {(attributes) => (
        <select {...attributes} required value={desk} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{say("brief.choose")}</option>
          {directory?.offices.map((office) => (
            <optgroup key={office.id} label={office.name}>
              {directory.desks.filter((one) => one.office === office.id).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}

function Theirs({ theirs, onMine }: { theirs: Section; onMine(): void }) {
  return (
    <section class="notice warn">
      <div class="stack-s">
        <p>{say("brief.theirs")}</p>
        <Quote text={theirs.text} lang={theirs.lang} />
        <button type="button" class="button small" onClick={onMine}>{say("brief.mine_then")}</button>
      </div>
    </section>
  );
}

function Form({ country, part, section, me, directory, onSaved, texts }: FormProps & { texts: Texts }) {
  const [draft, setDraft, forget] = useDraft<Draft>(draftName(country, part), { texts, sources: section?.sources ?? [], desk: "", version: section?.version ?? 0 });
  const [removing, setRemoving] = useState(false);
  const saving = useSaving();
  const { problem } = saving;
  const { version } = draft;
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  const path = { country, section: part };
  const query = me.role === "officer" ? {} : { desk: draft.desk };
  const done = (words: string) => {
    forget();
    announce(words);
    onSaved();
    go(withQuery({ edit: null }));
  };
  const send = async (over: number) => {
    const sent = () => put("/v1/countries/{country}/brief/{section}", bodyOf(draft), { path, query, headers: { "If-Match": tag(over) } });
    if (await saving.save(sent)) done(say("brief.saved"));
  };
  const takeAway = async () => {
    setRemoving(false);
    if (await saving.save(() => remove("/v1/countries/{country}/brief/{section}", { path, query, headers: { "If-Match": tag(version) } }))) done(say("brief.removed"));
  };
  const theirs = problem?.trouble === "overtaken" ? (problem.body.theirs as Section | null) : null;
  return (
    <form class="card stack" onSubmit={(event) => { event.preventDefault(); void send(version); }}>
      <TextFields texts={draft.texts} problem={problem} onChange={(next) => change({ texts: next })} />
      <SourceFields sources={draft.sources} problem={problem} onChange={(sources) => change({ sources })} />
      {me.role !== "officer" && <DeskField desk={draft.desk} directory={directory} problem={problem} onChange={(desk) => change({ desk })} />}
      <Wrong problem={problem} said={["desk", ...Object.keys(LANGUAGES)]} />
      {theirs && <Theirs theirs={theirs} onMine={() => { change({ version: theirs.version }); void send(theirs.version); }} />}
      <div class="row">
        <button type="submit" class="button main" aria-busy={saving.busy}>{say("brief.save")}</button>
        <a class="button" href={withQuery({ edit: null })}>{say("part.not_now")}</a>
        {section && <button type="button" class="button risk" onClick={() => setRemoving(true)}>{say("brief.remove")}</button>}
      </div>
      {removing && (
        <Dialog title={say("brief.remove_ask")} onClose={() => setRemoving(false)}>
          <p>{say("brief.remove_what")}</p>
          <div class="row"><button type="button" class="button risk" onClick={() => void takeAway()}>{say("brief.remove")}</button>
            <button type="button" class="button" onClick={() => setRemoving(false)}>{say("part.not_now")}</button></div>
        </Dialog>
      )}
    </form>
  );
}

// An answer has a section in one language; the others are asked for one by one.
function useTexts(country: string, part: Part, section: Section | undefined) {
  const languages = (section?.languages ?? []) as Language[];
  return useAnswer<Texts>(`texts ${country} ${part} ${section?.version ?? 0}`, async (signal) => {
    const asked = languages.map(async (lang) => {
      const { data } = await get("/v1/countries/{country}/brief", { path: { country }, query: { lang }, signal });
      return [lang, data.sections.find((one) => one.section === part)?.text ?? ""] as const;
    });
    const texts = Object.fromEntries(await Promise.all(asked));
    return { data: languages.length ? texts : { [language.get()]: "" }, etag: null, when: Date.now() };
  });
}

export function SectionForm(props: FormProps) {
  const shown = useTexts(props.country, props.part, props.section);
  const steady = useSteady(draftName(props.country, props.part), props.section?.version ?? 0);
  return (
    <div class="stack measure">
      <h2>{say(PARTS[props.part])}</h2>
      <p class="m quiet">{say("brief.write_how")}</p>
      <Answered shown={shown}>{(texts) => <Form key={steady} {...props} texts={texts} />}</Answered>
    </div>
  );
}
