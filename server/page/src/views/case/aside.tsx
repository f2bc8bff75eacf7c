// Beside a case: the two keys, what they released, who follows it for each side, what it came of and led to.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Facts } from "../../parts/facts";
import { caseAddress, profileAddress, Way } from "../../parts/way";
import { dayText } from "../../words/dates";
import { say, sayWith } from "../../words/say";
import { Desk, type Acting, officeName } from "./acting";
import { type Case, isBetweenTwo, titleOf, useWords } from "./model";

const KEY: Record<string, string> = { introduction: "release" };

export function Keys({ item, acting }: { item: Case; acting: Acting }) {
  const verb = KEY[item.kind];
  if (!verb) return null;
  const since = (item.timeline ?? []).findLastIndex((event) => event.verb === "reopen");
  const turned = (item.timeline ?? []).slice(since + 1).filter((event) => event.verb === verb);
  const sides = [["asking", item.from.office], ["answering", item.to.office]] as const;
  return (
    <section class="card stack-s" aria-labelledby="keys">
      <h2 id="keys">{say("term.two_keys")}</h2>
      <p class="m quiet">{say(item.released ? "casework.keys_turned" : "casework.keys_why")}</p>
      <ul class="m stack-s">
        {sides.map(([side, office]) => {
          const by = turned.find((event) => event.side === side);
          const name = <bdi>{officeName(acting.directory, office)}</bdi>;
          return <li key={side} class={by ? "met" : "open"}><span>{by ? <>{name}, {dayText(by.at)}</> : sayWith(office === acting.office ? "casework.key_yours" : "casework.key_theirs", { office: name })}</span></li>;
        })}
      </ul>
    </section>
  );
}

export function Contacts({ item }: { item: Case }) {
  if (!item.contacts?.length) return item.released ? <p class="notice"><span>{say("casework.contacts_elsewhere")}</span></p> : null;
  const of = (id: string) => [item.from, item.to].find((party) => party.profile === id) ?? { profile: id };
  return (
    <section class="card stack" aria-labelledby="contacts">
      <h2 id="contacts">{say("column.contacts")}</h2>
      <p class="small quiet">{say("casework.contacts_logged")}</p>
      {item.contacts.map(({ profile, legal_name, contact }) => (
        <div class="stack-s" key={profile}>
          <h3><bdi>{titleOf(of(profile))}</bdi></h3>
          <Facts facts={[
            { name: say("column.legal_name"), value: legal_name && <bdi>{legal_name}</bdi> },
            { name: say("column.person"), value: contact.person && <bdi>{contact.person}</bdi> },
            { name: say("column.email"), value: contact.email && <a href={"mailto:" + contact.email}><bdi>{contact.email}</bdi></a> },
            { name: say("column.phone"), value: contact.phone && <a href={"tel:" + contact.phone}><bdi dir="ltr">{contact.phone}</bdi></a> },
            { name: say("column.website"), value: contact.website && <bdi>{contact.website}</bdi> },
            { name: say("column.address"), value: contact.address && <bdi>{contact.address}</bdi> },
          ]} />
        </div>
      ))}
    </section>
  );
}

export function People({ item, acting }: { item: Case; acting: Acting }) {
  const words = useWords();
  const programmes = useAnswer(item.programme ? "programmes" : null, (signal) => get("/v1/programmes", { signal })).data?.programmes;
  const side = (name: "asking" | "answering", party: Case["from"], own = true) => {
    const desk = item.desks?.[name];
    return (
      <>
        {own && <><Way href={profileAddress(party.profile)}><bdi>{titleOf(party)}</bdi></Way><br /></>}
        <span class="quiet">{desk ? <Desk of={desk} directory={acting.directory} /> : <bdi>{officeName(acting.directory, party.office)}</bdi>}</span>
      </>
    );
  };
  return (
    <section class="card stack-s" aria-labelledby="people">
      <h2 id="people">{say("casework.people")}</h2>
      <Facts facts={[
        { name: say("casework.asking_side"), value: side("asking", item.from) },
        { name: say("casework.answering_side"), value: side("answering", item.to, isBetweenTwo(item)) },
        { name: say("column.programme"), value: item.programme && <span dir="auto">{programmes?.find((one) => one.slug === item.programme)?.name ?? item.programme}</span> },
        { name: say("column.kind"), value: words.kind(item.kind) },
        { name: say("column.opened"), value: item.opened && dayText(item.opened) },
        { name: say("column.valid_until"), value: item.valid_until && dayText(item.valid_until) },
      ]} />
    </section>
  );
}

// In which states of which kinds something can have come of a case.
const LEADS_ON: Record<string, string[]> = { interest: ["accepted"], introduction: ["concluded", "operational"] };

// What it came of stands in the case; what came of it names it.
export function Related({ item }: { item: Case }) {
  const words = useWords();
  const { data } = useAnswer(LEADS_ON[item.kind]?.includes(item.state) ? `cases of ${item.from.profile}` : null, (signal) => get("/v1/cases", { query: { profile: item.from.profile, limit: 200 }, signal }));
  const came = (data?.cases ?? []).filter((one) => one.origin === item.id);
  if (!item.origin && !came.length) return null;
  return (
    <section class="card stack-s" aria-labelledby="related">
      <h2 id="related">{say("casework.related")}</h2>
      <ul class="m stack-s">
        {item.origin && <li>{sayWith("casework.came_of", { what: <a href={caseAddress(item.origin)}><span class="id">{item.origin}</span></a> })}</li>}
        {came.map((one) => <li key={one.id}><a href={caseAddress(one.id)}>{words.kind(one.kind)}, {words.state(one.kind, one.state)}</a> <span class="id quiet">{one.id}</span></li>)}
      </ul>
    </section>
  );
}
