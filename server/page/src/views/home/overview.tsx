// Beside the lists: the night's run, letters that did not leave, how fast the office answers, who is served.
import { useAnswer } from "../../api/answer";
import { get, type Result } from "../../api/client";
import { Way } from "../../parts/way";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import type { DeskView } from "./lists";

function Night() {
  const { data } = useAnswer("runs", (signal) => get("/v1/runs", { signal }));
  if (!data) return null;
  const last = data.runs[0] as { id?: string; finished?: string } | undefined;
  return (
    <section class="card stack-s">
      <h2>{say("home.night")}</h2>
      {data.status.state === "working" && (
        <>
          <p class="m">{say("home.run_works")}</p>
          <progress max={data.status.all || 1} value={data.status.done} aria-label={say("home.run_works")} />
        </>
      )}
      {last?.finished ? <p class="m quiet">{say("home.run_of")} <Moment when={last.finished} /></p> : <p class="m quiet">{say("home.no_run")}</p>}
      {last?.id && <p class="m"><Way href={"/runs/" + encodeURIComponent(last.id)}>{say("home.what_changed")}</Way></p>}
    </section>
  );
}

function Letters({ view }: { view: DeskView }) {
  if (!view.outbox.length) return null;
  return (
    <section class="card stack-s">
      <h2>{say("home.letters")} <span class="count bad">{number(view.outbox.length)}</span></h2>
      <ul class="m stack-s">
        {view.outbox.slice(0, 5).map((letter) => (
          <li key={letter.number}><span dir="auto">{letter.words ?? letter.letter}</span> <span class="small quiet"><Moment when={letter.at} /></span></li>
        ))}
      </ul>
    </section>
  );
}

type Times = Result<"get", "/v1/reports/response-times">["rows"][number];

function Speed({ office }: { office: string }) {
  const { data } = useAnswer("response times", (signal) => get("/v1/reports/response-times", { signal }));
  const rows: Times[] = data?.rows.filter((row) => row.office === office) ?? [];
  const row = rows.at(-1); // of the whole
  if (!row) return null;
  return (
    <section class="card stack-s">
      <h2>{say("home.speed")}</h2>
      {row.median_hours !== null ? <p class="m">{say("home.median", { n: Math.round(row.median_hours * 10) / 10 })}</p> : <p class="m quiet" dir="auto">{row.note}</p>}
      {row.share_in_time !== null && (
        <>
          <progress max={1} value={row.share_in_time} aria-label={say("home.in_time")} />
          <p class="m">{say("home.answered_in_time", { n: row.in_time ?? 0, all: row.n })}</p>
        </>
      )}
      <p class="m">{say("home.waiting_now", { n: row.waiting, late: row.overdue })}</p>
      <p class="m"><Way href="/reports">{say("home.report")}</Way></p>
    </section>
  );
}

function Served() {
  const { data } = useAnswer("funnel", (signal) => get("/v1/reports/funnel", { signal }));
  const whole = data?.quarters;
  const rows = data?.rows.filter((row) => row.quarter === whole && row.by !== "programme" && (row.by === "all" || row.side === "either")) ?? [];
  if (!rows.length || !rows.some((row) => row.introduced)) return null;
  return (
    <section class="card stack-s">
      <h2>{say("home.served")}</h2>
      <dl class="facts">
        {rows.map((row) => (
          <><dt dir="auto">{row.title}</dt><dd>{row.introduced === null ? say("home.few") : number(row.introduced)}</dd></>
        ))}
      </dl>
    </section>
  );
}

export function Overview({ view }: { view: DeskView }) {
  return (
    <aside class="stack" aria-label={say("home.overview")}>
      <Night />
      <Letters view={view} />
      <Speed office={view.office} />
      <Served />
    </aside>
  );
}
