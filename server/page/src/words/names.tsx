// Names of what comes as codes: countries as the United Nations write them, roles, themes. The lists are fetched when first
// asked for; until they are there the code stands.
import { useEffect, useState } from "preact/hooks";
import { language, loadNames } from "./say";

interface Countries {
  countries: Record<string, string>;
  groups: Record<string, string>;
  marks: Record<string, string[]>;
}
export type Terms = Record<string, Record<string, string>>;

function useNames<T>(name: string): T | null {
  const tongue = language.use();
  const [names, setNames] = useState<T | null>(null);
  useEffect(() => {
    let wanted = true;
    loadNames<T>(name).then((list) => wanted && setNames(() => list), () => {});
    return () => void (wanted = false);
  }, [name, tongue]);
  return names;
}

export const useCountries = () => useNames<Countries>("countries");
export const useTerms = () => useNames<Terms>("terms");
export const useSectors = () => useNames<Record<string, string>>("sectors");
export const useCaseTerms = () => useNames<Terms>("case_terms");

export function CountryName({ code }: { code: string }) {
  return <>{useCountries()?.countries[code] ?? code}</>;
}

// "Senegal LDC": the marks of its groups, each with its full name to whoever points at it or listens.
export function Country({ code }: { code: string }) {
  const names = useCountries();
  return (
    <>
      <span>{names?.countries[code] ?? code}</span>
      {(names?.marks[code] ?? []).map((group) => (
        <> <abbr class="group" title={names?.groups[group]}>{group}</abbr></>
      ))}
    </>
  );
}

// The word of a closed list: <Term list="role" code="technology_supplier"/>.
export function Term({ list, code }: { list: string; code: string }) {
  return <>{useTerms()?.[list]?.[code] ?? code}</>;
}

// The same of what cases and runs give: <CaseTerm list="interest.state" code="sent"/>.
export function CaseTerm({ list, code }: { list: string; code: string }) {
  return <>{useCaseTerms()?.[list]?.[code] ?? code}</>;
}

// What stands for a code of a country or of a group of them.
export const usePlaceName = (): ((code: string) => string) => {
  const names = useCountries();
  return (code) => names?.countries[code] ?? names?.groups[code] ?? code;
};
