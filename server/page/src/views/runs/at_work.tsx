// What goes on now: how far the run is, and what whoever may can do with it. While it works it is asked again.
import { useEffect, useState } from "preact/hooks";
import { post, postBare, type Problem } from "../../api/client";
import { Trouble } from "../../parts/states";
import { runAddress } from "../../parts/way";
import { useMe } from "../../shell/me";
import { say } from "../../words/say";
import type { RunsData } from "./runs";

const EVERY = 2_000; // ms
type Status = RunsData["status"];

const PHASE: Record<Status["phase"], string> = {
  waiting: "runs.waiting", reading: "runs.reading", changed: "runs.reading", matching: "runs.matching", assigning: "runs.assigning", publishing: "runs.publishing",
};

interface Props {
  status: Status;
  programme?: string;
  programmes: { slug: string; name: string }[];
  again(): void;
}

export function AtWork({ status, programme, programmes, again }: Props) {
  const me = useMe();
  const [problem, setProblem] = useState<Problem | null>(null);
  const going = status.state === "working" || status.state === "paused";
  useEffect(() => {
    if (status.state !== "working") return;
    const timer = setTimeout(again, EVERY);
    return () => clearTimeout(timer);
  }, [status]);
  const controls = me?.rights.control !== undefined;
  const act = (work: Promise<unknown>) => {
    setProblem(null);
    work.then(again, setProblem);
  };
  const begin = () => act(post("/v1/runs", programme ? { programme } : {}));
  const slug = going ? status.programme : (programme ?? "open");
  const name = programmes.find((one) => one.slug === slug)?.name ?? slug;
  if (!going && !controls && !status.error) return null;
  return (
    <section class="card stack-s">
      <h2>{say("runs.now")}</h2>
      {going && (
        <>
          <p class="m" role="status"><bdi>{name}</bdi>: {say(status.state === "paused" ? "runs.held" : PHASE[status.phase])} {say("runs.in_force")}</p>
          {status.all > 0 && <><progress max={status.all} value={status.done} aria-label={say("runs.now")} /><p class="m quiet">{say("runs.done", { n: status.done, all: status.all })}</p></>}
        </>
      )}
      {!going && <p class="m">{say("runs.idle")}{status.published && <> {say("runs.last")} <a class="id" href={runAddress(status.published)}>{status.published}</a></>}</p>}
      {status.error && <p class="notice bad"><span><strong>{say("runs.failed")}</strong> <span dir="auto">{status.error.message}</span> <span dir="auto">{status.error.remedy}</span></span></p>}
      {problem && <Trouble problem={problem} />}
      {controls && (
        <div class="row noprint">
          {!going && <button type="button" class="button" onClick={begin}>{say("runs.start", { name })}</button>}
          {status.state === "working" && <button type="button" class="button" onClick={() => act(postBare("/v1/runs:pause"))}>{say("runs.hold")}</button>}
          {status.state === "paused" && <button type="button" class="button main" onClick={() => act(postBare("/v1/runs:resume"))}>{say("runs.go_on")}</button>}
          {going && <button type="button" class="button" onClick={() => act(postBare("/v1/runs:stop"))}>{say("runs.stop")}</button>}
        </div>
      )}
    </section>
  );
}
