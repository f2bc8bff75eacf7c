// A desk's work taken along as one file, and what was written in it handed in. Those that there are stand under administration.
import { Administration } from "../../parts/administration";
import { useTitle } from "../../shell/arrive";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { HandIn } from "./hand_in";
import { List } from "./list";
import { Pack } from "./pack";

const PARTS = { "/admin/suitcases": List };

function Own() {
  useTitle(say("suitcase.title"));
  return (
    <>
      <h1>{say("suitcase.title")}</h1>
      <p class="measure">{say("suitcase.how")}</p>
      <div class="stack">
        <Pack />
        <HandIn />
      </div>
    </>
  );
}

export default function Suitcase({ place }: ViewProps) {
  return place.path in PARTS ? <Administration place={place} parts={PARTS} /> : <Own />;
}
