// Giving access: to whom and how, as what, how far, until when. What lets in is shown once, in the answer to this form alone.
import { useAnswer } from "../../api/answer";
import { get, post, type Schemas, type Sent } from "../../api/client";
import { useDraft } from "../../kept";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { go, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import { type Country, CountryChoice } from "../../parts/country_choice";
import type { Directory } from "../../api/directory";
import { linkOf, type Made } from "./secret";

type Role = Schemas["TokenRole"];

export const ROLE_WORD: Record<Role, string> = {
  officer: "admin.role_officer", admin: "admin.role_admin", owner: "admin.role_owner",
  focal_point: "admin.role_focal_point", batch: "admin.role_batch", reader: "admin.role_reader",
};
const MAY_WORD: Record<Role, string> = {
  officer: "admin.may_officer", admin: "admin.may_admin", owner: "admin.may_owner",
  focal_point: "admin.may_focal_point", batch: "admin.may_batch", reader: "admin.may_reader",
};

const EMPTY = { label: "", link: true, link_days: 14, role: "officer" as Role, office: "", desk: "", country: "" as Country, profiles: "", days: 365, only_country: "", only_programme: "" };
type Draft = typeof EMPTY;

function requestOf(draft: Draft): Sent<"post", "/v1/tokens"> {
  const where = { ...(draft.only_country && { country: [draft.only_country] }), ...(draft.only_programme && { programmes: [draft.only_programme] }) };
  return {
    role: draft.role,
    days: draft.days,
    ...(draft.label.trim() && { label: draft.label.trim() }),
    ...(draft.role === "officer" && { office: draft.office, ...(draft.desk && { desk: draft.desk }) }),
    ...(draft.role === "owner" && { profiles: draft.profiles.split(/[\s,;]+/).filter(Boolean) }),
    ...(draft.role === "focal_point" && { country: draft.country }),
    ...(Object.keys(where).length && { where }),
  };
}

function Whose({ draft, change, directory, problem }: { draft: Draft; change(part: Partial<Draft>): void; directory: Directory | null; problem: Parameters<typeof wrongIn>[0] }) {
  if (draft.role === "officer")
    return (
      <div class="row top">
        <Field label={say("column.office")} error={wrongIn(problem, "office")}>
          {(attributes) => (
            <select {...attributes} required value={draft.office} onChange={(event) => change({ office: event.currentTarget.value, desk: "" })}>
              <option value="">{say("admin.choose")}</option>
              {directory?.offices.map((office) => <option key={office.id} value={office.id}>{office.name}</option>)}
            </select>
          )}
        </Field>
        <Field label={say("column.desk")} error={wrongIn(problem, "desk")}>
          {(attributes) => (
            <select {...attributes} value={draft.desk} onChange={(event) => change({ desk: event.currentTarget.value })}>
              <option value="">{say("admin.no_desk")}</option>
              {directory?.desks.filter((desk) => desk.office === draft.office).map((desk) => <option key={desk.id} value={desk.id}>{desk.name}</option>)}
            </select>
          )}
        </Field>
      </div>
    );
  if (draft.role === "focal_point")
    return (
      <Field label={say("column.country")} error={wrongIn(problem, "country")}>
        {(attributes) => <CountryChoice attributes={attributes} required value={draft.country} none={say("admin.choose")} onChange={(country) => change({ country })} />}
      </Field>
    );
  if (draft.role === "owner")
    return (
      <Field label={say("column.profiles")} hint={say("admin.profiles_hint")} error={wrongIn(problem, "profiles")}>
        {(attributes) => <textarea {...attributes} rows={2} required dir="ltr" value={draft.profiles} onInput={(event) => change({ profiles: event.currentTarget.value })} />}
      </Field>
    );
  return null;
}

export function TokenForm({ directory, onMade }: { directory: Directory | null; onMade(made: Made): void }) {
  const [draft, setDraft, forget] = useDraft<Draft>("/admin/access", EMPTY);
  const saving = useSaving();
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const { problem } = saving;
  const submit = async (event: Event) => {
    event.preventDefault();
    let made: Made | null = null;
    await saving.save(async () => {
      if (draft.link) {
        const { data } = await post("/v1/tokens:invite", { ...requestOf(draft), link_days: draft.link_days });
        made = { secret: linkOf(data.link), name: data.label || data.id, link: true };
      } else {
        const { data } = await post("/v1/tokens", requestOf(draft));
        made = { secret: data.token, name: data.label || data.id, link: false };
      }
    });
    if (!made) return;
    forget();
    onMade(made);
  };
  return (
    <form class="card stack measure" onSubmit={(event) => void submit(event)} aria-labelledby="give">
      <h2 id="give">{say("admin.give")}</h2>
      <Field label={say("admin.person")} hint={say("admin.person_hint")} error={wrongIn(problem, "label")}>
        {(attributes) => <input {...attributes} value={draft.label} required maxLength={200} dir="auto" onInput={(event) => change({ label: event.currentTarget.value })} />}
      </Field>
      <fieldset class="stack-s">
        <legend>{say("admin.let_in")}</legend>
        {[true, false].map((link) => (
          <label class="check" key={String(link)}>
            <input type="radio" name="link" checked={draft.link === link} onChange={() => change({ link })} />
            <span>{say(link ? "admin.by_link" : "admin.by_key")} <span class="quiet">– {say(link ? "admin.by_link_what" : "admin.by_key_what")}</span></span>
          </label>
        ))}
      </fieldset>
      <fieldset class="stack-s">
        <legend>{say("column.role")}</legend>
        {(Object.keys(ROLE_WORD) as Role[]).map((role) => (
          <label class="check" key={role}>
            <input type="radio" name="role" value={role} checked={draft.role === role} onChange={() => change({ role })} />
            <span>{say(ROLE_WORD[role])} <span class="quiet">– {say(MAY_WORD[role])}</span></span>
          </label>
        ))}
      </fieldset>
      <Whose draft={draft} change={change} directory={directory} problem={problem} />
      <Field label={say("admin.days")} hint={say("admin.days_hint")} error={wrongIn(problem, "days")}>
        {(attributes) => <input {...attributes} type="number" min={1} max={3650} required value={draft.days} onInput={(event) => change({ days: event.currentTarget.valueAsNumber || 0 })} />}
      </Field>
      {draft.link && (
        <Field label={say("admin.link_days")} error={wrongIn(problem, "link_days")}>
          {(attributes) => <input {...attributes} type="number" min={1} max={90} required value={draft.link_days} onInput={(event) => change({ link_days: event.currentTarget.valueAsNumber || 0 })} />}
        </Field>
      )}
      <details open={Boolean(draft.only_country || draft.only_programme)}>
        <summary>{say("admin.narrower")}</summary>
        <div class="row top">
          <Field label={say("column.country")} error={wrongIn(problem, "where")}>
            {(attributes) => <CountryChoice attributes={attributes} value={draft.only_country} none={say("admin.all_countries")} onChange={(only_country) => change({ only_country })} />}
          </Field>
          <Field label={say("column.programme")}>
            {(attributes) => (
              <select {...attributes} value={draft.only_programme} onChange={(event) => change({ only_programme: event.currentTarget.value })}>
                <option value="">{say("admin.all_programmes")}</option>
                {programmes.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
              </select>
            )}
          </Field>
        </div>
      </details>
      <Wrong problem={problem} said={["label", "office", "desk", "country", "profiles", "days", "link_days", "where"]} />
      <div class="row">
        <button type="submit" class="button main" aria-busy={saving.busy}>{say(draft.link ? "admin.make_link" : "admin.make_key")}</button>
        <button type="button" class="button" onClick={() => go(withQuery({ new: null }))}>{say("part.not_now")}</button>
      </div>
    </form>
  );
}
