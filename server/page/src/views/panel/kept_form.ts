// What is written in the composer and not drawn yet is kept with the address it stands at.
import { useDraft } from "../../kept";
import type { Place } from "../../shell/place";
import { askedOf } from "./asked";

export interface Form {
  seats: string;
  seed: string;
  level: string;
  from: string;
  own: boolean;
  topics: string;
}

// A number that nobody chose to suit somebody: the day.
const today = () => new Date().toISOString().slice(0, 10).replace(/-/g, "");

export function useKeptForm(place: Place): [Form, (next: Form) => void, () => void] {
  const asked = askedOf(place.query);
  return useDraft<Form>(`${place.path}?${place.query} panel`, {
    seats: asked.seats, seed: asked.seed || today(), level: asked.level, from: asked.from, own: asked.topics !== null, topics: (asked.topics ?? []).join("\n"),
  });
}
