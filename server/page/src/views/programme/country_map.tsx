// Members by country: the map, and the same numbers in a table.
import { useAnswer } from "../../api/answer";
import { get, type Result } from "../../api/client";
import { saveTable } from "../../parts/files";
import { Table } from "../../parts/table";
import { LEVELS } from "../../parts/tile_map";
import { Way } from "../../parts/way";
import { isOutline, WorldMap } from "../../parts/world_map";
import { type Place, withQuery } from "../../shell/place";
import { Country, useCountries } from "../../words/names";
import { language, list, number, say } from "../../words/say";
import type { Programme } from "./programme";

type Found = Result<"get", "/v1/profiles">;
const FOCUS = ["LDC", "SIDS"];
const MAP_SHOWN = "(min-width: 48rem)"; // as in the style sheet

function useCounts(slug: string | null): Record<string, number> | null {
  const asked = { facets: "country", limit: 1, ...(slug && { programmes: slug }) };
  const { data } = useAnswer("by country " + (slug ?? ""), (signal) => get("/v1/profiles", { query: asked, signal }));
  const counts = (data as Found | null)?.facets?.country;
  return counts ? Object.fromEntries(counts.filter((one) => /^[A-Z]{2}$/.test(one.key)).map((one) => [one.key, one.count])) : null;
}

function Legend({ marked }: { marked: boolean }) {
  const [one, some, many] = LEVELS as [number, number, number];
  return (
    <ul class="legend">
      <li><i class="k0" />{say("programme.none_there")}</li>
      <li><i class="k1" />{number(one)}–{number(some - 1)}</li>
      <li><i class="k2" />{number(some)}–{number(many - 1)}</li>
      <li><i class="k3" />{say("programme.and_more", { n: many })}</li>
      {marked && <li><i class="kr" />{say("programme.lacking")}</li>}
    </ul>
  );
}

export function CountryMap({ programme, assumed, place }: { programme: Programme; assumed: boolean; place: Place }) {
  const names = useCountries();
  const onRecord = useCounts(null);
  const named = useCounts(programme.slug);
  const members = assumed ? onRecord : named;
  if (!members || !onRecord || !names) return null;
  const marks = (code: string) => names.marks[code] ?? [];
  const focus = Object.keys(names.countries).filter((code) => marks(code).some((mark) => FOCUS.includes(mark)));
  const lacking = focus.filter((code) => !members[code]);
  const known = new Set(lacking.filter((code) => onRecord[code]));
  const chosen = place.query.get("country") ?? undefined;
  const told = (count: number, code: string) =>
    assumed ? say("programme.on_record", { n: count }) : say("programme.members_there", { n: count, record: onRecord[code] ?? 0 });
  const sorted = Object.entries(members).sort((one, two) => two[1] - one[1] || (names.countries[one[0]] ?? "").localeCompare(names.countries[two[0]] ?? "", language.get()));
  const title = say(assumed ? "programme.record_map" : "programme.map");
  const heads = [say("column.country"), ...(assumed ? [] : [say("programme.member_list")]), say("programme.record")];
  const absent = (codes: string[]) => list(codes.map((code) => names.countries[code] ?? code).sort((one, two) => one.localeCompare(two, language.get())));
  return (
    <section class="card stack-s">
      <h2>{title}</h2>
      {assumed && <p class="m quiet">{say("programme.record_map_why")}</p>}
      {!assumed && !isOutline() && <p class="m quiet noprint">{say("programme.map_how")}</p>}
      <WorldMap label={title} counts={members} say={told} href={(code) => withQuery({ country: code })} chosen={chosen} missing={known}>
        <Legend marked={known.size > 0} />
      </WorldMap>
      {chosen && names.countries[chosen] && (
        <p class="notice" role="status"><span><Way href={"/countries/" + chosen}><strong><Country code={chosen} /></strong></Way>: {told(members[chosen] ?? 0, chosen)}</span>
          {!assumed && members[chosen] ? <a class="button small" href={withQuery({ part: "members" })}>{say("programme.look")}</a> : null}</p>
      )}
      <p class="m">{say("programme.without", { n: lacking.length, all: focus.length })}</p>
      <details open={!matchMedia(MAP_SHOWN).matches}>
        <summary>{say("programme.same_numbers")}</summary>
        <div class="stack-s">
          <p class="noprint"><button type="button" class="button small"
            onClick={() => saveTable(programme.slug + "-countries", [heads, ...sorted.map(([code, count]) => [names.countries[code] ?? code, ...(assumed ? [] : [count]), onRecord[code] ?? 0])])}>
            {say("part.csv")}<span class="hidden"> {title}</span></button></p>
          <Table label={title} columns={heads.map((head, i) => ({ head, number: i > 0 }))}
            rows={sorted.map(([code, count]) => [<Country code={code} />, ...(assumed ? [] : [number(count)]), number(onRecord[code] ?? 0)])} />
          {known.size > 0 && <p class="m"><strong>{say("programme.lacking")}:</strong> {absent([...known])}</p>}
          <p class="small quiet"><strong>{say("programme.lacking_unknown")}:</strong> {absent(lacking.filter((code) => !known.has(code)))}</p>
        </div>
      </details>
    </section>
  );
}
