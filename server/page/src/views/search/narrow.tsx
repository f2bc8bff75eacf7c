// What narrows the list: each choice is in the address at once, and what is shown stays until the new list is there.
import { go, withQuery } from "../../shell/place";
import { Facets } from "../../parts/facets";
import { useCountries, useTerms } from "../../words/names";
import { language, number, say } from "../../words/say";
import type { Matches } from "./answers";
import { countriesOf, countsOf } from "./hits";
import { EVERY_BAND, type Question } from "./question";

const GROUPS = ["developed", "developing", "LDC", "LLDC", "SIDS"];

function toggled(list: string[], one: string): string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

function Check({ label, checked, n, onChange }: { label: string; checked: boolean; n?: number; onChange(): void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={onChange} /> {label}
      {n !== undefined && <> <span class="n"><span class="hidden">: </span>{number(n)}</span></>}
    </label>
  );
}

const FEW = 8; // countries that are offered by their counts, the others in the list

// What is not counted of what is chosen already: there the others are not among those who qualify.
export function Narrow({ question, matches }: { question: Question; matches: Matches | null }) {
  const names = useCountries();
  const terms = useTerms();
  const { country, roles } = question;
  const setCountry = (list: string[]) => go(withQuery({ country: list }));
  const sorted = (list: Record<string, string>) => Object.entries(list).sort((one, two) => one[1].localeCompare(two[1], language.get()));
  const alone = country.filter((code) => !GROUPS.includes(code));
  const regions = Object.fromEntries(Object.entries(names?.groups ?? {}).filter(([code]) => !GROUPS.includes(code)));
  const there = countsOf(matches, "country"), kinds = countsOf(matches, "roles");
  const most = country.length ? [] : Object.entries(countriesOf(there)).sort((one, two) => two[1] - one[1]).slice(0, FEW).map(([code]) => code);
  const inGroup = (group: string) => (matches && !country.length ? (there[group] ?? 0) : undefined);
  const option = ([code, name]: [string, string]) => <option key={code} value={code} disabled={country.includes(code)}>{name}</option>;
  return (
    <Facets title={say("term.narrow_the_list")} inForce={country.length + roles.length}>
      <fieldset class="stack-s">
        <legend>{say("search.groups")}</legend>
        {GROUPS.map((code) => (
          <Check key={code} label={names?.groups[code] ?? code} n={inGroup(code)} checked={country.includes(code)} onChange={() => setCountry(toggled(country, code))} />
        ))}
      </fieldset>
      <fieldset class="stack-s">
        <legend>{say("search.country")}</legend>
        {alone.map((code) => (
          <Check key={code} label={names?.countries[code] ?? names?.groups[code] ?? code} checked onChange={() => setCountry(toggled(country, code))} />
        ))}
        {most.map((code) => (
          <Check key={code} label={names?.countries[code] ?? code} n={there[code]} checked={false} onChange={() => setCountry([code])} />
        ))}
        <label class="hidden" for="add-country">{say("search.add_country")}</label>
        <select class="input wide" id="add-country" value="" onChange={(event) => event.currentTarget.value && setCountry([...country, event.currentTarget.value])}>
          <option value="">{say("search.add_country")}</option>
          <optgroup label={say("search.regions")}>{sorted(regions).map(option)}</optgroup>
          <optgroup label={say("search.countries")}>{sorted(names?.countries ?? {}).map(option)}</optgroup>
        </select>
      </fieldset>
      <fieldset class="stack-s">
        <legend>{say("search.roles")}</legend>
        {sorted(terms?.role ?? {}).map(([code, name]) => (
          <Check key={code} label={name} n={matches && !roles.length ? (kinds[code] ?? 0) : undefined} checked={roles.includes(code)} onChange={() => go(withQuery({ roles: toggled(roles, code) }))} />
        ))}
      </fieldset>
      <fieldset class="stack-s">
        <legend>{say("search.list")}</legend>
        <Check label={say("search.vary")} checked={question.vary} onChange={() => go(withQuery({ diversify: question.vary ? null : "true" }))} />
        <Check label={say("search.show_weak")} checked={question.weak} onChange={() => go(withQuery({ bands: question.weak ? null : EVERY_BAND }))} />
      </fieldset>
    </Facets>
  );
}

// What is in force, each with the way to take it away.
export function Chips({ question }: { question: Question }) {
  const names = useCountries();
  const terms = useTerms();
  const chips = [
    ...question.country.map((code) => ({ text: names?.countries[code] ?? names?.groups[code] ?? code, href: withQuery({ country: toggled(question.country, code) }) })),
    ...question.roles.map((code) => ({ text: terms?.role?.[code] ?? code, href: withQuery({ roles: toggled(question.roles, code) }) })),
  ];
  if (!chips.length) return null;
  return (
    <ul class="row" aria-label={say("search.in_force")}>
      {chips.map(({ text, href }) => (
        <li key={href}><a class="chip on" href={href}>{text} <span aria-hidden="true">✕</span><span class="hidden">{say("search.take_away")}</span></a></li>
      ))}
      <li><a class="m" href={withQuery({ country: null, roles: null })}>{say("term.take_all_away")}</a></li>
    </ul>
  );
}
