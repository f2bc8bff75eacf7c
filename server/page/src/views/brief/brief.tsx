// What to know of a country before writing to someone there: what offices keep of it, and what is here of it.
import { useAnswer } from "../../api/answer";
import { get, type Result, type Schemas } from "../../api/client";
import { useDirectory } from "../../api/directory";
import { Facts } from "../../parts/facts";
import { Answered } from "../../parts/states";
import { Table } from "../../parts/table";
import { useTitle } from "../../shell/arrive";
import { useMe } from "../../shell/me";
import { withQuery } from "../../shell/place";
import { longDayText } from "../../words/dates";
import { Country, useCountries } from "../../words/names";
import { list, number, say } from "../../words/say";
import type { ViewProps } from "../../views";
import { SectionForm } from "./section_form";
import { Sections } from "./sections";

export type Briefed = Result<"get", "/v1/countries/{country}/brief">;
export type Section = Briefed["sections"][number];
export type Part = Section["section"];
export type Me = Schemas["Me"];

export const PARTS: Record<Part, string> = {
  registration: "brief.part_registration", tax: "brief.part_tax", incentives: "brief.part_incentives", agencies: "brief.part_agencies", sources: "brief.part_sources",
};

// May this reader change what `section` says? The office that wrote it first keeps it.
export function mayKeep(me: Me | null | undefined, section: Section | undefined): boolean {
  const reach = (me?.rights as Record<string, string> | undefined)?.casework;
  if (!me || !reach || (me.role !== "admin" && me.role !== "officer") || (me.role === "officer" && !me.desk)) return false;
  return !section || reach === "all" || section.office === me.office;
}

function Whole({ brief }: { brief: Briefed }) {
  const titles = (codes: readonly { title: string }[]) => list(codes.map((one) => one.title));
  const { currency } = brief;
  return (
    <section class="card stack-s" aria-labelledby="country">
      <h2 id="country">{say("brief.country")}</h2>
      <Facts facts={[
        { name: say("brief.groups"), value: titles(brief.groups) },
        { name: say("brief.region"), value: brief.regions[0]?.title },
        { name: say("brief.income"), value: brief.income?.title },
        { name: say("column.currency"), value: currency && <>{currency.title} <bdi>({currency.code})</bdi></> },
        { name: say("brief.worth"), value: currency?.usd && <bdi>1 USD = {number(Math.round(100 / currency.usd) / 100)} {currency.code}</bdi> },
        { name: say("column.profiles"), value: number(brief.profiles) },
        { name: say("brief.from_abroad"), value: brief.from_abroad ? number(brief.from_abroad) : "" },
      ]} />
      <p class="m noprint"><a href={"/search?" + new URLSearchParams({ country: brief.country })}>{say("brief.search")}</a></p>
    </section>
  );
}

function Counts({ title, counts, name }: { title: string; counts: Briefed["kinds"]; name?(code: string): string }) {
  if (!counts.length) return null;
  return (
    <section class="card stack-s">
      <h2>{title}</h2>
      <Facts facts={counts.map((one) => ({ name: name?.(one.code) ?? one.title, value: number(one.profiles) }))} />
    </section>
  );
}

function ProgrammeTable({ label, rows }: { label: string; rows: Briefed["programmes"] }) {
  return (
    <Table label={label} columns={[{ head: say("column.programme") }, { head: say("brief.sides") }, { head: say("column.profiles"), number: true }]}
      rows={rows.map((one) => [
        <span dir="auto">{one.name}</span>,
        one.sides.length ? <ul class="plain">{one.sides.map((side) => <li key={side} dir="auto">{side}</li>)}</ul> : <span class="quiet">{say("brief.any_side")}</span>,
        number(one.profiles),
      ])} />
  );
}

// Those in which somebody of the country is come first; the others are folded.
function Programmes({ brief }: { brief: Briefed }) {
  const used = brief.programmes.filter((one) => one.profiles > 0), open = brief.programmes.filter((one) => one.profiles === 0);
  if (!brief.programmes.length) return null;
  return (
    <section class="card flush">
      <header><h2>{say("brief.programmes")}</h2></header>
      {used.length > 0 && <ProgrammeTable label={say("brief.programmes")} rows={used} />}
      {open.length > 0 && (
        <details class="inner" open={used.length === 0}>
          <summary>{say("brief.programmes_open", { n: open.length })}</summary>
          <ProgrammeTable label={say("brief.programmes_open", { n: open.length })} rows={open} />
        </details>
      )}
    </section>
  );
}

export default function Brief({ place }: ViewProps) {
  const code = place.params.code!;
  const me = useMe();
  const directory = useDirectory(Boolean(me && (me.rights as Record<string, string>).offices)).data;
  const shown = useAnswer("country " + code, (signal) => get("/v1/countries/{country}/brief", { path: { country: code }, signal }));
  const name = useCountries()?.countries[code] ?? shown.data?.name ?? code;
  const edited = place.query.get("edit") as Part | null;
  useTitle(say("brief.title", { country: name }));
  const officeName = (id: string) => directory?.offices.find((one) => one.id === id)?.name ?? id;
  return (
    <>
      <header class="row apart top">
        <div>
          <h1>{say("brief.title", { country: name })}</h1>
          <p class="m"><Country code={code} /> <span class="printed">· {longDayText(Date.now())}</span></p>
        </div>
        <button type="button" class="button" onClick={() => print()}>{say("part.print")}</button>
      </header>
      <Answered shown={shown}>
        {(brief) => {
          const section = brief.sections.find((one) => one.section === edited);
          if (edited && edited in PARTS && me && mayKeep(me, section))
            return <SectionForm key={edited} country={brief.country} part={edited} section={section} me={me} directory={directory} onSaved={shown.again} />;
          return (
            <div class="cols side-end">
              <div class="stack">
                <Sections brief={brief} me={me} officeName={officeName} />
                <Programmes brief={brief} />
              </div>
              <aside class="stack" aria-label={say("brief.here")}>
                <Whole brief={brief} />
                <Counts title={say("column.kinds")} counts={brief.kinds} />
                <Counts title={say("column.roles")} counts={brief.roles} />
                <Counts title={say("column.sectors")} counts={brief.sectors} />
                <Counts title={say("column.offices")} counts={brief.offices} name={officeName} />
              </aside>
            </div>
          );
        }}
      </Answered>
      {edited && <p class="noprint"><a class="m" href={withQuery({ edit: null })}>{say("brief.back")}</a></p>}
    </>
  );
}
