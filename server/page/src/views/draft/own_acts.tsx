// What its owner may do with a draft besides writing it: keep its link, take it back, take it out, erase it.
import { useState } from "preact/hooks";
import { post, type Problem, type Schemas } from "../../api/client";
import { keep } from "../../kept";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { go } from "../../shell/place";
import { say } from "../../words/say";
import { by, type Copy, type Key } from "../form/copy";
import { forgetSecret, linkOf } from "./secret";

export function Link({ opened }: { opened: Key }) {
  const link = linkOf(opened);
  const copyIt = () => navigator.clipboard?.writeText(link).then(() => announce(say("draft.link_copied")), () => {});
  const forget = () => {
    forgetSecret(opened.id);
    keep("draft:/drafts/" + opened.id, null);
    announce(say("draft.forgotten"));
    go("/drafts/new");
  };
  return (
    <section class="card stack-s">
      <h2 id="own-link">{say("draft.link")}</h2>
      <p class="m">{say("draft.link_how")}</p>
      <input class="input" readOnly value={link} dir="ltr" aria-labelledby="own-link" onFocus={(event) => event.currentTarget.select()} />
      <div class="row">
        <button type="button" class="button" onClick={() => void copyIt()}>{say("draft.copy_link")}</button>
        <button type="button" class="button" onClick={forget}>{say("draft.forget_here")}</button>
      </div>
    </section>
  );
}

interface Props {
  opened: Key;
  copy: Copy;
  erased(receipt: Schemas["ErasureReceipt"]): void;
}

function download(name: string, value: unknown): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function OwnActs({ opened, copy, erased }: Props) {
  const [asked, ask] = useState<"withdraw" | "erase" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tried = (work: Promise<void>) => void work.catch(setProblem).finally(() => ask(null));
  const takeOut = async () => download(opened.id + ".json", (await post("/v1/drafts/{id}:export", undefined as never, by(opened))).data);
  const withdraw = async () => {
    const answer = await post("/v1/drafts/{id}:withdraw", undefined as never, by(opened));
    copy.take(answer.data, answer.etag);
    announce(say("draft.withdrawn"));
  };
  const erase = async () => {
    const { data } = await post("/v1/drafts/{id}:erase", undefined as never, by(opened));
    forgetSecret(opened.id);
    keep("draft:/drafts/" + opened.id, null);
    erased(data);
  };
  const out = copy.draft?.review !== undefined && copy.draft.review.closed === undefined;
  return (
    <section class="card stack-s" aria-labelledby="own-acts">
      <h2 id="own-acts">{say("draft.yours_to_decide")}</h2>
      {problem && <p class="error" role="alert" dir="auto">{problem.detail} {problem.remedy}</p>}
      <div class="row">
        <button type="button" class="button" onClick={() => tried(takeOut())}>{say("draft.export")}</button>
        {out && <button type="button" class="button" onClick={() => ask("withdraw")}>{say("draft.withdraw")}</button>}
        <button type="button" class="button risk" onClick={() => ask("erase")}>{say("draft.erase")}</button>
      </div>
      {asked && (
        <Dialog title={say(asked === "erase" ? "draft.erase_sure" : "draft.withdraw_sure")} onClose={() => ask(null)}>
          <p class="m">{say(asked === "erase" ? "draft.erase_what" : "draft.withdraw_what")}</p>
          <div class="row">
            <button type="button" class={asked === "erase" ? "button risk" : "button main"} onClick={() => tried(asked === "erase" ? erase() : withdraw())}>
              {say(asked === "erase" ? "draft.erase" : "draft.withdraw")}
            </button>
            <button type="button" class="button" onClick={() => ask(null)}>{say("part.not_now")}</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
