// What parts of the page ask the server for, answered from what was taken along.
import { taken } from "../state";

export class Problem extends Error {
  readonly trouble = "gone";
}

export async function get(pattern: string, { path = {} }: { path?: Record<string, string> } = {}): Promise<{ data: unknown }> {
  const found = pattern === "/v1/profiles/{id}" ? taken.get()?.profiles[path.id ?? ""]?.profile : undefined;
  if (!found) throw new Problem(pattern);
  return { data: found };
}
