// Who names the programme, a page at a time.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { profileAddress } from "../../parts/way";
import { type Place, withQuery } from "../../shell/place";
import { Country, CountryName, Term } from "../../words/names";
import { say } from "../../words/say";
import type { Programme } from "./programme";

const PAGE = 50;

export function Members({ programme, place }: { programme: Programme; place: Place }) {
  const country = place.query.get("country") ?? undefined, cursor = place.query.get("cursor") ?? undefined;
  const shown = useAnswer(`members ${programme.slug} ${country ?? ""} ${cursor ?? ""}`, (signal) =>
    get("/v1/profiles", { query: { programmes: programme.slug, country, cursor, limit: PAGE }, signal }));
  return (
    <div class="stack">
      {country && (
        <p class="row"><a class="chip on" href={withQuery({ country: null, cursor: null })}><CountryName code={country} /> <span aria-hidden="true">✕</span><span class="hidden">{say("programme.take_away")}</span></a></p>
      )}
      <Answered shown={shown}>
        {(data) => data.profiles.length === 0 ? (
          <Empty title={say("programme.nobody_names_it")}>
            <p>{say("programme.assumed")}</p>
            <div class="row middle"><a class="button" href={"/search?programme=" + programme.slug}>{say("programme.search_under")}</a></div>
          </Empty>
        ) : (
          <section class="card stack-s">
            <h2>{say("programme.members", { n: data.total })}</h2>
            <Table label={say("programme.member_list")} columns={[{ head: say("column.title") }, { head: say("column.country") }, { head: say("column.kind") }]}
              rows={data.profiles.map((one) => [<a href={profileAddress(one.id)}><bdi>{one.title}</bdi></a>, <Country code={one.country} />, <Term list="kind" code={one.kind} />])} />
            <nav class="row" aria-label={say("part.pages")}>
              {cursor && <a class="button" href={withQuery({ cursor: null })}>{say("programme.from_start")}</a>}
              {data.next_cursor && <a class="button" rel="next" href={withQuery({ cursor: data.next_cursor })}>{say("part.after")}</a>}
            </nav>
          </section>
        )}
      </Answered>
    </div>
  );
}
