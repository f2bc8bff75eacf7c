// The desks, office by office: who is away until when and who sits in; one opened, or a new one.
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { useMe } from "../../shell/me";
import { go, withQuery } from "../../shell/place";
import { Day } from "../../words/dates";
import { Term } from "../../words/names";
import { number, say } from "../../words/say";
import type { SectionProps } from "../../parts/administration";
import { DeskForm } from "./desk_form";
import { type Desk, nameOf, useDirectory } from "../../api/directory";

const today = () => new Date().toISOString().slice(0, 10);

function Here({ desk, desks }: { desk: Desk; desks: Desk[] }) {
  if (desk.ends && desk.ends <= today()) return <><span class="badge warn">{say("offices.desk_ended")}</span> {desk.heir && <bdi class="to">{nameOf(desks, desk.heir)}</bdi>}</>;
  if (!desk.absence || desk.absence.until < today()) return <span class="quiet">{say("offices.here")}</span>;
  const away = desk.absence.from <= today();
  return (
    <>
      <span class={away ? "badge warn" : "badge"}>{say(away ? "offices.away" : "offices.will_be_away")}</span>{" "}
      <Day when={desk.absence.from} />–<Day when={desk.absence.until} /> <bdi class="to">{nameOf(desks, desk.absence.deputy)}</bdi>
    </>
  );
}

export function Desks({ place }: SectionProps) {
  const shown = useDirectory();
  const governs = (useMe()?.rights as Record<string, string> | undefined)?.govern === "all";
  const of = place.query.get("of") ?? "", opened = place.query.get("desk"), fresh = place.query.has("new");
  return (
    <Answered shown={shown}>
      {(directory) => {
        if (opened || fresh) return <DeskForm key={opened} id={opened} of={of} directory={directory} onSaved={shown.again} governs={governs} />;
        const desks = directory.desks.filter((desk) => !of || desk.office === of);
        return (
          <section class="card flush">
            <header class="row apart">
              <h2>{say("admin.desks")} <span class="count">{number(desks.length)}</span></h2>
              <div class="row noprint">
                <select class="input" aria-label={say("column.office")} value={of} onChange={(event) => go(withQuery({ of: event.currentTarget.value }))}>
                  <option value="">{say("admin.all_offices")}</option>
                  {directory.offices.map((office) => <option key={office.id} value={office.id}>{office.name}</option>)}
                </select>
                {governs && directory.offices.length > 0 && <a class="button main small" href={withQuery({ new: "1" })}>{say("offices.new_desk")}</a>}
              </div>
            </header>
            {desks.length === 0 ? <Empty title={say("offices.no_desk_yet")} /> : (
              <Table label={say("admin.desks")} columns={[
                { head: say("column.desk") }, { head: say("column.office") }, { head: say("column.language") }, { head: say("column.deputy") }, { head: say("column.absence") }]}
                rows={desks.map((desk) => [
                  <a href={withQuery({ desk: desk.id })}><bdi>{desk.name}</bdi></a>,
                  <bdi>{nameOf(directory.offices, desk.office)}</bdi>,
                  <Term list="language" code={desk.language} />,
                  desk.deputy ? <bdi>{nameOf(directory.desks, desk.deputy)}</bdi> : <span class="quiet">{say("offices.offices_own")}</span>,
                  <Here desk={desk} desks={directory.desks} />,
                ])} />
            )}
          </section>
        );
      }}
    </Answered>
  );
}
