// Who is signed in where with a browser, and ending it.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, remove, type Schemas } from "../../api/client";
import type { Directory } from "../../api/directory";
import { announce } from "../../parts/announce";
import { useSaving, Wrong } from "../../parts/saving";
import { Answered } from "../../parts/states";
import { Table } from "../../parts/table";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import { Reach } from "./reach";

type Session = Schemas["Session"];

const sessionName = (session: Session): string => session.label || session.token;

export function Sessions({ directory }: { directory: Directory | null }) {
  const shown = useAnswer("sessions", (signal) => get("/v1/sessions", { signal }));
  const saving = useSaving();
  const [ending, setEnding] = useState("");
  const end = async (session: Session) => {
    setEnding(session.id);
    if (await saving.save(() => remove("/v1/sessions/{id}", { path: { id: session.id } }))) announce(say("admin.session_ended", { name: sessionName(session) }));
    setEnding("");
    shown.again();
  };
  return (
    <Answered shown={shown}>
      {({ sessions }) => sessions.length > 0 && (
        <section class="card flush">
          <header><h2>{say("admin.sessions")} <span class="count">{number(sessions.length)}</span></h2></header>
          <Wrong problem={saving.problem} />
          <Table label={say("admin.sessions")} columns={[
            { head: say("admin.person") }, { head: say("admin.reaches") }, { head: say("column.since") }, { head: say("admin.used") }, { head: say("admin.until_unused") }, { head: say("admin.action") }]}
            rows={sessions.map((session) => [
              <bdi>{sessionName(session)}</bdi>,
              <Reach of={session} directory={directory} />,
              <Moment when={session.created} />, <Moment when={session.used} />, <Moment when={session.until} />,
              session.current ? <span class="badge accent">{say("admin.this_one")}</span> : (
                <button type="button" class="button small risk" aria-busy={ending === session.id} onClick={() => void end(session)}>{say("admin.end")}<span class="hidden">: <bdi>{sessionName(session)}</bdi> {session.id}</span></button>
              ),
            ])} />
        </section>
      )}
    </Answered>
  );
}
