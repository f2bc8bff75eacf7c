// The offices: who heads each, when it works; one opened to be changed, or a new one.
import { Empty, Answered } from "../../parts/states";
import { Table } from "../../parts/table";
import { useMe } from "../../shell/me";
import { withQuery } from "../../shell/place";
import { CountryName, Term } from "../../words/names";
import { number, say } from "../../words/say";
import type { SectionProps } from "../../parts/administration";
import { nameOf, useDirectory } from "../../api/directory";
import { OfficeForm } from "./office_form";

export function Offices({ place }: SectionProps) {
  const shown = useDirectory();
  const governs = (useMe()?.rights as Record<string, string> | undefined)?.govern === "all";
  const opened = place.query.get("office"), fresh = place.query.has("new");
  if (opened || fresh) return <OfficeForm key={opened} id={opened} directory={shown.data} onSaved={shown.again} governs={governs} />;
  return (
    <Answered shown={shown}>
      {({ offices, desks }) => (
        <section class="card flush">
          <header class="row apart">
            <h2>{say("admin.offices")} <span class="count">{number(offices.length)}</span></h2>
            {governs && <a class="button main small" href={withQuery({ new: "1" })}>{say("offices.new_office")}</a>}
          </header>
          {offices.length === 0 ? <Empty title={say("offices.no_office")}><p>{say("offices.no_office_how")}</p></Empty> : (
            <Table label={say("admin.offices")} columns={[
              { head: say("column.office") }, { head: say("column.country") }, { head: say("column.languages") }, { head: say("column.head") }, { head: say("column.working_time") }, { head: say("admin.desks"), number: true }]}
              rows={offices.map((office) => [
                <><a href={withQuery({ office: office.id })}><bdi>{office.name}</bdi></a>{office.duty && <> <span class="badge accent">{say("column.duty")}</span></>}
                  {!office.mail && <> <span class="badge warn">{say("offices.no_mail")}</span></>}</>,
                <CountryName code={office.working_time.country} />,
                office.languages.map((code, i) => <>{i > 0 && " · "}<Term list="language" code={code} /></>),
                <bdi>{nameOf(desks, office.head)}</bdi>,
                <><bdi>{office.working_time.opens}–{office.working_time.closes}</bdi> <span class="small quiet"><bdi>{office.working_time.time_zone}</bdi></span></>,
                number(desks.filter((desk) => desk.office === office.id).length),
              ])} />
          )}
        </section>
      )}
    </Answered>
  );
}
