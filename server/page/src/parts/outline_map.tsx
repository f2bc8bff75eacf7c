// The world as it is drawn on most maps, for whoever finds a country by its shape: the numbers are those of the squares. No line
// is drawn between two lands (make/outline.mjs says whose a land is); what is too small to be seen is a dot.
//
// It is a picture for the eye and the mouse: by keyboard and by ear the squares and the table say the same, so that nothing in it
// is a stop of the tabulator.
import world from "outline:world";
import { useCountries } from "../words/names";
import { list, say as word } from "../words/say";
import { go } from "../shell/place";
import { levelOf, type MapProps } from "./tile_map";

const dots = new Set(world.dots);

export function OutlineMap({ label, counts, say, href, chosen, missing }: MapProps) {
  const names = useCountries();
  const title = (code: string) => list([names?.countries[code] ?? code, ...(names?.marks[code] ?? [])]) + ": " + say(counts[code] ?? 0, code);
  const grade = (code: string) => "h" + levelOf(counts[code] ?? 0);
  // What has a number lies above what has none.
  const order = (codes: string[]) => codes.sort((one, other) => (counts[one] ?? 0) - (counts[other] ?? 0));
  const ring = (code: string, kind: string) => world.places[code] && <circle key={kind + code} class={kind} cx={world.places[code]![0]} cy={world.places[code]![1]} r="12" />;
  const follow = (event: MouseEvent) => {
    const code = (event.target as Element).getAttribute("data-code");
    if (code) go(href(code));
  };
  return (
    <>
      <svg class="map" role="img" aria-label={label} viewBox={`-12 -12 ${world.size[0] + 24} ${world.size[1] + 24}`} onClick={follow}>
        <path class="nobodys" d={world.open} />
        {order(Object.keys(world.areas)).map((code) => <path key={code} class={grade(code)} data-code={code} d={world.areas[code]}><title>{title(code)}</title></path>)}
        {order([...dots]).map((code) => (
          <path key={code} class={"dot " + grade(code)} data-code={code} d={`M${world.places[code]!.join(" ")}h0`}><title>{title(code)}</title></path>
        ))}
        {[...(missing ?? [])].map((code) => ring(code, "ring"))}
        {chosen && ring(chosen, "here")}
      </svg>
      <p class="small quiet">{word("map.how")} {word("map.disclaimer")}</p>
    </>
  );
}
