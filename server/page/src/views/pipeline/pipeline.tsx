// All open cases of an office, as a board or a table, narrowed by the address, with the form that moves one and what is done to many.
import { useEffect, useState } from "preact/hooks";
import { address } from "../../api/client";
import { Downloads } from "../../parts/download";
import { lazy } from "../../parts/lazy";
import { Answered, Empty, Loading } from "../../parts/states";
import { useTitle } from "../../shell/arrive";
import { go, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { officeName, useActing } from "../case/acting";
import { isLate } from "../case/model";
import { Boards } from "./board";
import { AT_ONCE, filtersOf, inOrder, stays, usePipeline } from "./cases";
import { Hidden, Narrow } from "./narrow";
import { CaseTable } from "./table";
import { offerAgain } from "./undo";

// What one does comes when one does it.
const Bulk = lazy(() => import("./bulk").then((part) => part.Bulk), ["page_case", "page_acts"]);
const Move = lazy(() => import("./move").then((part) => part.Move), ["page_case", "page_acts"]);

export default function PipelineView({ place }: ViewProps) {
  useTitle(say("term.pipeline"));
  const acting = useActing(place);
  const filters = filtersOf(place);
  const closed = filters.state === "closed", table = closed || place.query.get("view") === "table";
  const office = acting.me?.role === "admin" ? (place.query.get("office") ?? "") : "";
  const page = Math.max(1, Number(place.query.get("page")) || 1);
  const move = place.query.get("move");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = usePipeline(acting.me ? { closed, office, kind: filters.kind, programme: filters.programme } : null);
  const leave = () => go(withQuery({ move: null, page: place.query.get("page") }), { replace: true });
  const choose = (ids: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    setChosen(next);
  };
  const again = () => {
    setChosen(new Set());
    shown.again();
  };
  const known = !!acting.me;
  useEffect(() => {
    if (known) offerAgain(acting, again);
  }, [known]);
  const all = shown.data?.cases ?? [];
  const left = inOrder(all.filter((item) => stays(item, filters, acting.desk)));
  const picked = all.filter((item) => item.open && chosen.has(item.id));
  const view = (name: string | null, word: string, current: boolean) => (
    <a class={current ? "chip on" : "chip"} aria-current={current ? "true" : undefined} href={withQuery({ view: name, ...(closed && { state: null }) })}>{word}</a>
  );
  return (
    <>
      <header class="row apart">
        <div>
          <h1>{say("term.pipeline")}</h1>
          {shown.data && (
            <p class="m quiet">
              {closed ? say("pipeline.closed_n", { n: all.length }) : say("pipeline.open_n", { n: all.length, late: all.filter(isLate).length })}
              {" · "}<bdi>{officeName(acting.directory, office || acting.me?.office) || say("pipeline.all_offices")}</bdi>
            </p>
          )}
        </div>
        <div class="row">
          <nav class="row noprint" aria-label={say("pipeline.ways")}>
            {view(null, say("pipeline.board"), !table)}
            {view("table", say("pipeline.table"), table && !closed)}
            <a class={closed ? "chip on" : "chip"} aria-current={closed ? "true" : undefined} href={withQuery({ state: closed ? null : "closed" })}>{say("pipeline.closed")}</a>
          </nav>
          <Downloads name="pipeline" target={address("/v1/cases", { query: { open: !closed, office: office || undefined, kind: filters.kind || undefined, programme: filters.programme || undefined, limit: AT_ONCE } })} />
        </div>
      </header>
      {!acting.me && acting.me !== null && <Loading />}
      {acting.me === null && <Empty title={say("trouble.signed_out")} />}
      {acting.me && (
        <Answered shown={shown}>
          {(data) => (
            <>
              <Narrow cases={all} filters={filters} acting={acting} office={office} />
              {data.more && <p class="notice warn"><span>{say("pipeline.not_all", { n: all.length })}</span></p>}
              <Hidden shown={left.length} all={all.length} filters={filters} />
              {picked.length > 0 && (
                <Bulk chosen={picked} hidden={picked.filter((item) => !left.includes(item)).length} acting={acting} onDone={again} onLeave={() => setChosen(new Set())} />
              )}
              {left.length === 0 ? (
                <Empty title={say(all.length ? "pipeline.nothing_left" : closed ? "pipeline.nothing_closed" : "pipeline.nothing")}>
                  {all.length === 0 && !closed && <p>{say("pipeline.begin")}</p>}
                  {all.length === 0 && !closed && <div class="row middle"><a class="button main" href="/search">{say("term.search")}</a></div>}
                </Empty>
              ) : table ? <CaseTable cases={left} page={page} chosen={chosen as Set<string>} choose={choose} /> : <Boards cases={left} />}
            </>
          )}
        </Answered>
      )}
      {move && acting.me && <Move id={move} acting={acting} onDone={() => { leave(); again(); }} onLeave={leave} />}
    </>
  );
}
