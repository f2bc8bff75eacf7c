// Whether the mailbox is its owner's: a letter asks, and its answer is needed before anything is handed in.
import { useState } from "preact/hooks";
import { post, type Problem } from "../../api/client";
import { say } from "../../words/say";
import { by, type Copy, type Key } from "../form/copy";

const LETTER: Record<string, string> = { queued: "draft.letter_queued", sent: "draft.letter_sent", refused: "draft.letter_refused" };

export function Mailbox({ copy, opened, again }: { copy: Copy; opened: Key | null; again(): void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const mailbox = copy.draft?.mailbox;
  const ask = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (!(await copy.save()) || !opened) return;
      const answer = await post("/v1/drafts/{id}:confirm-mail", undefined as never, by(opened));
      copy.take(answer.data, answer.etag);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card stack-s" aria-labelledby="mailbox">
      <h2 id="mailbox">{say("draft.mailbox")}</h2>
      {mailbox?.confirmed ? <p class="ok">{say("draft.mail_confirmed")}</p> : <p class="m">{say("draft.mail_needed")}</p>}
      {!mailbox?.confirmed && mailbox?.letter && <p class="m" role="status">{say(LETTER[mailbox.letter]!)}</p>}
      {problem && <p class="error" role="alert" dir="auto">{problem.detail} {problem.remedy}</p>}
      {!mailbox?.confirmed && (
        <div class="row">
          <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && void ask()}>{say(mailbox?.letter ? "draft.send_again" : "draft.send_letter")}</button>
          {mailbox?.letter && <button type="button" class="button" onClick={again}>{say("draft.look_again")}</button>}
        </div>
      )}
    </section>
  );
}
