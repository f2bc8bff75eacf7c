// What an act of a review is called: its own word, else that of every case.
import { useCaseTerms } from "../../words/names";

export const KIND = "profile"; // of case
const COMMON = "case";

export function useActName(): (verb: string) => string {
  const terms = useCaseTerms();
  return (verb) => terms?.[KIND + ".act"]?.[verb] ?? terms?.[COMMON + ".act"]?.[verb] ?? verb;
}
