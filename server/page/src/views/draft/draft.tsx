// A company's own draft, without an account: begun here, opened again by its secret link, followed until it is published.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, type Schemas } from "../../api/client";
import { Loading } from "../../parts/states";
import { useTitle } from "../../shell/arrive";
import { go } from "../../shell/place";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { by } from "../form/copy";
import { Confirm, Receipt } from "./lazily";
import { keyOf } from "./secret";
import { OwnForm } from "./own_form";

function NoSuch({ id, why }: { id: string; why?: string }) {
  const open = (event: Event) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("link") as HTMLInputElement;
    const [, given, secret] = field.value.trim().match(/(?:\/drafts\/([^#/?]+)[^#]*)?#?(cpd_\S+)$/) ?? [];
    if (secret) go(`/drafts/${given ?? id}#${secret}`);
  };
  return (
    <div class="card empty">
      <h1>{say("draft.by_link")}</h1>
      {why && <p dir="auto">{why}</p>}
      <p>{say("draft.by_link_how")}</p>
      <form class="row middle" onSubmit={open}>
        <label class="hidden" for="link">{say("draft.link")}</label>
        <input class="input" id="link" name="link" size={28} maxLength={600} dir="ltr" autocomplete="off" required />
        <button type="submit" class="button main">{say("draft.open")}</button>
      </form>
      <p><a href="/drafts/new">{say("draft.begin_new")}</a></p>
    </div>
  );
}

function Draft({ place }: ViewProps) {
  const id = place.params.id;
  const key = id ? keyOf(id) : null;
  const shown = useAnswer(key && "draft " + key.id + " " + key.secret, (signal) => get("/v1/drafts/{id}", { ...by(key!), signal }));
  const [begun, setBegun] = useState(""); // its form is there already
  const [receipt, setReceipt] = useState<Schemas["ErasureReceipt"] | null>(null);
  useTitle(say("draft.title"));
  if (receipt) return <Receipt receipt={receipt} />;
  if (id && !key) return <NoSuch id={id} />;
  if (id && shown.problem && ["signed-out", "forbidden", "gone"].includes(shown.problem.trouble)) return <NoSuch id={id} why={shown.problem.detail} />;
  if (id && id !== begun && !shown.data && !shown.problem) return <><h1 class="hidden">{say("draft.title")}</h1><Loading /></>;
  return <OwnForm key={id === begun ? "" : (id ?? "")} place={place} opened={key} now={shown.data?.id === id ? shown.data : null} etag={shown.etag} again={shown.again} begun={setBegun} erased={setReceipt} />;
}

export default function DraftView({ place }: ViewProps) {
  return place.path === "/drafts/confirm" ? <Confirm /> : <Draft place={place} />;
}
