// A country to be chosen, by its name in the reader's language and in its order.
import type { Schemas } from "../api/client";
import { useCountries } from "../words/names";
import { locale } from "../words/say";

type Attributes = Record<string, unknown>;
export type Country = Schemas["Country"];

export function CountryChoice({ attributes, value, none, required, onChange }: { attributes: Attributes; value: string; none: string; required?: boolean; onChange(code: Country): void }) {
  const countries = useCountries()?.countries ?? {};
  const order = new Intl.Collator(locale());
  return (
    <select {...attributes} value={value} required={required} onChange={(event) => onChange(event.currentTarget.value as Country)}>
      <option value="">{none}</option>
      {Object.entries(countries).sort((one, other) => order.compare(one[1], other[1])).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
    </select>
  );
}
