// Packs a suitcase: the file to be saved, and the passphrase, which is nowhere else.
import { useEffect, useRef, useState } from "preact/hooks";
import { postBare, type Result } from "../../api/client";
import { keep, readKept } from "../../kept";
import { Acting } from "../../parts/acting";
import { Field } from "../../parts/field";
import { saveFile } from "../../parts/files";
import { useSaving, Wrong } from "../../parts/saving";
import { useMe } from "../../shell/me";
import { say } from "../../words/say";

type Packed = Result<"post", "/v1/desk:suitcase">;

const ACTS_AS = "acts as"; // as where cases are acted on
const MOST_DAYS = 60, DAYS = 14;
const LEFT: Record<Packed["left_out"][number]["what"], string> = {
  cases: "suitcase.left_cases", profiles: "suitcase.left_profiles", counterparts: "suitcase.left_counterparts", briefs: "suitcase.left_briefs",
};

function Ready({ packed, done }: { packed: Packed; done(): void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="card stack" aria-labelledby="packed">
      <h2 id="packed" tabIndex={-1} ref={title}>{say("suitcase.packed")}</h2>
      <Field label={say("suitcase.passphrase")} hint={say("suitcase.not_together")}>
        {(attributes) => <input {...attributes} class="input id" dir="ltr" readOnly value={packed.passphrase} onFocus={(event) => event.currentTarget.select()} />}
      </Field>
      {packed.left_out.map((one) => <p class="m" key={one.what}>{say("suitcase.left_out", { taken: one.taken, of: one.of, what: say(LEFT[one.what]) })}</p>)}
      <div class="row">
        <button type="button" class="button main" onClick={() => saveFile(packed.file_name, new Blob([packed.html], { type: "text/html" }))}>{say("suitcase.save_file")}</button>
        <button type="button" class="button" onClick={done}>{say("suitcase.kept_it")}</button>
      </div>
    </section>
  );
}

export function Pack() {
  const me = useMe();
  const chosen = me?.role === "admin" && !me.desk;
  const [desk, setDesk] = useState(readKept(ACTS_AS) ?? "");
  const [days, setDays] = useState(String(DAYS));
  const [packed, setPacked] = useState<Packed | null>(null);
  const saving = useSaving();
  if (packed) return <Ready packed={packed} done={() => setPacked(null)} />;
  async function pack(event: Event) {
    event.preventDefault();
    if (saving.busy) return;
    await saving.save(async () => setPacked((await postBare("/v1/desk:suitcase", { query: { days: Number(days), ...(chosen && desk && { desk }) } })).data));
  }
  return (
    <form class="card stack measure" onSubmit={pack}>
      <h2>{say("suitcase.pack")}</h2>
      <Acting label={say("suitcase.whose")} hint={say("suitcase.whose_why")} desk={desk} change={(next) => { setDesk(next); keep(ACTS_AS, next || null); }} />
      <Field label={say("suitcase.days")}>
        {(attributes) => <input {...attributes} type="number" min={1} max={MOST_DAYS} step={1} required value={days} onInput={(event) => setDays(event.currentTarget.value)} />}
      </Field>
      <Wrong problem={saving.problem} />
      <p><button type="submit" class="button main" aria-busy={saving.busy} aria-disabled={saving.busy}>{say(saving.busy ? "suitcase.packing" : "suitcase.pack")}</button></p>
    </form>
  );
}
