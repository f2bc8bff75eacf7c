// Several of a long list: what is chosen, and a list to add from, which typing narrows.
import { useState } from "preact/hooks";
import { useCountries, useSectors, useTerms } from "../../words/names";
import { language, say } from "../../words/say";
import type { ManyProps } from "./boxes";

type Names = Record<string, string>;
const sorted = (names: Names) => Object.entries(names).sort((one, two) => one[1].localeCompare(two[1], language.get()));

function Chosen({ chosen, change, named }: { chosen: string[]; change(chosen: string[]): void; named(code: string): string }) {
  if (!chosen.length) return null;
  return (
    <ul class="row">
      {chosen.map((code) => (
        <li key={code}>
          <button type="button" class="chip on" onClick={() => change(chosen.filter((one) => one !== code))}>
            {named(code)} <span aria-hidden="true">✕</span><span class="hidden">{say("form.take_away")}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const MANY = 100; // from here on a field narrows the list

function Adding({ id, label, about, bad, chosen, change, groups }: ManyProps & { groups: { title: string; names: Names }[] }) {
  const [sought, seek] = useState("");
  const wanted = sought.trim().toLocaleLowerCase();
  const left = groups.map(({ title, names }) => ({
    title, options: sorted(names).filter(([code, name]) => !chosen.includes(code) && (name + " " + code).toLocaleLowerCase().includes(wanted)),
  }));
  const options = (list: [string, string][]) => list.map(([code, name]) => <option key={code} value={code}>{name}</option>);
  return (
    <div class="row">
      {groups.reduce((n, { names }) => n + Object.keys(names).length, 0) > MANY && (
        <input class="input" type="search" size={14} value={sought} aria-label={say("form.narrow", { list: label })} placeholder={say("form.narrow_short")}
          onInput={(event) => seek(event.currentTarget.value)} />
      )}
      <select class="input grow" id={id} aria-label={say("form.add_to", { list: label })} aria-describedby={about} aria-invalid={bad || undefined} value=""
        onChange={(event) => { const code = event.currentTarget.value; if (code) change([...chosen, code]); event.currentTarget.value = ""; }}>
        <option value="">{say("form.add")}</option>
        {left.map(({ title, options: list }) => (title ? list.length > 0 && <optgroup key={title} label={title}>{options(list)}</optgroup> : options(list)))}
      </select>
    </div>
  );
}

function Places(props: ManyProps) {
  const known = useCountries();
  const groups = known?.groups ?? {}, countries = known?.countries ?? {};
  return (
    <>
      <Chosen {...props} named={(code) => countries[code] ?? groups[code] ?? code} />
      <Adding {...props} groups={[{ title: say("form.groups"), names: groups }, { title: say("column.countries"), names: countries }]} />
    </>
  );
}

// Under the heading of their section, whose code is a letter.
function Sectors(props: ManyProps) {
  const sectors = useSectors() ?? {};
  const sections = Object.entries(sectors).filter(([code]) => code.length === 1);
  const under = (section: string) => Object.fromEntries(Object.entries(sectors).filter(([code]) => code.length > 1 && code.startsWith(section)));
  return (
    <>
      <Chosen {...props} named={(code) => sectors[code] ?? code} />
      <Adding {...props} groups={sections.map(([code, title]) => ({ title, names: under(code) }))} />
    </>
  );
}

function Terms({ list, ...props }: ManyProps & { list: string }) {
  const names = useTerms()?.[list] ?? {};
  return (
    <>
      <Chosen {...props} named={(code) => names[code] ?? code} />
      <Adding {...props} groups={[{ title: "", names }]} />
    </>
  );
}

const OTHERS: Record<string, typeof Places> = { places: Places, sectors: Sectors };

// `list`: a closed list, "places" or "sectors".
export function Long({ list, ...props }: ManyProps & { list: string }) {
  const Other = OTHERS[list];
  return Other ? <Other {...props} /> : <Terms list={list} {...props} />;
}
