// A profile as it is being written: any part of one, right or not yet. Paths are those of the server: `organisation.size`.
export type Json = Record<string, unknown>;

export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const at = (profile: Json, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (isJson(value) ? value[name] : undefined), profile);

const isEmpty = (value: unknown) =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0) || (isJson(value) && Object.keys(value).length === 0);

// What is empty is left out, and so is what held it alone: to the server it is not stated.
export function put(profile: Json, path: string, value: unknown): Json {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  const inner = profile[name];
  const next = rest.length ? put(isJson(inner) ? inner : {}, rest.join("."), value) : value;
  const { [name]: _, ...others } = profile;
  return isEmpty(next) ? others : { ...profile, [name]: next };
}

export const same = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other);
function sorted(value: unknown): string {
  if (Array.isArray(value)) return "[" + value.map(sorted).join() + "]";
  if (isJson(value)) return "{" + Object.keys(value).sort().map((name) => name + ":" + sorted(value[name])).join() + "}";
  return JSON.stringify(value) ?? "";
}
