// Rules of a panel name groups by codes, as in "constituency:consumers": what they are called.
import { usePlaceName, useTerms } from "../../words/names";
import { say } from "../../words/say";

const CODE = /\b(constituency|group|region|gender|women_led):([A-Za-z0-9_-]+)/g;

// Gives what a code stands for, and puts names into a sentence that has codes.
export function useGroups(): { name(code: string): string; named(text: string): string } {
  const placeName = usePlaceName(), terms = useTerms();
  const one = (kind: string, code: string) => {
    if (kind === "constituency") return code === "others" ? say("panel.others") : (terms?.role?.[code] ?? code);
    if (kind === "gender") return terms?.gender?.[code] ?? code;
    return kind === "women_led" ? say("term.led_by_women") : placeName(code);
  };
  const named = (text: string) => text.replace(CODE, (_, kind: string, code: string) => one(kind, code));
  return { name: named, named };
}
