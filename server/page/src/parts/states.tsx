// What a view shows while it has nothing else: at work, empty, in trouble. Each says what is, and what to do.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Shown } from "../api/answer";
import type { Problem, Trouble } from "../api/client";
import { session, sessionEnded } from "../shell/session";
import { clockText } from "../words/dates";
import { say } from "../words/say";

const SOON = 600; // ms in which nothing is said

export function Loading({ text = say("part.loading") }: { text?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SOON);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="stack-s" aria-busy="true">
      <p class="m quiet" role="status">{late ? text : ""}</p>
      <div class="stack-s" aria-hidden="true"><span class="skeleton short" /><span class="skeleton" /></div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="card empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

const TITLE: Record<Trouble, string> = {
  offline: "trouble.offline", starting: "trouble.starting", busy: "trouble.fault", "signed-out": "trouble.signed_out", forbidden: "trouble.forbidden",
  gone: "trouble.gone", overtaken: "trouble.overtaken", refused: "trouble.refused", fault: "trouble.fault",
};

// Instead of a view, or above a list of before.
export function Trouble({ problem, again }: { problem: Problem; again?: () => void }) {
  const said = problem.trouble === "offline" || problem.trouble === "signed-out" ? "" : problem.detail;
  return (
    <div class="card empty" role="alert">
      <h2>{say(TITLE[problem.trouble])}</h2>
      {said && <p dir="auto">{said}</p>}
      {said && problem.remedy && <p dir="auto">{problem.remedy}</p>}
      <div class="row middle">
        {problem.trouble === "signed-out"
          ? <button type="button" class="button main" onClick={sessionEnded}>{say("session.sign_in")}</button>
          : again && problem.trouble !== "forbidden" && problem.trouble !== "gone" &&
            <button type="button" class="button" onClick={again}>{say("trouble.again")}</button>}
      </div>
    </div>
  );
}

const INSTEAD: Trouble[] = ["signed-out", "forbidden", "gone"];

// The frame of every answer: the first wait, what is wrong, the answer greyed while the next one comes, and of when it is.
export function Answered<T>({ shown, wait, children }: { shown: Shown<T>; wait?: string; children: (data: T) => ComponentChildren }) {
  session.use();
  const { data, problem, busy, stale } = shown;
  if (problem && (data === null || INSTEAD.includes(problem.trouble))) return <Trouble problem={problem} again={shown.again} />;
  if (data === null) return <Loading text={wait} />;
  return (
    <div class={busy && stale ? "answered waiting" : "answered"} aria-busy={busy}>
      {problem && (
        <p class="notice warn" role="status">
          <span>{say("trouble.as_of", { time: clockText(shown.when), why: problem.detail })}</span>
          <button type="button" class="button small" onClick={shown.again}>{say("trouble.again")}</button>
        </p>
      )}
      {children(data)}
    </div>
  );
}
