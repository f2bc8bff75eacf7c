// The sections that offices keep, with their sources, who keeps each and since when; those that nobody has written.
import { Quote } from "../../parts/text";
import { withQuery } from "../../shell/place";
import { Day } from "../../words/dates";
import { Term } from "../../words/names";
import { language, say } from "../../words/say";
import { type Briefed, type Me, mayKeep, type Part, PARTS, type Section } from "./brief";

const WEB = /^https?:\/\//; // no other address becomes a link

function Sources({ section }: { section: Section }) {
  if (!section.sources.length) return null;
  return (
    <>
      <h3 class="label">{say("brief.sources")}</h3>
      <ul class="m plain">
        {section.sources.map((source) => (
          <li key={source.title + source.date}>
            {source.address && WEB.test(source.address)
              ? <a href={source.address} target="_blank" rel="noopener noreferrer external"><bdi>{source.title}</bdi></a> : <bdi>{source.title}</bdi>}
            , <Day when={source.date} />{source.address && !WEB.test(source.address) && <> · <bdi>{source.address}</bdi></>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Kept({ section, me, officeName }: { section: Section; me: Me | null | undefined; officeName(id: string): string }) {
  const tongue = language.use();
  const title = say(PARTS[section.section]);
  return (
    <section class="card stack-s" aria-labelledby={"part-" + section.section}>
      <header class="row apart">
        <h2 id={"part-" + section.section}>{title}</h2>
        {mayKeep(me, section) && <a class="button small" href={withQuery({ edit: section.section })}>{say("brief.edit")}<span class="hidden">: {title}</span></a>}
      </header>
      {section.lang !== tongue && <p class="small quiet">{say("brief.in_other")} <Term list="language" code={section.lang} /></p>}
      {section.text.split(/\n{2,}/).map((paragraph, i) => <Quote key={i} text={paragraph} lang={section.lang} />)}
      <Sources section={section} />
      <p class="small quiet">{say("brief.kept_by")} <bdi>{officeName(section.office)}</bdi> · <Day when={section.changed} /></p>
    </section>
  );
}

export function Sections({ brief, me, officeName }: { brief: Briefed; me: Me | null | undefined; officeName(id: string): string }) {
  const missing = (Object.keys(PARTS) as Part[]).filter((part) => !brief.sections.some((one) => one.section === part));
  const writes = mayKeep(me, undefined);
  return (
    <>
      {brief.sections.map((section) => <Kept key={section.section} section={section} me={me} officeName={officeName} />)}
      {missing.length > 0 && (
        <section class="card stack-s noprint" aria-labelledby="missing">
          <h2 id="missing">{say("brief.missing")}</h2>
          <ul class="row">
            {missing.map((part) => <li key={part}>{writes ? <a class="chip" href={withQuery({ edit: part })}>+ {say(PARTS[part])}</a> : <span class="badge">{say(PARTS[part])}</span>}</li>)}
          </ul>
          <p class="small quiet">{say(writes ? "brief.write_how" : "brief.ask_office")}</p>
        </section>
      )}
    </>
  );
}
