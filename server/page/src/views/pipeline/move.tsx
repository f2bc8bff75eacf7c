// "Move to …": the form of one case over the board, for keyboard, touch and mouse alike.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { Answered } from "../../parts/states";
import { caseAddress } from "../../parts/way";
import { say, sayWith } from "../../words/say";
import { ActForm } from "../case/act_form";
import type { Acting } from "../case/acting";
import { useCaseDraft } from "../case/draft";
import { type Case, useWords } from "../case/model";
import { Subject } from "./board";

export function Move({ id, acting, onDone, onLeave }: { id: string; acting: Acting; onDone(): void; onLeave(): void }) {
  const words = useWords();
  const shown = useAnswer(`case ${id} ${acting.query.desk ?? ""}`, (signal) => get("/v1/cases/{id}", { path: { id }, query: acting.query, signal }));
  const writing = useCaseDraft(id);
  const [newer, setNewer] = useState<Case | null>(null);
  return (
    <Dialog title={say("pipeline.move")} onClose={onLeave}>
      <Answered shown={shown}>
        {(data) => {
          const got = data as unknown as Case, item = newer && newer.version > got.version ? newer : got;
          return (
            <>
              <p><a href={caseAddress(item.id)}><Subject item={item} /></a></p>
              <p class="m quiet">{sayWith("pipeline.stands", { state: <strong>{words.state(item.kind, item.state)}</strong> })}</p>
              <ActForm item={item} acting={acting} writing={writing} onNewer={setNewer} onLeave={onLeave}
                onDone={(_, act) => { announce(say("casework.done", { act: words.act(item.kind, act.verb) })); onDone(); }} />
            </>
          );
        }}
      </Answered>
    </Dialog>
  );
}
