// Offices and desks, as several views ask for them.
import { useAnswer } from "./answer";
import { get, type Result, type Schemas } from "./client";

export type Office = Schemas["Office"];
export type Desk = Schemas["Desk"];
export type Directory = Result<"get", "/v1/offices">;

export const useDirectory = (wanted = true) => useAnswer(wanted ? "directory" : null, (signal) => get("/v1/offices", { signal }));

export const nameOf = (rows: readonly { id: string; name: string }[] | undefined, id: string | undefined): string =>
  rows?.find((row) => row.id === id)?.name ?? id ?? "";
