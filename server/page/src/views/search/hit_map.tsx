// The map of those who qualify; a square or an area narrows the list to its country.
import { LEVELS } from "../../parts/tile_map";
import { WorldMap } from "../../parts/world_map";
import { withQuery } from "../../shell/place";
import { number, say } from "../../words/say";
import type { Counts } from "./hits";

const steps = LEVELS.map((least, i) => (LEVELS[i + 1] ? `${number(least)}–${number(LEVELS[i + 1]! - 1)}` : `${number(least)} +`));

export function HitMap({ counts }: { counts: Counts }) {
  return (
    <WorldMap label={say("search.where")} counts={counts} say={(n) => say("search.hits_there", { n })} href={(code) => withQuery({ country: [code] })}>
      <p class="legend">{steps.map((text, i) => <span key={text}><i class={"k" + (i + 1)} /><bdi>{text}</bdi></span>)}</p>
    </WorldMap>
  );
}
