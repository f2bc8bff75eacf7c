// The question as the address has it, and as the server is asked. Parameters are called as the server calls them, so that the
// address with .json at its end is the same.
import type { Sent } from "../../api/client";

export const PAGE = 10;
const ALL_BANDS = ["strong", "good", "possible", "weak"] as const;
export const EVERY_BAND = ALL_BANDS.join();

export interface Question {
  seek: string;
  offer: string;
  profile: string;
  programme: string;
  country: string[]; // or groups of countries
  roles: string[];
  weak: boolean;
  vary: boolean;
  page: number;
}

export function questionOf(query: URLSearchParams): Question {
  const text = (name: string) => (query.get(name) ?? "").trim();
  return {
    seek: text("seek"), offer: text("offer"), profile: text("profile"), programme: text("programme") || "open",
    country: query.getAll("country"), roles: query.getAll("roles"), weak: query.get("bands") === EVERY_BAND, vary: query.has("diversify"),
    page: Math.min(100, Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1)),
  };
}

// null: nothing is asked yet.
export function requestOf(question: Question): Sent<"post", "/v1/match"> | null {
  const { seek, offer, profile, country, roles } = question;
  if (!seek && !offer && !profile) return null;
  const where = { ...(country.length && { country }), ...(roles.length && { roles }) };
  return {
    ...(profile ? { profile } : { ...(seek && { text: seek }), ...(offer && { offering: offer }) }),
    programme: question.programme,
    limit: PAGE,
    ...(question.page > 1 && { after: (question.page - 1) * PAGE }),
    explain: true,
    facets: ["country", "roles"],
    ...(Object.keys(where).length && { where }),
    ...(question.weak && { bands: [...ALL_BANDS] }),
    ...(question.vary && { diversify: true }),
  };
}
