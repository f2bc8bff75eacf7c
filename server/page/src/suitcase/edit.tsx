// A profile's form: its texts, how much it takes on, until when, and whom to reach. All else of it stays as it was.
import { Field } from "../parts/field";
import { announce } from "../parts/announce";
import { say } from "../words/say";
import { at, type Json, put, same } from "../views/form/members";
import { go } from "./inside/place";
import { profileAddress } from "./inside/way";
import { taken, useDraft, write, writtenFor } from "./state";

interface Row {
  path: string;
  word: string;
  kind: "line" | "text" | "number" | "day";
  most?: number;
}
const ROWS: Row[] = [
  { path: "title", word: "column.title", kind: "line", most: 300 },
  { path: "summary", word: "column.summary", kind: "text" },
  { path: "offers", word: "column.offers", kind: "text" },
  { path: "seeks", word: "column.seeks", kind: "text" },
  { path: "capacity", word: "column.capacity", kind: "number" },
  { path: "valid_until", word: "column.valid_until", kind: "day" },
];
// Private: for its own office, as the whole form has them.
const PRIVATE: Row[] = [
  { path: "contact.person", word: "column.person", kind: "line", most: 200 },
  { path: "contact.email", word: "column.email", kind: "line", most: 200 },
  { path: "contact.phone", word: "column.phone", kind: "line", most: 100 },
  { path: "contact.website", word: "column.website", kind: "line", most: 300 },
  { path: "contact.address", word: "column.address", kind: "line", most: 500 },
];

const TYPE: Record<Row["kind"], string> = { line: "text", text: "text", number: "number", day: "date" };
const NOT_SENT = ["due_diligence", "alias_of", "received_from"]; // said with a profile, and none of its members

function Input({ row, value, change }: { row: Row; value: unknown; change(value: unknown): void }) {
  const text = value === undefined || value === null ? "" : String(value);
  return (
    <Field label={say(row.word)}>
      {(attributes) => row.kind === "text"
        ? <textarea {...attributes} rows={6} dir="auto" maxLength={20000} value={text} onInput={(event) => change(event.currentTarget.value)} />
        : <input {...attributes} type={TYPE[row.kind] as "text"} dir={row.kind === "line" ? "auto" : undefined}
            min={row.kind === "number" ? 1 : undefined} maxLength={row.most} value={text}
            onInput={(event) => change(row.kind === "number" && event.currentTarget.value ? Number(event.currentTarget.value) : event.currentTarget.value)} />}
    </Field>
  );
}

export function Edit({ id }: { id: string }) {
  const found = taken.get()!.profiles[id];
  const seen = (found?.profile ?? {}) as unknown as Json;
  const before = writtenFor("profile", id);
  const [draft, setDraft] = useDraft<Json>(`/profiles/${id}/edit`, (before?.body as Json | undefined) ?? seen);
  if (!found?.own) return <h1>{say("taken.not_here")}</h1>;
  const changed = !same(draft, seen);
  const shown = (rows: Row[]) => rows.map((row) => <Input key={row.path} row={row} value={at(draft, row.path)} change={(value) => setDraft(put(draft, row.path, value))} />);
  function keep(event: Event) {
    event.preventDefault();
    if (!changed) return;
    const body = Object.fromEntries(Object.entries(draft).filter(([name]) => !NOT_SENT.includes(name)));
    write({ does: "profile", subject: id, verb: "", if_match: found!.etag, body, seen });
    setDraft(null);
    announce(say("taken.put_into_outbox"));
    go(profileAddress(id));
  }
  return (
    <>
      <h1>{say("taken.change_it")}: <bdi>{found.profile.title}</bdi></h1>
      <form class="card stack measure" onSubmit={keep}>
        {shown(ROWS)}
        <fieldset class="stack-s"><legend>{say("taken.private")}</legend>{shown(PRIVATE)}</fieldset>
        <p class="hint">{say("taken.rest_stays")}</p>
        <div class="row">
          <button type="submit" class="button main" aria-disabled={!changed}>{say("taken.into_outbox")}</button>
          <button type="button" class="button bare" onClick={() => { setDraft(null); go(profileAddress(id)); }}>{say("casework.drop_it")}</button>
        </div>
      </form>
    </>
  );
}
