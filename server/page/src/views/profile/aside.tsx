// Beside the texts: facts, how complete it is and what to add, whose it is, who may be told of its contact.
import { useAnswer } from "../../api/answer";
import { get, type Profile, type Schemas } from "../../api/client";
import { type Fact, Facts } from "../../parts/facts";
import { Day } from "../../words/dates";
import { usePlaceName, useSectors, useTerms } from "../../words/names";
import { language, list, number, say } from "../../words/say";

function moneyText(money: Schemas["Finance"] | undefined, instrument: (code: string) => string): string {
  if (!money) return "";
  const ends = [money.min, money.max].filter((end) => end !== undefined).map((end) => number(end!));
  const range = money.min !== undefined && money.max !== undefined ? ends.join("–")
    : money.min !== undefined ? say("profile.from", { amount: ends[0]! }) : money.max !== undefined ? say("profile.up_to", { amount: ends[0]! }) : "";
  return [range && `${range} ${money.currency ?? ""}`, list((money.instruments ?? []).map(instrument))].filter(Boolean).join(" · ");
}

const yesNo = (value: boolean | undefined) => (value === undefined ? "" : say(value ? "profile.yes" : "profile.no"));

export function ProfileFacts({ profile }: { profile: Profile }) {
  const terms = useTerms(), sectors = useSectors(), placeName = usePlaceName();
  const words = (name: string, codes: readonly string[] = []) => list(codes.map((code) => terms?.[name]?.[code] ?? code));
  const own = profile.organisation ?? {};
  const facts: Fact[] = [
    { name: say("column.sectors"), value: list((profile.sectors ?? []).map((code) => sectors?.[code] ?? code)), wanted: true },
    { name: say("column.cooperation"), value: words("cooperation", profile.cooperation), wanted: true },
    { name: say("profile.money_offered"), value: moneyText(profile.finance?.offered, (code) => terms?.cooperation?.[code] ?? code) },
    { name: say("profile.money_sought"), value: moneyText(profile.finance?.sought, (code) => terms?.cooperation?.[code] ?? code) },
    { name: say("column.technologies"), value: words("technology", profile.technologies) },
    { name: say("column.themes"), value: words("theme", profile.themes) },
    { name: say("column.sdgs"), value: list((profile.sdgs ?? []).map((code) => [code, terms?.sdg?.[code]].filter(Boolean).join(" "))) },
    { name: say("column.stage"), value: profile.stage && words("stage", [profile.stage]) },
    { name: say("column.trl"), value: profile.trl && number(profile.trl) },
    { name: say("column.ipr"), value: profile.ipr && words("ipr", [profile.ipr]) },
    { name: say("column.type"), value: own.type && words("organisation_type", [own.type]) },
    { name: say("column.size"), value: own.size && words("size", [own.size]) },
    { name: say("column.founded"), value: own.founded && String(own.founded) },
    { name: say("column.employees"), value: own.employees !== undefined ? number(own.employees) : "" },
    { name: say("column.languages"), value: words("language", own.languages), wanted: true },
    { name: say("column.countries_of_activity"), value: list((profile.countries_of_activity ?? []).map(placeName)) },
    { name: say("column.women_led"), value: yesNo(own.women_led) },
    { name: say("column.women_owned"), value: yesNo(own.women_owned) },
    { name: say("column.gender"), value: profile.gender && words("gender", [profile.gender]) },
  ];
  return <section class="card stack-s"><h2>{say("profile.facts")}</h2><Facts facts={facts} /><Wishes profile={profile} /></section>;
}

// Conditions that the profile itself states on its counterparts.
function Wishes({ profile }: { profile: Profile }) {
  const terms = useTerms(), placeName = usePlaceName();
  const partner = profile.partner ?? {};
  const words = (name: string, codes: readonly string[] = []) => list(codes.map((code) => terms?.[name]?.[code] ?? code));
  const facts: Fact[] = [
    { name: say("column.countries"), value: list([...(partner.countries ?? []), ...(partner.country_groups ?? [])].map(placeName)) },
    { name: say("column.exclude_countries"), value: list((partner.exclude_countries ?? []).map(placeName)) },
    { name: say("column.kinds"), value: words("kind", partner.kinds) },
    { name: say("column.roles"), value: words("role", partner.roles) },
    { name: say("column.sizes"), value: words("size", partner.sizes) },
  ];
  if (!facts.some((fact) => fact.value)) return null;
  return <><h3>{say("column.partner")}</h3><Facts facts={facts} /></>;
}

export function Completeness({ id }: { id: string }) {
  const shown = useAnswer("advice " + id, (signal) => get("/v1/profiles/{id}/advice", { path: { id }, query: { lang: language.get() }, signal }));
  const { data } = shown;
  if (!data) return null;
  const percent = Math.round(data.completeness * 100);
  return (
    <section class="card stack-s">
      <h2>{say("term.how_complete")}</h2>
      <p class="m"><strong>{say("profile.percent", { n: percent })}</strong></p>
      <progress max={100} value={percent} aria-label={say("term.how_complete")} />
      {data.advice.length > 0 && (
        <details>
          <summary>{say("profile.to_add", { n: data.advice.length })}</summary>
          <ul class="m plain stack-s">{data.advice.map((one) => <li key={one.member} dir="auto">{one.add}</li>)}</ul>
        </details>
      )}
      {data.places && <p class="small quiet">{say("profile.places", { n: data.places.taken, of: data.places.of })}</p>}
    </section>
  );
}

export function Owner({ profile }: { profile: Profile }) {
  return (
    <section class="card stack-s">
      <h2>{say("profile.owner")}</h2>
      <Facts facts={[
        { name: say("column.office"), value: profile.office && <bdi>{profile.office}</bdi>, wanted: true },
        { name: say("column.valid_until"), value: profile.valid_until && <Day when={profile.valid_until} /> },
        { name: say("column.capacity"), value: profile.capacity !== undefined ? number(profile.capacity) : "" },
      ]} />
    </section>
  );
}

export function Contact({ profile }: { profile: Profile }) {
  const contact = profile.contact;
  const shown = contact && Object.values(contact).some(Boolean);
  return (
    <section class="card stack-s">
      <h2>{say("column.contact")}</h2>
      {!shown && <p class="m">{say("profile.locked")}</p>}
      {shown && (
        <Facts facts={[
          { name: say("column.person"), value: contact.person && <bdi>{contact.person}</bdi> },
          { name: say("column.email"), value: contact.email && <bdi>{contact.email}</bdi> },
          { name: say("column.phone"), value: contact.phone && <bdi dir="ltr">{contact.phone}</bdi> },
          { name: say("column.website"), value: contact.website && <bdi>{contact.website}</bdi> },
          { name: say("column.address"), value: contact.address && <bdi>{contact.address}</bdi> },
        ]} />
      )}
    </section>
  );
}
