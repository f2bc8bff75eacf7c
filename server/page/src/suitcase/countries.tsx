// What to know of a country before writing to someone there.
import { Facts } from "../parts/facts";
import { Quote } from "../parts/text";
import { Day } from "../words/dates";
import { CountryName } from "../words/names";
import { list, number, say } from "../words/say";
import { briefAddress } from "./inside/way";
import { taken } from "./state";

const PARTS: Record<string, string> = {
  registration: "brief.part_registration", tax: "brief.part_tax", incentives: "brief.part_incentives", agencies: "brief.part_agencies", sources: "brief.part_sources",
};

export function Countries({ code }: { code?: string }) {
  const { briefs } = taken.get()!;
  const brief = code ? briefs[code] : undefined;
  if (!code)
    return (
      <>
        <h1>{say("taken.countries")}</h1>
        <ul class="rows card">{Object.keys(briefs).map((one) => <li key={one}><a href={briefAddress(one)}><CountryName code={one} /></a></li>)}</ul>
      </>
    );
  if (!brief) return <h1>{say("taken.not_here")}</h1>;
  return (
    <>
      <h1><CountryName code={code} /></h1>
      <section class="card stack-s" aria-label={say("brief.country")}>
        <Facts facts={[
          { name: say("brief.groups"), value: list(brief.groups.map((one) => one.title)) },
          { name: say("brief.region"), value: brief.regions[0]?.title },
          { name: say("brief.income"), value: brief.income?.title },
          { name: say("column.currency"), value: brief.currency && <>{brief.currency.title} <bdi>({brief.currency.code})</bdi></> },
          { name: say("column.profiles"), value: number(brief.profiles) },
        ]} />
      </section>
      {brief.sections.map((section) => (
        <section class="card stack-s" key={section.section} aria-labelledby={"part-" + section.section}>
          <h2 id={"part-" + section.section}>{say(PARTS[section.section] ?? "brief.part_sources")}</h2>
          {section.text.split(/\n{2,}/).map((paragraph, i) => <Quote key={i} text={paragraph} lang={section.lang} />)}
          <ul class="m plain">{section.sources.map((source) => <li key={source.title + source.date}><bdi>{source.title}</bdi>, <Day when={source.date} />{source.address && <> · <bdi>{source.address}</bdi></>}</li>)}</ul>
        </section>
      ))}
    </>
  );
}
