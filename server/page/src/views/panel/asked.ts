// The panel as the address has it, and as the server is asked for it.
import type { Sent } from "../../api/client";

export type Request = Sent<"post", "/v1/panels">;
type Level = NonNullable<Request["level"]>;
export const LEVELS: Record<Level, string> = {
  global: "panel.level_global", regional: "panel.level_regional", interregional: "panel.level_interregional", sectoral: "panel.level_sectoral",
};

export interface Asked {
  seats: string; // "": as the programme says, as below
  seed: string; // "": nothing is drawn yet
  level: string;
  topics: string[] | null; // null: the programme's
  from: string; // a country or group
}

export function askedOf(query: URLSearchParams): Asked {
  const digits = (name: string) => (/^\d{1,15}$/.test(query.get(name) ?? "") ? query.get(name)! : "");
  return {
    seats: digits("seats"), seed: digits("seed"), level: query.get("level") ?? "", from: query.get("from") ?? "",
    topics: query.has("no_topics") ? [] : query.has("topic") ? query.getAll("topic") : null,
  };
}

export const queryOf = (asked: Asked): Record<string, string | string[] | null> => ({
  seats: asked.seats, seed: asked.seed, level: asked.level, from: asked.from,
  topic: asked.topics ?? [], no_topics: asked.topics?.length === 0 ? "1" : null,
});

export function requestOf(programme: string, asked: Asked): Request | null {
  if (!asked.seed) return null;
  return {
    programme, seed: Number(asked.seed),
    ...(asked.seats && { seats: Number(asked.seats) }),
    ...(asked.level in LEVELS && { level: asked.level as Level }),
    ...(asked.topics && { topics: asked.topics }),
    ...(asked.from && { where: { country: [asked.from] } }),
  };
}
