// Who was invited by a certificate, and how each seat stands; those whom nobody has asked yet are invited in one go.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, type Problem } from "../../api/client";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Trouble } from "../../parts/states";
import { Table } from "../../parts/table";
import { caseAddress, profileAddress, Way } from "../../parts/way";
import { useMe } from "../../shell/me";
import { CaseTerm } from "../../words/names";
import { number, say } from "../../words/say";
import { type CertificateData, invite, type Standing } from "./draws";
import type { PanelData } from "./panel";

interface Props {
  certificate: CertificateData;
  panel: PanelData | null;
  standing: Standing | null;
  setStanding(standing: Standing | null): void;
}

function States({ standing, panel }: { standing: Standing; panel: PanelData | null }) {
  const titles = new Map(panel?.seats.flatMap((seat) => [seat, ...seat.alternates]).map((one) => [one.id, one.title]));
  const link = (id: string) => <a href={profileAddress(id)}><bdi>{titles.get(id) ?? id}</bdi></a>;
  const asked = [...standing.values()].filter((seat) => seat.state !== undefined && seat.case !== undefined);
  const counts = new Map<string, number>();
  for (const seat of asked) counts.set(seat.state!, (counts.get(seat.state!) ?? 0) + 1);
  return (
    <>
      <ul class="row m">{[...counts].map(([state, n]) => <li key={state}><span class="badge"><CaseTerm list="invitation.state" code={state} /></span> {number(n)}</li>)}</ul>
      <details>
        <summary>{say("panel.seat_by_seat")}</summary>
        <Table label={say("panel.seat_by_seat")} columns={[{ head: say("panel.drawn_first") }, { head: say("panel.asked_now") }, { head: say("column.state") }, { head: say("panel.left"), number: true }]}
          rows={[...standing.values()].map((seat) => [
            link(seat.seat), seat.id && seat.id !== seat.seat ? link(seat.id) : "",
            seat.state && seat.case ? <Way href={caseAddress(seat.case)}><CaseTerm list="invitation.state" code={seat.state} /></Way>
              : seat.detail ? <span class="unmet" dir="auto">{seat.detail} {seat.remedy}</span> : say("panel.not_invited"),
            seat.left !== undefined ? number(seat.left) : "",
          ])} />
      </details>
    </>
  );
}

export function Invitations({ certificate, panel, standing, setStanding }: Props) {
  const me = useMe();
  const [waiting, setWaiting] = useState(0); // whom the dialog would invite
  const [desk, setDesk] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const directory = useAnswer(me?.desk ? null : "offices", (signal) => get("/v1/offices", { signal })).data;
  const desks = directory?.desks ?? [];
  const acting = me?.desk ?? (desk || (directory?.offices.find((one) => one.duty)?.head ?? desks[0]?.id));
  const ask = (preview: boolean) => {
    setBusy(true);
    setProblem(null);
    return invite(certificate, preview, me?.desk ? undefined : acting).finally(() => setBusy(false));
  };
  // A preview tells of those who would be invited as if they were: only where nobody is left to invite it tells how seats stand.
  const look = () => ask(true).then((now) => (now.invited > 0 ? setWaiting(now.invited) : setStanding(now.standing)), setProblem);
  const send = () => ask(false).then(
    (now) => {
      setWaiting(0);
      setStanding(now.standing);
      announce(say("panel.invited", { n: now.invited }));
    },
    (wrong: Problem) => {
      setWaiting(0);
      setProblem(wrong);
    });
  return (
    <div class="stack-s noprint">
      <h3>{say("panel.invitations")}</h3>
      <p class="m quiet">{say("panel.invitations_how")}</p>
      {!me?.desk && (
        <Field label={say("panel.desk")}>
          {(attributes) => (
            <select {...attributes} class="input wide" value={acting} onChange={(event) => setDesk(event.currentTarget.value)}>
              {desks.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          )}
        </Field>
      )}
      <div class="row">
        <button type="button" class="button" disabled={busy || !acting} onClick={() => void look()}>{say("panel.invite")}</button>
      </div>
      {problem && <Trouble problem={problem} />}
      {standing && <States standing={standing} panel={panel} />}
      {waiting > 0 && (
        <Dialog title={say("panel.invite_n", { n: waiting })} onClose={() => setWaiting(0)}>
          <p>{say("panel.invite_means")}</p>
          <div class="row">
            <button type="button" class="button main" disabled={busy} onClick={() => void send()}>{say("panel.invite_n", { n: waiting })}</button>
            <button type="button" class="button" onClick={() => setWaiting(0)}>{say("part.not_now")}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
