// A panel: drawn by the rules of its programme, with the rule that cannot be kept and what could be done; its seats; the
// certificate by which anybody draws it again; the invitations.
import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, post, type Result } from "../../api/client";
import { Answered, Empty } from "../../parts/states";
import { programmeAddress } from "../../parts/way";
import { composesPanels } from "../../parts/programmes";
import { useTitle } from "../../shell/arrive";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { askedOf, requestOf } from "./asked";
import { Certificate } from "./certificate";
import { Compose } from "./compose";
import { Drawn, Seats } from "./drawn";
import { type CertificateData, forget, readCertificate, type Standing } from "./draws";

export type PanelData = Result<"post", "/v1/panels">;

export default function Panel({ place }: ViewProps) {
  const slug = place.params.slug!;
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal }));
  const programme = programmes.data?.programmes.find((one) => one.slug === slug);
  const name = programme?.name ?? slug;
  useTitle(say("panel.title_of", { name }));
  const able = programme !== undefined && composesPanels(programme);
  const asked = askedOf(place.query), request = able ? requestOf(slug, asked) : null;
  const address = request && JSON.stringify(request);
  const shown = useAnswer(address && "panel " + address, (signal) => post("/v1/panels", request!, { signal }));
  const [certificate, setCertificate] = useState<CertificateData | null>(null);
  const [standing, setStanding] = useState<Standing | null>(null);
  useEffect(() => {
    setStanding(null);
    setCertificate(address ? readCertificate(address) : null);
  }, [address]);
  const take = (next: CertificateData | null) => {
    if (!next && address) forget(address);
    setStanding(null);
    setCertificate(next);
  };
  const own = certificate && shown.data && certificate.seed === shown.data.seed;
  return (
    <>
      <nav class="m noprint" aria-label={say("panel.where")}><a href={programmeAddress(slug)} dir="auto">{name}</a> › {say("panel.title")}</nav>
      <header class="row apart top">
        <div class="grow stack-s">
          <h1>{say("panel.title_of", { name })}</h1>
          {asked.seed && <p class="m quiet">{say("panel.drawn_with")} <span class="id">{asked.seed}</span>. {say("panel.same_again")}</p>}
        </div>
        {shown.data && <button type="button" class="button noprint" onClick={() => print()}>{say("part.print")}</button>}
      </header>
      {!able && (
        <Answered shown={programmes}>
          {() => <Empty title={say("panel.composes_none")}><div class="row middle"><a class="button" href="/programmes">{say("column.programmes")}</a></div></Empty>}
        </Answered>
      )}
      {able && (
        <div class="cols side-start">
          <Compose place={place} />
          <div class="stack">
            {request === null ? <Empty title={say("panel.not_drawn")}><p>{say("panel.not_drawn_how")}</p></Empty> : (
              <Answered shown={shown} wait={say("panel.drawing")}>{(panel) => <Drawn panel={panel} place={place} />}</Answered>
            )}
            <Certificate slug={slug} request={request} panel={shown.data} certificate={certificate} take={take} standing={standing} setStanding={setStanding} />
            {request && shown.data && shown.data.seats.length > 0 && <Seats panel={shown.data} place={place} standing={own ? standing : null} />}
          </div>
        </div>
      )}
    </>
  );
}
