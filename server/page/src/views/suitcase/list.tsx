// The suitcases that there are, and putting one out of force: a stick that was lost.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, remove, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { useSaving, Wrong } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { Table } from "../../parts/table";
import { Day, Moment } from "../../words/dates";
import { number, say } from "../../words/say";

type One = Schemas["Suitcase"];

export function List() {
  const shown = useAnswer("suitcases", (signal) => get("/v1/suitcases", { signal }));
  const [asked, ask] = useState<One | null>(null);
  const saving = useSaving();
  const revoke = async (one: One) => {
    if (!(await saving.save(() => remove("/v1/suitcases/{id}", { path: { id: one.id } })))) return;
    ask(null);
    announce(say("suitcase.revoked"));
    shown.again();
  };
  const button = (one: One) => one.revoked ? <span class="badge bad">{say("suitcase.revoked")}</span>
    : <button type="button" class="button small risk" onClick={() => ask(one)}>{say("suitcase.revoke")}<span class="hidden">: {one.id}</span></button>;
  return (
    <Answered shown={shown}>
      {({ suitcases }) => (
        <section class="card flush">
          <header class="row apart"><h2>{say("suitcase.there")} <span class="count">{number(suitcases.length)}</span></h2><a class="button" href="/suitcase">{say("suitcase.pack")}</a></header>
          {suitcases.length === 0 ? <p class="m quiet inner first">{say("suitcase.none")}</p> : (
            <Table label={say("suitcase.there")} columns={[
              { head: say("column.id") }, { head: say("suitcase.by") }, { head: say("column.office") }, { head: say("column.desk") }, { head: say("suitcase.made") }, { head: say("suitcase.until") },
              { head: say("suitcase.count_done"), number: true }, { head: say("suitcase.revoke") }]}
              rows={suitcases.map((one) => [
                <span class="id">{one.id}</span>, <bdi>{one.label ?? one.packed_by}</bdi>, <bdi>{one.office}</bdi>, <bdi>{one.desk ?? "–"}</bdi>, <Moment when={one.made} />, <Day when={one.until} />,
                number(one.done ?? 0), button(one),
              ])} />
          )}
          {asked && (
            <Dialog title={say("suitcase.revoke_which", { id: asked.id })} onClose={() => ask(null)}>
              <p>{say("suitcase.revoke_what")}</p>
              <Wrong problem={saving.problem} />
              <div class="row">
                <button type="button" class="button risk" onClick={() => void revoke(asked)}>{say("suitcase.revoke")}</button>
                <button type="button" class="button" onClick={() => ask(null)}>{say("part.not_now")}</button>
              </div>
            </Dialog>
          )}
        </section>
      )}
    </Answered>
  );
}
