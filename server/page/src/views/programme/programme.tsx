// Programmes: which there are; of one, what it is, whom it covers and who is missing, its members.
import { useAnswer } from "../../api/answer";
import { get, Problem, type Result } from "../../api/client";
import { composesPanels } from "../../parts/programmes";
import { Answered, Loading, Trouble } from "../../parts/states";
import { programmeAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import type { Place } from "../../shell/place";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { Coverage } from "./coverage";
import { Members } from "./members";

export type Programme = Result<"get", "/v1/programmes">["programmes"][number];

const PARTS = [
  { part: "coverage", word: "programme.coverage", View: Coverage },
  { part: "members", word: "programme.member_list", View: Members },
  { part: "about", word: "programme.about", View: About },
];

function About({ programme }: { programme: Programme; place: Place }) {
  return (
    <section class="card stack-s measure">
      <h2>{say("programme.sides")}</h2>
      {programme.sides.length === 0 && <p>{say("programme.no_sides")}</p>}
      <ul class="plain">{programme.sides.map((side) => <li key={side.name} dir="auto">{side.label}</li>)}</ul>
      <p class="m quiet">{say("programme.rules_are")}</p>
    </section>
  );
}

function One({ programme, place }: { programme: Programme; place: Place }) {
  const chosen = PARTS.find((one) => one.part === place.query.get("part")) ?? PARTS[0]!;
  const here = programmeAddress(programme.slug);
  const to = (part: string) => here + (part === PARTS[0]!.part ? "" : "?part=" + part);
  return (
    <>
      <header class="row apart top">
        <div class="grow stack-s"><h1 dir="auto">{programme.name}</h1><p class="m quiet" dir="auto">{programme.description}</p></div>
        <div class="row noprint">
          <button type="button" class="button" onClick={() => print()}>{say("part.print")}</button>
          {composesPanels(programme) && <a class="button main" href={here + "/panels/new"}>{say("term.convene_a_panel")}</a>}
        </div>
      </header>
      <nav class="tabs" aria-label={say("programme.parts")}>
        {PARTS.map((one) => <a key={one.part} href={to(one.part)} aria-current={one === chosen ? "page" : undefined}>{say(one.word)}</a>)}
        <a href={"/runs?programme=" + programme.slug}>{say("programme.runs")}</a>
        <a href={"/reports?programme=" + programme.slug}>{say("programme.report")}</a>
      </nav>
      <chosen.View programme={programme} place={place} key={chosen.part} />
    </>
  );
}

function All({ programmes }: { programmes: Programme[] }) {
  return (
    <ul class="card flush rows">
      {programmes.map((one) => (
        <li key={one.slug}>
          <div>
            <h2 class="label"><a href={programmeAddress(one.slug)} dir="auto">{one.name}</a></h2>
            <p class="m quiet" dir="auto">{one.description}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

export default function Programmes({ place }: ViewProps) {
  const { slug } = place.params;
  const shown = useAnswer("programmes", (signal) => get("/v1/programmes", { signal }));
  const one = shown.data?.programmes.find((programme) => programme.slug === slug);
  useTitle(one?.name ?? say("column.programmes"));
  if (!slug)
    return (
      <>
        <h1>{say("column.programmes")}</h1>
        <Answered shown={shown}>{(data) => <All programmes={data.programmes} />}</Answered>
      </>
    );
  return (
    <>
      {!one && <h1 class="hidden">{say("term.programme")} <span class="id">{slug}</span></h1>}
      {one ? <One programme={one} place={place} />
        : shown.data ? <Trouble problem={new Problem("gone", say("programme.none"))} />
        : shown.problem ? <Trouble problem={shown.problem} again={shown.again} /> : <Loading />}
    </>
  );
}
