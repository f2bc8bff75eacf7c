// Keeps a question: whoever comes later and fits is told to the office.
import { useState } from "preact/hooks";
import { post, type Problem, type Sent } from "../../api/client";
import { announce } from "../../parts/announce";
import { useMe } from "../../shell/me";
import { say } from "../../words/say";
import { requestOf, type Question } from "./question";

// null: a stored profile is asked for, and its matches are told anyway.
function standingQueryOf(question: Question, office?: string): Sent<"post", "/v1/standing-queries"> | null {
  const request = requestOf(question);
  if (!request || request.profile) return null;
  const { text, offering, programme, where } = request;
  return { ...(text && { text }), ...(offering && { offering }), programme, ...(where && { where }), ...(office && { office }) };
}

export function Keep({ question, small }: { question: Question; small?: boolean }) {
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const query = standingQueryOf(question, me?.office);
  if (!query || !me?.rights.standing) return null;
  const keep = () => {
    setBusy(true);
    post("/v1/standing-queries", query)
      .then(() => announce(say("search.kept")), (problem: Problem) => announce([problem.detail, problem.remedy].filter(Boolean).join(" ")))
      .finally(() => setBusy(false));
  };
  return <button type="button" class={small ? "button small noprint" : "button"} disabled={busy} onClick={keep}>{say("term.keep_this_search")}</button>;
}
