// What the reviewer does: what each act must say is asked for, what it would do is told first, and another's act meanwhile
// is not overrun.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { post, type Problem, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { CaseTerm } from "../../words/names";
import { say } from "../../words/say";
import { KIND, useActName } from "./acts";
import type { Comments } from "./proposed";
import { hasZero, isWhole, type Scores, total, ENOUGH } from "./scores";

type Case = Schemas["Case"];

export interface Said {
  scores: Scores;
  comments: Comments;
  valid_until: string;
  note: string;
}

// What the act states, as the case says that it may; and what keeps it from being done yet.
type Wants = (said: Said) => string;
const scored: Wants = ({ scores }) => (isWhole(scores) ? "" : say("review.score_all"));
const commented: Wants = ({ comments }) => (Object.values(comments).some((one) => one.trim()) ? "" : say("review.comment_first"));
const ACTS: Record<string, { wants: Wants[]; main?: boolean }> = {
  publish: { main: true, wants: [scored, ({ scores }) => (hasZero(scores) ? say("review.zero_holds") : total(scores) < ENOUGH ? say("review.too_few", { n: ENOUGH }) : ""), ({ valid_until }) => (valid_until ? "" : say("review.end_first"))] },
  send_back: { wants: [commented] },
  hold: { wants: [scored, ({ scores }) => (hasZero(scores) ? "" : say("review.hold_needs_zero"))] },
  submit: { main: true, wants: [] },
  renew: { main: true, wants: [({ valid_until }) => (valid_until ? "" : say("review.end_first"))] },
  reopen: { wants: [] },
  withdraw: { wants: [] },
  claim: { wants: [] },
  note: { wants: [({ note }) => (note.trim() ? "" : say("review.note_first"))] },
};

function factsOf(verb: string, of: Case, said: Said): Schemas["Facts"] {
  const may = ((of.acts as { verb: string; says: { fact: string }[] }[] | undefined) ?? []).find((act) => act.verb === verb)?.says.map((one) => one.fact) ?? [];
  const comments = Object.entries(said.comments).filter(([, text]) => text.trim()).map(([member, text]) => ({ ...(member && { member }), text: text.trim() }));
  return {
    ...(may.includes("scores") && isWhole(said.scores) && { scores: said.scores as Schemas["Scores"] }),
    ...(may.includes("comments") && comments.length > 0 && { comments }),
    ...(may.includes("valid_until") && said.valid_until && { valid_until: said.valid_until }),
  };
}

interface Props {
  of: Case;
  etag: string | null;
  desk: string;
  said: Said;
  done(): void;
  overtaken(): void;
  children: ComponentChildren; // for whom it is done
}

export function Decide({ of, etag, desk, said, done, overtaken, children }: Props) {
  const named = useActName();
  const [would, setWould] = useState<{ verb: string; case: Case } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wanted, setWanted] = useState("");
  const act = async (verb: string, preview: boolean) => {
    setProblem(null);
    const missing = ACTS[verb]!.wants.map((want) => want(said)).find(Boolean) ?? "";
    setWanted(missing);
    if (missing) return;
    const note = said.note.trim();
    const body = { facts: factsOf(verb, of, said), ...(note && { note }) };
    try {
      const answer = await post("/v1/reviews/{id}:{verb}", body as never, {
        path: { id: of.id, verb }, query: { ...(desk && { desk }), ...(preview && { preview: true }) }, headers: etag ? { "If-Match": etag } : {},
      });
      if (preview) return setWould({ verb, case: answer.data as Case });
      setWould(null);
      announce(say("review.done", { act: named(verb) }));
      done();
    } catch (error) {
      setWould(null);
      setProblem(error as Problem);
      if ((error as Problem).trouble === "overtaken") overtaken();
    }
  };
  const verbs = of.next.filter((verb) => ACTS[verb]);
  const readers = ((would?.case.letters ?? []) as unknown as { reader: { name?: string } }[]).map((one) => one.reader.name).filter(Boolean);
  return (
    <section class="card stack-s noprint" aria-labelledby="decide">
      <h2 id="decide">{say("review.decide")}</h2>
      {children}
      {!verbs.length && <p class="m quiet">{say("review.none_to_do")}</p>}
      {wanted && <p class="error" role="alert">{wanted}</p>}
      {problem && <p class="error" role="alert" dir="auto">{problem.trouble === "overtaken" ? say("review.overtaken") : `${problem.detail} ${problem.remedy}`}</p>}
      <div class="row">
        {verbs.map((verb) => (
          <button key={verb} type="button" class={ACTS[verb]!.main ? "button main" : "button"} onClick={() => void act(verb, true)}>{named(verb)}</button>
        ))}
      </div>
      {would && (
        <Dialog title={named(would.verb)} onClose={() => setWould(null)}>
          <p class="m">{say("review.becomes")} <strong><CaseTerm list={KIND + ".state"} code={would.case.state} /></strong></p>
          {would.case.why_due && <p class="m" dir="auto">{would.case.why_due.text}</p>}
          {readers.length > 0 && <p class="m">{say("review.letters_to")} <bdi>{readers.join(" · ")}</bdi></p>}
          <div class="row">
            <button type="button" class="button main" onClick={() => void act(would.verb, false)}>{say("review.do_it")}</button>
            <button type="button" class="button" onClick={() => setWould(null)}>{say("part.not_now")}</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
