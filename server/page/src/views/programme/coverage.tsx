// Who is in a programme and who is missing: in sentences, as a map, by each way of counting, and who could fill the gaps.
import { useAnswer } from "../../api/answer";
import { get, type Result } from "../../api/client";
import { saveTable } from "../../parts/files";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { type Place, withQuery } from "../../shell/place";
import { number, say } from "../../words/say";
import { CountryMap } from "./country_map";
import { Gaps } from "./gaps";
import { Shares } from "./shares";
import type { Programme } from "./programme";

export type CoverageData = Result<"get", "/v1/programmes/{programme}/coverage">;
type Dimension = CoverageData["dimensions"][number];
type Key = Dimension["keys"][number];

const BY: Record<string, string> = {
  country_group: "programme.by_group", region: "programme.by_region", sector: "programme.by_sector", theme: "programme.by_theme",
  kind: "programme.by_kind", gender: "programme.by_gender", women_led: "programme.by_women_led",
};
const TOLD = ["developing", "LDC", "LLDC", "SIDS"];
export const percent = (share: number) => Math.round(share * 100);

function Missing({ data }: { data: CoverageData }) {
  const keys = data.dimensions.find((one) => one.name === "country_group")?.keys.filter((key) => TOLD.includes(key.key)) ?? [];
  return (
    <section class="card stack-s">
      <h2>{say("term.who_is_missing")}</h2>
      <p>{say("programme.members", { n: data.members })} {data.assumed && say("programme.assumed")}</p>
      {data.not_eligible > 0 && <p class="m">{say("programme.not_eligible", { n: data.not_eligible })}</p>}
      {data.members > 0 && (
        <ul class="m stack-s">
          {keys.map((key) => (
            <li key={key.key} class={key.missing ? "unmet" : "met"}>
              {say("programme.share", { group: key.title, share: percent(key.share), expected: percent(key.expected) })}
              {key.missing > 0 && <> <strong>{say("programme.wanting", { n: key.missing })}</strong></>}
            </li>
          ))}
        </ul>
      )}
      {data.removed?.map((one) => (
        <p class="m" key={one.condition + one.owner}><strong>{say("programme.fell", { n: one.count })}</strong> <span dir="auto">{one.condition}</span> <span class="quiet" dir="auto">{one.remedy}</span></p>
      ))}
    </section>
  );
}

const telling = (key: Key) => key.members > 0 || key.missing > 0;

function By({ data, slug, by, shares }: { data: CoverageData; slug: string; by: string; shares: string }) {
  const dimension = data.dimensions.find((one) => one.name === by) ?? data.dimensions[0];
  if (!dimension) return null;
  const keys = dimension.keys.filter(telling);
  const told = (share: number) => say("programme.percent", { n: percent(share) });
  const heads = [say("programme.key"), say("programme.member_list"), say("programme.of_members"),
    say(dimension.reference === "countries" ? "programme.of_countries" : "programme.of_eligible"), say("programme.missing")];
  const plain = keys.map((key) => [key.title, key.members, percent(key.share), percent(key.expected), key.missing]);
  return (
    <section class="card stack-s">
      <div class="row apart">
        <h2>{say("programme.who_is_in")}</h2>
        <button type="button" class="button small noprint" onClick={() => saveTable(`${slug}-${dimension.name}`, [heads, ...plain])}>{say("part.csv")}<span class="hidden"> {say(BY[dimension.name] ?? "programme.who_is_in")}</span></button>
      </div>
      <ul class="row noprint" aria-label={say("programme.count_by")}>
        {data.dimensions.filter((one) => one.stated > 0).map((one) => (
          <li key={one.name}>
            <a class={one === dimension ? "chip on" : "chip"} aria-current={one === dimension ? "true" : undefined}
              href={withQuery({ by: one === data.dimensions[0] ? null : one.name })}>{say(BY[one.name] ?? "programme.key")}</a>
          </li>
        ))}
      </ul>
      <Table label={say("programme.who_is_in")} columns={heads.map((head, i) => ({ head, number: i > 0 }))}
        rows={keys.map((key) => [
          <span dir="auto">{key.title}</span>, number(key.members), told(key.share), told(key.expected),
          key.missing ? <span class="badge warn">{number(key.missing)}</span> : number(0),
        ])} />
      <Shares shares={shares} keys={dimension.keys} />
      <p class="small quiet">{say("programme.stated", { n: dimension.stated, of: data.members })}</p>
    </section>
  );
}

export function Coverage({ programme, place }: { programme: Programme; place: Place }) {
  const shares = place.query.get("shares") ?? undefined;
  const shown = useAnswer(`coverage ${programme.slug} ${shares ?? ""}`, (signal) =>
    get("/v1/programmes/{programme}/coverage", { path: { programme: programme.slug }, query: { shares, fillers: 5 }, signal }));
  return (
    <Answered shown={shown} wait={say("programme.counting")}>
      {(data) => (
        <>
          <Missing data={data} />
          {data.members === 0 && <Empty title={say("programme.nobody")} />}
          <CountryMap programme={programme} assumed={data.assumed} place={place} />
          {data.members > 0 && (
            <div class="cols side-end">
              <By data={data} slug={programme.slug} by={place.query.get("by") ?? ""} shares={shares ?? ""} />
              <Gaps data={data} />
            </div>
          )}
        </>
      )}
    </Answered>
  );
}
