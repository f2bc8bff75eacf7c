// The certificate of a draw: made, kept, downloaded, checked by drawing again; a file from elsewhere is checked the same way.
import { useState } from "preact/hooks";
import { post, type Problem, type Result } from "../../api/client";
import { announce } from "../../parts/announce";
import { Facts } from "../../parts/facts";
import { saveFile } from "../../parts/files";
import { Id } from "../../parts/text";
import { Trouble } from "../../parts/states";
import { useMe } from "../../shell/me";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import { Invitations } from "./invitations";
import type { Request } from "./asked";
import { type CertificateData, keepCertificate, parsed, type Standing } from "./draws";
import type { PanelData } from "./panel";

type Verdict = Result<"post", "/v1/panels:check">;

interface Props {
  slug: string;
  request: Request | null;
  panel: PanelData | null;
  certificate: CertificateData | null;
  take(next: CertificateData | null): void;
  standing: Standing | null;
  setStanding(standing: Standing | null): void;
}

const download = (certificate: CertificateData) =>
  saveFile(`${certificate.programme}-${certificate.seed}.json`, new Blob([JSON.stringify(certificate, null, 1)], { type: "application/json" }));

function Verdict({ verdict }: { verdict: Verdict }) {
  return (
    <div role="status" class="stack-s">
      <p><strong class={verdict.holds ? "met" : "unmet"}>{say(verdict.holds ? "panel.holds" : "panel.holds_not")}</strong></p>
      <ul class="m stack-s">{verdict.findings.map((one) => <li key={one.finding} class={one.holds ? "met" : "unmet"} dir="auto">{one.finding}</li>)}</ul>
    </div>
  );
}

// What stands in it, as it is printed too.
function Told({ certificate }: { certificate: CertificateData }) {
  const rules = certificate.rules as Partial<Record<"seats" | "per_country_at_most" | "per_organisation_at_most" | "alternates_per_seat", number>>;
  return (
    <Facts facts={[
      { name: say("term.programme"), value: <span dir="auto">{certificate.name}</span> },
      { name: say("panel.seed"), value: <span class="id">{certificate.seed}</span> },
      { name: say("panel.drawn_at"), value: <Moment when={certificate.drawn_at} /> },
      { name: say("panel.who_stood"), value: number(certificate.candidates.length) },
      { name: say("panel.seats"), value: rules.seats && number(rules.seats) },
      { name: say("panel.country_most"), value: rules.per_country_at_most ? number(rules.per_country_at_most) : "" },
      { name: say("panel.organisation_most"), value: rules.per_organisation_at_most ? number(rules.per_organisation_at_most) : "" },
      { name: say("panel.alternates_each"), value: rules.alternates_per_seat ? number(rules.alternates_per_seat) : "" },
      { name: say("panel.hash"), value: <Id id={certificate.certificate_hash} /> },
    ]} />
  );
}

export function Certificate({ slug, request, panel, certificate, take, standing, setStanding }: Props) {
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const doing = (work: Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    work.catch((wrong: Problem) => setProblem(wrong)).finally(() => setBusy(false));
  };
  const use = (next: CertificateData | null) => {
    setVerdict(null);
    setProblem(null);
    take(next);
  };
  const make = async () => {
    const { data } = await post("/v1/panels", { ...request!, certificate: true });
    const made = data.certificate!;
    keepCertificate(JSON.stringify(request), made);
    use(made);
    download(made);
    const seats = (list: { id: string }[]) => list.map((seat) => seat.id).join();
    announce(say(panel && seats(panel.seats) !== seats(data.seats) ? "panel.made_changed" : "panel.made"));
  };
  const check = async (which: CertificateData) => setVerdict((await post("/v1/panels:check", which)).data);
  const open = async (file: File | undefined) => {
    if (!file) return;
    const read = parsed(await file.text());
    if (!read) return announce(say("panel.no_certificate"));
    use(read);
    await check(read);
  };
  return (
    <section class="card stack-s">
      <h2>{say("panel.certificate")}</h2>
      <p class="m quiet">{say("panel.certificate_is")}</p>
      {certificate && <Told certificate={certificate} />}
      {certificate && certificate.programme !== slug && <p class="notice warn">{say("panel.other_programme")}</p>}
      <div class="row noprint">
        {!certificate && panel && panel.seats.length > 0 && <button type="button" class="button main" disabled={busy} onClick={() => doing(make())}>{say("panel.make")}</button>}
        {certificate && (
          <>
            <button type="button" class="button" onClick={() => download(certificate)}>{say("panel.download")}</button>
            <button type="button" class="button" disabled={busy} onClick={() => doing(check(certificate))}>{say("panel.check")}</button>
            <button type="button" class="button bare" onClick={() => use(null)}>{say("panel.put_away")}</button>
          </>
        )}
      </div>
      {!certificate && (
        <p class="noprint"><label class="field"><span class="label">{say("panel.from_file")}</span>
          <input type="file" class="input" accept="application/json,.json" onChange={(event) => doing(open(event.currentTarget.files?.[0]))} /></label></p>
      )}
      {busy && <p class="m quiet" role="status">{say("panel.working")}</p>}
      {problem && <Trouble problem={problem} />}
      {verdict && <Verdict verdict={verdict} />}
      {certificate && me?.rights.casework && <Invitations certificate={certificate} panel={panel} standing={standing} setStanding={setStanding} />}
    </section>
  );
}
