// What a key or a session reaches: of whom it is, and what it is narrowed to.
import type { Schemas } from "../../api/client";
import { type Directory, nameOf } from "../../api/directory";
import { CountryName } from "../../words/names";
import { list, say } from "../../words/say";

type Reaching = Pick<Schemas["Token"], "office" | "desk" | "country" | "profiles" | "where">;

const FIELD_WORD: Record<string, string> = { country: "column.country", programmes: "column.programmes", kind: "column.kind", roles: "column.roles" };

export function Reach({ of, directory }: { of: Reaching; directory: Directory | null }) {
  const where = Object.entries((of.where ?? {}) as Record<string, string[]>);
  return (
    <>
      {of.office && <bdi>{nameOf(directory?.offices, of.office)}</bdi>}
      {of.desk && <> · <bdi>{nameOf(directory?.desks, of.desk)}</bdi></>}
      {of.office && !of.desk && <> · <span class="quiet">{say("admin.reads_only")}</span></>}
      {of.country && <CountryName code={of.country} />}
      {of.profiles && <span title={of.profiles.join(", ")}>{say("admin.n_profiles", { n: of.profiles.length })}</span>}
      {!of.office && !of.country && !of.profiles && say("admin.everything")}
      {where.map(([field, values]) => <span key={field} class="small quiet"> · {FIELD_WORD[field] ? say(FIELD_WORD[field]!) : field}: <bdi>{list(values)}</bdi></span>)}
    </>
  );
}
