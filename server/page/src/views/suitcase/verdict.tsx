// What became of one operation, and the choice where somebody else was there before.
import { useState } from "preact/hooks";
import type { Schemas } from "../../api/client";
import { lazy } from "../../parts/lazy";
import { caseAddress, profileAddress } from "../../parts/way";
import { Moment } from "../../words/dates";
import { useCaseTerms } from "../../words/names";
import { say } from "../../words/say";

export type One = Schemas["SuitcaseVerdict"];
export interface Answers {
  format: string;
  suitcase: string;
  sealed: string;
  signature: string;
}
export interface Choice {
  give_up?: boolean;
  if_match?: string;
  body?: Record<string, unknown>;
}
type Json = Record<string, unknown>;

const ThreeWay = lazy(() => import("../form/three_way").then((part) => part.ThreeWay), ["page_form", "page_checks"]);

const WORD: Record<One["verdict"], string> = {
  done: "suitcase.done", already_done: "suitcase.already_done", conflict: "suitcase.conflict", refused: "suitcase.refused", given_up: "suitcase.given_up",
};
const LOOK: Record<One["verdict"], string> = { done: "good", already_done: "", conflict: "warn", refused: "bad", given_up: "" };
const WHAT: Record<One["does"], string> = { act: "suitcase.act", profile: "suitcase.profile", interest: "suitcase.interest" };
const NOT_SENT = ["due_diligence", "alias_of", "received_from", "verb"]; // told, and nothing that is written

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const sentOf = (body: unknown): Json => (isJson(body) ? Object.fromEntries(Object.entries(body).filter(([name]) => !NOT_SENT.includes(name))) : {});

function ProfileChoice({ one, settle }: { one: One; settle(choice: Choice): void }) {
  if (!one.now_version || !isJson(one.theirs)) return null; // it has changed again this moment: handed in anew, it is told
  return (
    <ThreeWay base={isJson(one.base) ? sentOf(one.base) : null} theirs={sentOf(one.theirs)} yours={sentOf(one.yours)}
      done={(profile: Json) => settle({ if_match: `"${one.now_version}"`, body: profile })} />
  );
}

// How the case stands now, and what was done there meanwhile.
function CaseChoice({ one, settle }: { one: One; settle(choice: Choice): void }) {
  const words = useCaseTerms() ?? {};
  const theirs = isJson(one.theirs) ? (one.theirs as { kind?: string; version?: number }) : null;
  const kind = theirs?.kind ?? "";
  const named = (member: string, value: unknown) => {
    const code = value === undefined ? "–" : String(value);
    return words[`${kind}.${member}`]?.[code] ?? words[`case.${member}`]?.[code] ?? code;
  };
  return (
    <>
      {one.members?.map((row) => (
        <div class="two" key={row.member}>
          <p class="m">{say("suitcase.theirs")}: <strong>{named(row.member, row.theirs)}</strong>{row.base !== undefined && <> <span class="quiet">{say("suitcase.was")} {named(row.member, row.base)}</span></>}</p>
          {row.yours !== undefined && <p class="m">{say("suitcase.yours")}: <strong>{named(row.member, row.yours)}</strong></p>}
        </div>
      ))}
      {theirs?.version !== undefined && (
        <button type="button" class="button main" onClick={() => settle({ if_match: `"${theirs.version}"`, body: sentOf(one.yours) })}>{say("suitcase.do_it_all_the_same")}</button>
      )}
    </>
  );
}

export function Verdict({ one, settle }: { one: One; settle(choice: Choice): void }) {
  const words = useCaseTerms() ?? {};
  const [busy, setBusy] = useState(false);
  const once = (choice: Choice) => { if (!busy) { setBusy(true); settle(choice); } };
  const problem = one.problem as { detail?: string; remedy?: string } | undefined;
  const id = one.now_id ?? one.subject ?? "";
  const address = one.does === "profile" ? profileAddress(id) : caseAddress(id);
  const kind = isJson(one.theirs) ? String(one.theirs.kind ?? "") : "";
  const act = one.verb && (words[kind + ".act"]?.[one.verb] ?? words["case.act"]?.[one.verb] ?? one.verb);
  return (
    <div class="stack-s">
      <p>
        <span class={"badge " + LOOK[one.verdict]}>{say(WORD[one.verdict])}</span> {say(WHAT[one.does])}
        {act && <> · {act}</>}{id && <> · <a href={address}><span class="id">{id}</span></a></>}
        {one.written_at && <> <span class="small quiet"><Moment when={one.written_at} /></span></>}
      </p>
      {one.held && <p class="m">{say("suitcase.held")}</p>}
      {problem && one.verdict !== "conflict" && <p class="m"><span dir="auto">{problem.detail}</span>{problem.remedy && <> – <span dir="auto">{problem.remedy}</span></>}</p>}
      {one.verdict === "conflict" && (
        <div class="stack-s">
          {one.does === "profile" ? <ProfileChoice one={one} settle={once} /> : <CaseChoice one={one} settle={once} />}
        </div>
      )}
      {(one.verdict === "conflict" || one.verdict === "refused") && (
        <p><button type="button" class="button" onClick={() => once({ give_up: true })}>{say("suitcase.give_up")}<span class="hidden">: {id}</span></button></p>
      )}
    </div>
  );
}
