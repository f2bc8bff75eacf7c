// Many profiles in at once: the workbook to fill in, a file taken in, what became of each row, the same file back with it.
import { useRef, useState } from "preact/hooks";
import { Problem, send } from "../../api/client";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Trouble } from "../../parts/states";
import { Way } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { useMe } from "../../shell/me";
import { go, withQuery } from "../../shell/place";
import { store } from "../../store";
import { language, say, sayWith } from "../../words/say";
import type { ViewProps } from "../../views";
import { Outcome } from "./outcome";
import { type Kind, KINDS, kindOf, type Verdict, verdictsIn } from "./verdicts";

export interface Taken {
  name: string;
  kind: Kind;
  file: Blob; // as it came back
  verdicts: Verdict[];
}

// What was taken in last, as long as this window is open: other views can be looked at meanwhile.
export const taken = store<Taken | null>(null);

const MOST = 64 << 20; // bytes; the server takes no more

const WAYS = ["", "review", "draft"] as const;
type Way = (typeof WAYS)[number];
const WAY_WORD: Record<Way, string> = { "": "import.as_office", review: "import.as_review", draft: "import.as_draft" };

export function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function Template() {
  const saving = useSaving();
  const fetchIt = () => saving.save(async () => {
    const response = await send("GET", "/v1/profiles:template?lang=" + language.get(), {});
    download(await response.blob(), `profiles-${language.get()}.xlsx`);
  });
  return (
    <section class="card stack-s" aria-labelledby="template">
      <h2 id="template">{say("import.template")}</h2>
      <p class="m">{say("import.template_what")}</p>
      <Wrong problem={saving.problem} />
      <p><button type="button" class="button" aria-busy={saving.busy} onClick={() => void fetchIt()}>{say("import.template_get")}</button></p>
    </section>
  );
}

async function takeIn(file: File, kind: Kind, as: Way, replace: boolean): Promise<Taken> {
  const query = new URLSearchParams({ ...(as && { as }), ...(replace && { replace_private: "true" }) });
  const headers = { "Content-Type": kind.media, Accept: kind.media };
  const response = await send("POST", "/v1/profiles:import" + (query.size ? "?" + query : ""), { headers }, file);
  let back: Blob;
  try {
    back = await response.blob();
  } catch {
    throw new Problem("fault", say("import.cut"), say("import.cut_remedy"));
  }
  const verdicts = await verdictsIn(back, kind).catch(() => []); // what cannot be read here stands in the file all the same
  return { name: file.name, kind, file: back, verdicts };
}

function Upload() {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState("");
  const [as, setAs] = useState<Way>("");
  const [replace, setReplace] = useState(false);
  const me = useMe();
  const saving = useSaving();
  const rights = (me?.rights ?? {}) as Record<string, string>;
  const submit = async (event: Event) => {
    event.preventDefault();
    const file = field.current?.files?.[0];
    const kind = file && kindOf(file.name);
    const fault = !file ? "import.choose_file" : !kind ? "import.wrong_kind" : file.size > MOST ? "import.too_large" : "";
    setWrong(fault && say(fault));
    if (!file || !kind || fault) return field.current?.focus();
    if (!(await saving.save(async () => taken.set(await takeIn(file, kind, as, replace))))) return;
    go(withQuery({ show: null, page: null }));
    document.getElementById("outcome")?.focus();
  };
  return (
    <form class="card stack" onSubmit={(event) => void submit(event)} aria-labelledby="upload">
      <h2 id="upload">{say("import.take_in")}</h2>
      <Field label={say("import.file")} hint={say("import.file_hint")} error={wrong || undefined}>
        {(attributes) => <input {...attributes} ref={field} type="file" accept={KINDS.map((kind) => kind.ending).join()} onChange={() => setWrong("")} />}
      </Field>
      <fieldset class="stack-s">
        <legend>{say("import.how")}</legend>
        {WAYS.map((way) => (
          <label class="check" key={way}><input type="radio" name="as" checked={as === way} onChange={() => setAs(way)} /><span>{say(WAY_WORD[way])}</span></label>
        ))}
      </fieldset>
      {rights.private && (
        <label class="check"><input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} /><span>{say("import.replace_private")}</span></label>
      )}
      {wrongIn(saving.problem, "as", "desk") ? <p class="error">{wrongIn(saving.problem, "as", "desk")}</p> : <Wrong problem={saving.problem} />}
      <div role="status">{saving.busy && <p class="m">{say("import.working")}</p>}{saving.busy && <progress aria-label={say("import.working")} />}</div>
      <p><button type="submit" class="button main" aria-busy={saving.busy} aria-disabled={saving.busy || undefined}>{say("import.take_in_now")}</button></p>
    </form>
  );
}

export default function Import({ place }: ViewProps) {
  useTitle(say("import.title"));
  const me = useMe();
  const done = taken.use();
  const allowed = !me || (me.rights as Record<string, string>).import;
  return (
    <>
      <div class="stack-s">
        <h1>{say("import.title")}</h1>
        <p class="quiet measure">{sayWith("import.what", { link: <Way href="/profiles/new">{say("import.form")}</Way> })}</p>
      </div>
      {!allowed ? <Trouble problem={new Problem("forbidden", say("import.not_yours"))} /> : (
        <>
          {done && <Outcome taken={done} show={place.query.get("show") ?? ""} page={Number(place.query.get("page")) || 1} />}
          <div class="two noprint"><Upload /><Template /></div>
        </>
      )}
    </>
  );
}
