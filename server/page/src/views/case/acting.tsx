// With which desk one acts: an officer's key has its own; an administrator, who has none, says for whom.
import { useAnswer } from "../../api/answer";
import { get, type Schemas } from "../../api/client";
import { keep, readKept } from "../../kept";
import { Acting as DeskChoice } from "../../parts/acting";
import { useMe, type Me } from "../../shell/me";
import { go, type Place, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import type { Case } from "./model";

export type Directory = Schemas["OfficeDirectory"];

export interface Acting {
  me: Me | null | undefined;
  directory: Directory | null;
  desk: string; // empty: none is known, or the owner of a profile acts
  office: string;
  query: { desk?: string };
}

const KEPT = "acts as";

export function useActing(place: Place): Acting {
  const me = useMe();
  const directory = useAnswer(me && me.role !== "owner" ? "offices" : null, (signal) => get("/v1/offices", { signal })).data;
  const chosen = me?.role === "admin" && !me.desk;
  const wanted = chosen ? (place.query.get("desk") ?? readKept(KEPT) ?? "") : (me?.desk ?? "");
  const found = directory?.desks.find((desk) => desk.id === wanted);
  const desk = chosen && directory && !found ? "" : wanted;
  return { me, directory, desk, office: found?.office ?? me?.office ?? "", query: chosen && desk ? { desk } : {} };
}

export function ActsAs({ acting }: { acting: Acting }) {
  const choose = (desk: string) => {
    keep(KEPT, desk || null);
    go(withQuery({ desk: desk || null }), { replace: true });
  };
  return <DeskChoice label={say("casework.acts_as")} hint={say("casework.acts_as_why")} desk={acting.desk} change={choose} />;
}

export const isMine = (item: Case, acting: Acting): boolean =>
  acting.office !== "" && [item.owner?.office, item.second?.owner?.office].includes(acting.office);

export const officeName = (directory: Directory | null, id: string | undefined): string =>
  directory?.offices.find((office) => office.id === id)?.name ?? id ?? "";
export const deskName = (directory: Directory | null, id: string | undefined): string =>
  directory?.desks.find((desk) => desk.id === id)?.name ?? id ?? "";

// "Huber, Bonn": a desk with its office.
export function Desk({ of, directory }: { of: { desk?: string; office?: string; name?: string }; directory: Directory | null }) {
  const name = of.name ?? deskName(directory, of.desk), office = officeName(directory, of.office);
  return <><bdi>{name}</bdi>{office && name !== office && <> (<bdi>{office}</bdi>)</>}</>;
}
