// What a project has of its budget, from whom, what is in talks, the days to come, and who could cover the rest.
import { useAnswer } from "../../api/answer";
import { address, get, type Result } from "../../api/client";
import { Downloads } from "../../parts/download";
import { Received } from "../../parts/received";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { caseAddress, profileAddress, Way } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { Day } from "../../words/dates";
import { CaseTerm, Country, Term } from "../../words/names";
import { number, say } from "../../words/say";
import type { ViewProps } from "../../views";
import { Assembled } from "./assembled";

type Data = Result<"get", "/v1/projects/{id}/portfolio">;

const WHAT: Record<Data["calendar"][number]["what"], string> = {
  due: "portfolio.day_due", starts: "portfolio.day_starts", ends: "portfolio.day_ends", valid_until: "portfolio.day_valid",
};
const STANDS: Record<Data["partners"][number]["committed"], string> = {
  committed: "portfolio.committed", in_talks: "portfolio.in_talks", ended: "portfolio.ended",
};
const money = (amount: number, currency: string) => `${number(Math.round(amount))} ${currency}`;
const Money = ({ amount, currency }: { amount: number; currency: string }) => <bdi dir="ltr">{money(amount, currency)}</bdi>;

function Budget({ data }: { data: Data }) {
  const { budget, committed, open = 0, currency } = data;
  return (
    <section class="card stack-s">
      <h2>{say("portfolio.budget")}</h2>
      {budget === undefined ? <p class="m">{say("portfolio.no_budget")} <a href={profileAddress(data.project)}>{say("portfolio.state_it")}</a></p> : (
        <>
          <p>{say("portfolio.of_budget", { committed: money(committed, currency), budget: money(budget, currency) })}</p>
          <progress max={budget} value={Math.min(committed, budget)} aria-label={say("portfolio.budget")} />
          <p class="m">{open > 0 ? say("portfolio.open", { amount: money(open, currency) }) : say("portfolio.covered")}</p>
        </>
      )}
      {budget === undefined && committed > 0 && <p class="m">{say("portfolio.promised", { amount: money(committed, currency) })}</p>}
      {data.unconverted > 0 && <p class="notice warn"><span>{say("portfolio.unconverted", { n: data.unconverted })}</span></p>}
    </section>
  );
}

// What an interest led to stands with the introduction that came of it.
const told = (data: Data) => data.partners.filter((one) => !(one.committed === "ended" && one.state === "accepted"));

function Partners({ data }: { data: Data }) {
  const partners = told(data);
  const heads = [say("portfolio.partner"), say("column.country"), say("column.state"), say("column.amount"), say("column.instrument"), say("portfolio.since")];
  return (
    <section class="card stack-s">
      <div class="row apart">
        <h2>{say("portfolio.partners")}</h2>
        <Downloads of={say("portfolio.partners")} name={"portfolio-" + data.project.replace(/[^\w.-]/g, "_")} target={address("/v1/projects/{id}/portfolio", { path: { id: data.project } })} />
      </div>
      <Table label={say("portfolio.partners")} columns={heads.map((head, i) => ({ head, number: i === AMOUNT }))}
        rows={partners.map((one) => [
          <><a href={profileAddress(one.id)}><bdi>{one.title ?? one.id}</bdi></a><Received from={one.received_from} /></>,
          one.country ? <Country code={one.country} /> : "",
          <><span class={one.committed === "committed" ? "badge good" : "badge"}>{say(STANDS[one.committed])}</span> <Way href={caseAddress(one.case)}><CaseState state={one.state} /></Way></>,
          one.amount === undefined ? <span class="quiet">{say("term.not_stated")}</span> : (
            <><Money amount={one.amount} currency={one.currency ?? ""} />{one.own !== undefined && one.own_currency !== one.currency && <span class="small quiet"> (<Money amount={one.own} currency={one.own_currency ?? ""} />)</span>}</>
          ),
          one.instrument ? <Term list="cooperation" code={one.instrument} /> : "",
          <Day when={one.since} />,
        ])} />
    </section>
  );
}
const AMOUNT = 3; // which column

// A state is one of an introduction or of an interest; both lists have words.
const OF_INTEREST = new Set(["sent", "received", "asked_back", "accepted", "declined", "withdrawn", "lapsed"]);
const CaseState = ({ state }: { state: string }) => <CaseTerm list={OF_INTEREST.has(state) ? "interest.state" : "introduction.state"} code={state} />;

function Instruments({ data }: { data: Data }) {
  if (!data.instruments.length) return null;
  return (
    <section class="card stack-s">
      <h2>{say("column.instruments")}</h2>
      <ul class="parts">
        {data.instruments.map((one) => (
          <li key={one.instrument ?? ""}>
            <span>{one.instrument ? <Term list="cooperation" code={one.instrument} /> : say("portfolio.no_instrument")}</span>
            <span class="m num">{one.committed > 0 ? <Money amount={one.committed} currency={data.currency} /> : <span class="badge warn">{say("portfolio.nothing_yet")}</span>}</span>
            {!one.sought && <p class="small quiet">{say("portfolio.not_sought")}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Calendar({ data }: { data: Data }) {
  const withWhom = (of: string) => data.partners.find((one) => one.case === of)?.title ?? of;
  return (
    <section class="card stack-s">
      <h2>{say("portfolio.days")}</h2>
      {data.calendar.length === 0 ? <p class="m">{say("portfolio.no_days")}</p> : (
        <ul class="m stack-s">
          {data.calendar.map((one) => (
            <li key={one.day + one.what + (one.case ?? "")}><strong><Day when={one.day} /></strong> {say(WHAT[one.what])}{one.case && <>: <Way href={caseAddress(one.case)}><bdi>{withWhom(one.case)}</bdi></Way></>}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

export default function PortfolioView({ place }: ViewProps) {
  const id = place.params.id!;
  const project = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  const shown = useAnswer("portfolio " + id, (signal) => get("/v1/projects/{id}/portfolio", { path: { id }, signal }));
  const title = project.data?.title ?? id;
  useTitle(say("portfolio.title_of", { title }));
  return (
    <>
      <header class="row apart top">
        <div class="grow stack-s">
          <h1>{say("portfolio.title")}: <bdi>{title}</bdi></h1>
          {project.data && <p class="m quiet"><a href={profileAddress(id)}>{say("portfolio.profile")}</a> · <Country code={project.data.country} /></p>}
        </div>
        <button type="button" class="button noprint" onClick={() => print()}>{say("part.print")}</button>
      </header>
      <Answered shown={shown}>
        {(data) => (
          <div class="cols side-end">
            <div class="stack">
              <Budget data={data} />
              {told(data).length > 0 ? <Partners data={data} /> : <Empty title={say("portfolio.nobody")}><p>{say("portfolio.nobody_how")}</p></Empty>}
              <Assembled id={id} place={place} />
            </div>
            <aside class="stack" aria-label={say("portfolio.beside")}><Instruments data={data} /><Calendar data={data} /></aside>
          </div>
        )}
      </Answered>
    </>
  );
}
