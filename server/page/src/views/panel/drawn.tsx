// A panel as it was drawn: what could not be kept, how each rule stands, who sits where.
import { Received } from "../../parts/received";
import { Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { profileAddress } from "../../parts/way";
import { type Place, withQuery } from "../../shell/place";
import { CaseTerm, Country } from "../../words/names";
import { number, say } from "../../words/say";
import { LEVELS } from "./asked";
import type { Standing } from "./draws";
import { useGroups } from "./names";
import type { PanelData } from "./panel";
import { Relaxed } from "./relaxed";

type Seat = PanelData["seats"][number];
type Quota = PanelData["quotas"][number];

function Result({ short, over }: { short: number; over: number }) {
  if (short > 0) return <span class="unmet">{say("panel.short", { n: short })}</span>;
  return over > 0 ? <span class="unmet">{say("panel.over", { n: over })}</span> : <span class="met">{say("panel.kept")}</span>;
}

function askedText({ at_least: least, at_most: most }: Quota): string {
  if (least !== undefined && most !== undefined) return say("panel.between", { least, most });
  return least !== undefined ? say("panel.at_least", { n: least }) : most !== undefined ? say("panel.at_most", { n: most }) : "";
}

function Quotas({ panel }: { panel: PanelData }) {
  const { name } = useGroups();
  return (
    <section class="card stack-s">
      <h2>{say("panel.quotas")}</h2>
      <Table label={say("panel.quotas")}
        columns={[{ head: say("panel.rule") }, { head: say("panel.asked") }, { head: say("panel.drawn"), number: true }, { head: say("panel.qualify"), number: true }, { head: say("panel.result") }]}
        rows={panel.quotas.map((quota) => [
          name(quota.group), askedText(quota), number(quota.got), number(quota.candidates),
          <Result short={(quota.at_least ?? 0) - quota.got} over={quota.got - (quota.at_most ?? quota.got)} />,
        ])} />
    </section>
  );
}

function Agenda({ panel }: { panel: PanelData }) {
  return (
    <section class="card stack-s">
      <h2>{say("panel.agenda")}</h2>
      {panel.coverage.length === 0 ? <p class="m">{say("panel.no_agenda")}</p> : (
        <>
          <p class="m quiet">{say("panel.agenda_how")}</p>
          <ol class="parts">
            {panel.coverage.map((one, i) => (
              <li key={one.topic}>
                <span><span class="ref">{number(i + 1)}</span> <span dir="auto">{one.topic}</span></span>
                <span class="m num">{one.got < one.asked
                  ? <span class="badge warn">{say("panel.of", { n: one.got, of: one.asked })}</span> : say("panel.of", { n: one.got, of: one.asked })}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

// By the numbers of the agenda, which is as long as a line.
function Topics({ seat, panel }: { seat: Seat; panel: PanelData }) {
  const known = panel.coverage.map((one, i) => ({ topic: one.topic, n: i + 1 })).filter((one) => seat.topics.includes(one.topic));
  return <>{known.map(({ topic, n }) => <span key={topic} title={topic}><span class="ref" aria-hidden="true">{number(n)}</span><span class="hidden">{topic}. </span> </span>)}</>;
}

const SHOW: Record<string, { word: string; has(seat: Seat, standing: Standing | null): boolean }> = {
  all: { word: "panel.all", has: () => true },
  alone: { word: "panel.alone", has: (seat) => seat.alternates.length === 0 },
  open: { word: "panel.not_accepted", has: (seat, standing) => standing !== null && standing.get(seat.id)?.state !== "accepted" },
};

function Alternates({ seat }: { seat: Seat }) {
  const { named } = useGroups();
  if (!seat.alternates.length) return <span class="small quiet note" dir="auto">{seat.no_alternate ? named(seat.no_alternate) : say("panel.none")}</span>;
  return <>{seat.alternates.map((one, i) => <span key={one.id}>{i > 0 && " · "}<a href={profileAddress(one.id)}><bdi>{one.title}</bdi></a><Received from={one.received_from} /></span>)}</>;
}

function Stands({ seat, standing }: { seat: Seat; standing: Standing }) {
  const now = standing.get(seat.id);
  if (!now?.state) return <span class={now?.detail ? "unmet" : "quiet"} dir="auto">{now?.detail ?? say("panel.not_invited")}</span>;
  const called = now.id !== undefined && now.id !== seat.id;
  const title = seat.alternates.find((one) => one.id === now.id)?.title ?? now.id ?? "";
  return <>{called && <><a href={profileAddress(now.id!)}><bdi>{title}</bdi></a>: </>}<CaseTerm list="invitation.state" code={now.state} /></>;
}

export function Seats({ panel, place, standing }: { panel: PanelData; place: Place; standing: Standing | null }) {
  const asked = place.query.get("show") ?? "all", chosen = asked in SHOW ? asked : "all";
  const terms = useGroups();
  const chips = Object.entries(SHOW).map(([code, row]) => ({ code, word: row.word, n: panel.seats.filter((seat) => row.has(seat, standing)).length }));
  const heads = [{ head: say("column.seat"), number: true }, { head: say("panel.expert") }, { head: say("panel.constituency") }, { head: say("column.country") }, ...(panel.coverage.length ? [{ head: say("panel.knows") }] : []),
    { head: say("panel.alternates") }, ...(standing ? [{ head: say("column.state") }] : [])];
  const rows = panel.seats.map((seat, i) => ({ seat, n: i + 1 })).filter(({ seat }) => SHOW[chosen]!.has(seat, standing));
  return (
    <section class="card stack-s">
      <div class="row apart">
        <h2>{say("panel.seats_drawn", { n: panel.seats.length, of: panel.seats_asked })}</h2>
        <div class="row noprint">
          {chips.filter((chip) => chip.code === "all" || chip.n > 0).map((chip) => (
            <a key={chip.code} class={chip.code === chosen ? "chip on" : "chip"} aria-current={chip.code === chosen ? "true" : undefined}
              href={withQuery({ show: chip.code === "all" ? null : chip.code })}>{say(chip.word, { n: chip.n })}</a>
          ))}
        </div>
      </div>
      <Table label={say("panel.seats")} columns={heads} rows={rows.map(({ seat, n }) => [
        number(n), <><a href={profileAddress(seat.id)}><bdi>{seat.title}</bdi></a><Received from={seat.received_from} /></>, terms.name("constituency:" + seat.constituency), <Country code={seat.country} />,
        ...(panel.coverage.length ? [<Topics seat={seat} panel={panel} />] : []), <Alternates seat={seat} />, ...(standing ? [<Stands seat={seat} standing={standing} />] : []),
      ])} />
    </section>
  );
}

export function Drawn({ panel, place }: { panel: PanelData; place: Place }) {
  return (
    <>
      <p class="m">
        <strong>{say(LEVELS[panel.level])}</strong> · {say("panel.stood", { n: panel.candidates })}{" "}
        {panel.proven_optimal ? say("panel.best") : say("panel.nearly_best", { n: Math.max(1, Math.round(panel.gap * 100)) })}
      </p>
      <Relaxed panel={panel} place={place} />
      {panel.seats.length === 0 ? <Empty title={say("panel.empty")} /> : <><Quotas panel={panel} /><Agenda panel={panel} /></>}
    </>
  );
}
