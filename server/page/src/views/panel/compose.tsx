// The rules of the draw that the manager sets; all others are the programme's.
import { useKeptForm } from "./kept_form";
import { Facets } from "../../parts/facets";
import { Field } from "../../parts/field";
import { go, type Place, withQuery } from "../../shell/place";
import { useCountries } from "../../words/names";
import { language, say } from "../../words/say";
import { type Asked, askedOf, LEVELS, queryOf } from "./asked";

const MOST = 1000;

export function Compose({ place }: { place: Place }) {
  const names = useCountries();
  const [form, change, sent] = useKeptForm(place);
  const set = (changes: Partial<typeof form>) => change({ ...form, ...changes });
  const wrong = form.seats && !(Number(form.seats) >= 1 && Number(form.seats) <= MOST);
  const draw = (event: Event) => {
    event.preventDefault();
    if (wrong || !/^\d{1,15}$/.test(form.seed)) return;
    const topics = form.own ? form.topics.split("\n").map((line) => line.trim()).filter(Boolean) : null;
    const asked: Asked = { ...askedOf(place.query), seats: form.seats, seed: form.seed, level: form.level, from: form.from, topics };
    sent();
    go(withQuery({ ...queryOf(asked), show: null }));
  };
  const groups = Object.entries(names?.groups ?? {}).sort((one, two) => one[1].localeCompare(two[1], language.get()));
  return (
    <Facets title={say("panel.rules")} inForce={0}>
      <form class="stack" onSubmit={draw} aria-label={say("panel.rules")}>
        <Field label={say("panel.seats")} hint={say("panel.seats_hint")} error={wrong ? say("panel.seats_wrong", { most: MOST }) : undefined}>
          {(attributes) => <input {...attributes} inputMode="numeric" pattern="[0-9]*" size={5} value={form.seats} onInput={(event) => set({ seats: event.currentTarget.value.trim() })} />}
        </Field>
        <Field label={say("panel.seed")} hint={say("panel.seed_hint")}>
          {(attributes) => <input {...attributes} required inputMode="numeric" pattern="[0-9]{1,15}" size={12} value={form.seed} onInput={(event) => set({ seed: event.currentTarget.value.trim() })} />}
        </Field>
        <Field label={say("panel.level")}>
          {(attributes) => (
            <select {...attributes} class="input wide" value={form.level} onChange={(event) => set({ level: event.currentTarget.value })}>
              <option value="">{say("panel.as_programme")}</option>
              {Object.entries(LEVELS).map(([code, word]) => <option key={code} value={code}>{say(word)}</option>)}
            </select>
          )}
        </Field>
        <Field label={say("panel.from")}>
          {(attributes) => (
            <select {...attributes} class="input wide" value={form.from} onChange={(event) => set({ from: event.currentTarget.value })}>
              <option value="">{say("panel.as_programme")}</option>
              {groups.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </select>
          )}
        </Field>
        <label class="check"><input type="checkbox" checked={form.own} onChange={(event) => set({ own: event.currentTarget.checked })} /> {say("panel.own_agenda")}</label>
        {form.own && (
          <Field label={say("panel.topics")} hint={say("panel.topics_hint")}>
            {(attributes) => <textarea {...attributes} dir="auto" value={form.topics} onInput={(event) => set({ topics: event.currentTarget.value })} />}
          </Field>
        )}
        <button type="submit" class="button main">{say(place.query.get("seed") ? "panel.draw_anew" : "panel.draw")}</button>
      </form>
    </Facets>
  );
}
