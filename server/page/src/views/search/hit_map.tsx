// The map of those who qualify; a square narrows the list to its country.
import { LEVELS, TileMap } from "../../parts/tile_map";
import { withQuery } from "../../shell/place";
import { number, say } from "../../words/say";
import type { Counts } from "./hits";

const steps = LEVELS.map((least, i) => (LEVELS[i + 1] ? `${number(least)}–${number(LEVELS[i + 1]! - 1)}` : `${number(least)} +`));

export function HitMap({ counts }: { counts: Counts }) {
  return (
    <>
      <TileMap label={say("search.where")} counts={counts} say={(n) => say("search.hits_there", { n })} href={(code) => withQuery({ country: [code] })} />
      <p class="legend">{steps.map((text, i) => <span key={text}><i class={"k" + (i + 1)} /><bdi>{text}</bdi></span>)}</p>
    </>
  );
}
