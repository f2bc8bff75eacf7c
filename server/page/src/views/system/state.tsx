// How the system is, in words: does it keep up, is there room, when was the last backup; comparing the indexes, backing up.
import { useAnswer } from "../../api/answer";
import { post, postBare, type Result, send } from "../../api/client";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useDraft } from "../../kept";
import { Facts, type Fact } from "../../parts/facts";
import { Field } from "../../parts/field";
import { useSaving, Wrong, wrongIn } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { useMe } from "../../shell/me";
import { Day, Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import { type Figure, figure, figuresIn } from "./figures";

const GB = 1e9, SCARCE = 5 * GB, LATE_BACKUP = 2 * 86_400; // bytes; seconds

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const gigabytes = (bytes: number) => number(Math.round(bytes / GB * 10) / 10);

function Verdict({ good, children }: { good: boolean; children: ComponentChildren }) {
  return <span class={good ? "met" : "unmet"}>{children}</span>;
}

function factsOf(figures: readonly Figure[]): Fact[] {
  const of = (name: string) => figure(figures, name) ?? 0;
  const now = Date.now() / 1000;
  const behind = of("store_sequence") - of("index_sequence"), waiting = of("awaiting_embedding"), fine = of("awaiting_fine");
  const backup = of("backup_timestamp_seconds"), free = figure(figures, "disk_free_bytes"), started = figure(figures, "process_start_time_seconds");
  const certificate = figure(figures, "tls_certificate_expiry_timestamp_seconds");
  const faults = figures.filter((one) => one.name === "http_requests_total" && one.labels.status === "5xx").reduce((sum, one) => sum + one.value, 0);
  const runs = figures.filter((one) => one.name === "match_run_published_timestamp_seconds");
  const newest = Math.max(0, ...runs.map((one) => one.value));
  return [
    { name: say("column.profiles"), value: number(of("profiles")) },
    { name: say("system.matched"), value: <Verdict good={behind === 0 && waiting === 0}>{behind === 0 && waiting === 0 ? say("system.keeps_up") : say("system.behind", { n: behind + waiting })}</Verdict> },
    { name: say("system.fine"), value: fine > 0 ? say("system.fine_waits", { n: fine }) : "" },
    { name: say("system.backup"), value: backup === 0 ? <Verdict good={false}>{say("system.never")}</Verdict> : <Verdict good={now - backup < LATE_BACKUP}><Moment when={iso(backup)} /></Verdict> },
    { name: say("system.disk"), value: free === undefined ? "" : <Verdict good={free > SCARCE}>{say("system.free", { n: gigabytes(free) })}</Verdict> },
    { name: say("term.match_run"), value: of("match_run_failed") ? <Verdict good={false}>{say("system.run_failed")}</Verdict> : newest ? <Verdict good={true}><Moment when={iso(newest)} /></Verdict> : say("system.never") },
    { name: say("system.erasures"), value: of("erasures_pending") > 0 ? <Verdict good={false}>{say("system.erasures_pending", { n: of("erasures_pending") })}</Verdict> : "" },
    { name: say("system.faults"), value: <Verdict good={faults === 0}>{number(faults)}</Verdict> },
    { name: say("system.refused_busy"), value: of("http_refused_total") ? number(of("http_refused_total")) : "" },
    { name: say("system.certificate"), value: certificate ? <Verdict good={certificate - now > 14 * 86_400}><Day when={iso(certificate)} /></Verdict> : "" },
    { name: say("system.memory"), value: say("system.megabytes", { n: Math.round(of("process_resident_memory_bytes") / 1e6) }) },
    { name: say("system.runs_since"), value: started ? <Moment when={iso(started)} /> : "" },
    { name: say("column.version"), value: <bdi>{figures.find((one) => one.name === "build_info")?.labels.version}</bdi> },
  ];
}

function Figures() {
  const shown = useAnswer<Figure[]>("metrics", async (signal) => {
    const response = await send("GET", "/metrics", { signal });
    return { data: figuresIn(await response.text()), etag: null, when: Date.now() };
  });
  return (
    <section class="card stack-s" aria-labelledby="figures">
      <div class="row apart"><h2 id="figures">{say("system.how_it_is")}</h2><button type="button" class="button small noprint" onClick={shown.again}>{say("system.look_again")}</button></div>
      <Answered shown={shown}>{(figures) => <Facts facts={factsOf(figures)} />}</Answered>
    </section>
  );
}

function Verify() {
  const [report, setReport] = useState<Result<"post", "/v1/verify"> | null>(null);
  const saving = useSaving();
  const look = () => saving.save(async () => setReport((await postBare("/v1/verify")).data));
  return (
    <section class="card stack-s" aria-labelledby="verify">
      <h2 id="verify">{say("system.verify")}</h2>
      <p class="m">{say("system.verify_what")}</p>
      <div role="status" class="stack-s">
        {report && report.difference_count === 0 && <p class="met">{say("system.agree", { n: report.indexed })}</p>}
        {report && report.difference_count > 0 && (
          <>
            <p class="unmet">{say("system.differ", { n: report.difference_count })}</p>
            <ul class="m plain">{report.differences.map((one) => <li key={one} dir="auto">{one}</li>)}</ul>
          </>
        )}
      </div>
      <Wrong problem={saving.problem} />
      <p><button type="button" class="button" aria-busy={saving.busy} onClick={() => void look()}>{say(saving.busy ? "system.comparing" : "system.compare_now")}</button></p>
    </section>
  );
}

function Backup() {
  const [draft, setDraft] = useDraft("/admin/system backup", { folder: "", keep: 14 }); // it stays: the next backup goes there, too
  const [made, setMade] = useState<Result<"post", "/v1/backups"> | null>(null);
  const saving = useSaving();
  const submit = (event: Event) => {
    event.preventDefault();
    void saving.save(async () => setMade((await post("/v1/backups", draft)).data));
  };
  return (
    <form class="card stack-s" onSubmit={submit} aria-labelledby="backup">
      <h2 id="backup">{say("system.back_up")}</h2>
      <p class="m">{say("system.back_up_what")}</p>
      <Field label={say("system.folder")} hint={say("system.folder_hint")} error={wrongIn(saving.problem, "folder")}>
        {(attributes) => <input {...attributes} dir="ltr" required pattern="/.*" maxLength={1024} value={draft.folder} onInput={(event) => setDraft({ ...draft, folder: event.currentTarget.value })} />}
      </Field>
      <Field label={say("system.keep")} hint={say("system.keep_hint")} error={wrongIn(saving.problem, "keep")}>
        {(attributes) => <input {...attributes} type="number" size={6} min={0} max={100000} value={draft.keep} onInput={(event) => setDraft({ ...draft, keep: event.currentTarget.valueAsNumber || 0 })} />}
      </Field>
      <Wrong problem={saving.problem} said={["folder", "keep"]} />
      <div role="status">
        {made && (
          <>
            <p class="met">{say("system.backed_up", { name: made.name, n: made.profiles })} <Moment when={made.taken_at} /></p>
            <p class="small quiet">{say(made.with_key ? "system.with_key" : "system.without_key")}</p>
          </>
        )}
      </div>
      <p><button type="submit" class="button main" aria-busy={saving.busy}>{say(saving.busy ? "system.backing_up" : "system.back_up_now")}</button></p>
    </form>
  );
}

export function State() {
  const rights = (useMe()?.rights ?? {}) as Record<string, string>;
  return (
    <div class="two">
      <Figures />
      {rights.operate && <div class="stack"><Verify /><Backup /></div>}
    </div>
  );
}
