// Where something is, in one of two pictures that the reader chooses between; the choice stands in the address. Its words are
// page_map.toml's, which the view loads.
import type { ComponentChildren } from "preact";
import css from "style:map";
import { place, withQuery } from "../shell/place";
import { say } from "../words/say";
import { lazy } from "./lazy";
import { Loading } from "./states";
import { type MapProps, TileMap } from "./tile_map";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const OutlineMap = lazy(() => import("./outline_map").then((part) => part.OutlineMap), [], <Loading />);

export const isOutline = (): boolean => place.get().query.get("map") === "outline";

// `children`: the legend, of both.
export function WorldMap({ children, ...props }: MapProps & { children: ComponentChildren }) {
  const outline = isOutline();
  const way = (map: string | null, word: string, on: boolean) => (
    <a class={on ? "chip on" : "chip"} aria-current={on ? "true" : undefined} href={withQuery({ map, page: place.get().query.get("page") })}>{word}</a>
  );
  return (
    <div class="stack-s world">
      <nav class="row noprint" aria-label={say("map.ways")}>
        {way(null, say("map.squares"), !outline)}
        {way("outline", say("map.outline"), outline)}
      </nav>
      {outline ? <OutlineMap {...props} /> : <TileMap {...props} />}
      {!outline && <p class="m quiet narrow">{say("map.narrow")}</p>}
      {children}
    </div>
  );
}
