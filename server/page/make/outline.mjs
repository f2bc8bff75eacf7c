// The outlines of the world for the page's second map: Natural Earth 1:50m (public domain) as package world-atlas carries it,
// projected, made simple, and written as paths of an SVG, a path a country of datasets/taxonomy/tiles.txt.
//
// No line of ours stands between two lands: an area has no stroke but its own colour. What is too small to be seen is a dot.
// The source draws who holds a land; whose it is follows the United Nations here, as the countries' names do: tables below. What
// they leave open is nobody's: one path, in grey, without numbers.
import { readFileSync } from "node:fs";
import { join } from "node:path";

// Half a pixel of a map that is 960 wide is a step; the middle lies at 11° east, so that the edge runs through the Bering Strait.
const WIDTH = 1920, MIDDLE = 11, NORTH = 83.7, SOUTH = -56;
const LEAST = 3; // an area of a corner under which it goes, in square steps
const PART = 8, SPECK = 2; // a part of a country that is smaller goes, and one of nobody
const VISIBLE = 64; // a country that is smaller, in all, has a dot
const APART = 15; // dots are moved until they are this far from each other

// Countries that the source counts to another or lacks: degrees east and north. What is drawn there is in the state's colour.
const DOTS = {
  BQ: [-68.25, 12.18], CC: [96.83, -12.17], CX: [105.62, -10.49], GF: [-53, 4], GI: [-5.35, 36.14], GP: [-61.55, 16.25], MQ: [-61, 14.65],
  RE: [55.5, -21.1], SJ: [16, 78.5], TK: [-171.8, -9.2], TV: [179.2, -8.5], YT: [45.15, -12.8],
};
// Areas without a number. Cyprus and Somalia are whole: Security Council resolutions 541 (1983), 550 (1984), 2628 (2022).
const NAMED = { Kosovo: "XK", "N. Cyprus": "CY", Somaliland: "SO", "Indian Ocean Ter.": "AU" };
const OF_STATE = { TF: "FR", HM: "AU" }; // without a square of their own: in their state's colour
const LEFT_OUT = new Set(["AQ"]);
// A part that has this place in it is another's. Crimea: General Assembly resolution 68/262.
const PART_OF = [{ from: "RU", place: [34.3, 45.2], to: "UA" }];
// What lies south of this parallel is another's: Western Sahara, a non-self-governing territory, begins at 27°40′ north.
const SOUTH_OF = [{ from: "MA", parallel: 27 + 2 / 3, to: "EH" }];

// ---- Equal Earth: Šavrič, Patterson, Jenny, "The Equal Earth map projection", doi:10.1080/13658816.2018.1504949
const A = [1.340264, -0.081106, 0.000893, 0.003796], ROOT3 = Math.sqrt(3), DEGREE = Math.PI / 180;
function plane([east, north]) {
  const t = Math.asin((ROOT3 / 2) * Math.sin(north * DEGREE)), t2 = t * t, t6 = t2 ** 3;
  return [(2 * ROOT3 * east * DEGREE * Math.cos(t)) / (3 * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2))), t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
}
const SCALE = WIDTH / (2 * plane([180, 0])[0]), TOP = plane([0, NORTH])[1];
const HEIGHT = Math.round((TOP - plane([0, SOUTH])[1]) * SCALE);
const onMap = (place) => {
  const [x, y] = plane(place);
  return [WIDTH / 2 + x * SCALE, (TOP - y) * SCALE];
};

const turned = (east) => ((((east - MIDDLE + 180) % 360) + 360) % 360) - 180;
const near = (east, to) => east + 360 * Math.round((to - east) / 360);
const twice = ([ax, ay], [bx, by], [cx, cy]) => Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
const areaOf = (ring) => ring.reduce((sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length][1] - ring[(i + 1) % ring.length][0] * y, 0) / 2;

// The corner that takes away the smallest area goes, again and again (Visvalingam); ends stay, so that neighbours still meet.
function simple(places) {
  const points = places.map((place) => ({ place, at: onMap(place) }));
  const fewest = places[0].join() === places.at(-1).join() ? 4 : 2; // what ends where it begins stays a ring
  for (;;) {
    let least = LEAST, which = 0;
    for (let i = 1; i < points.length - 1; ++i) {
      const area = twice(points[i - 1].at, points[i].at, points[i + 1].at);
      if (area < least) [least, which] = [area, i];
    }
    if (!which || points.length <= fewest) return points.map((point) => point.place);
    points.splice(which, 1);
  }
}

// Arcs in degrees, without a leap where the world is cut.
function arcsOf({ arcs, transform: { scale, translate } }) {
  return arcs.map((arc) => {
    let x = 0, y = 0, before = null;
    return simple(arc.map(([dx, dy]) => {
      const east = turned((x += dx) * scale[0] + translate[0]);
      before = before === null ? east : near(east, before);
      return [before, (y += dy) * scale[1] + translate[1]];
    }));
  });
}

function ringOf(numbers, arcs) {
  const ring = [];
  for (const number of numbers) {
    const arc = number < 0 ? arcs[~number].toReversed() : arcs[number];
    const shift = ring.length ? near(arc[0][0], ring.at(-1)[0]) - arc[0][0] : 0;
    for (const [east, north] of ring.length ? arc.slice(1) : arc) ring.push([east + shift, north]);
  }
  ring.pop(); // the first again
  const all = ring.map(([east]) => east), middle = (Math.min(...all) + Math.max(...all)) / 2, shift = near(middle, 0) - middle;
  return ring.map(([east, north]) => [Math.min(180, Math.max(-180, east + shift)), north]);
}

const holds = (ring, [x, y]) => ring.reduce((within, [ax, ay], i) => {
  const [bx, by] = ring[(i + 1) % ring.length];
  return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !within : within;
}, false);

// What of a ring lies on this side of a parallel.
function cut(ring, parallel, south) {
  const inside = ([, north]) => (south ? north <= parallel : north >= parallel);
  return ring.flatMap((point, i) => {
    const next = ring[(i + 1) % ring.length], kept = inside(point) ? [point] : [];
    if (inside(point) === inside(next)) return kept;
    return [...kept, [point[0] + ((next[0] - point[0]) * (parallel - point[1])) / (next[1] - point[1]), parallel]];
  });
}

// [whose, ring in degrees] of a ring that the source gives to `code`; whose: null where the United Nations leave it open.
function owned(code, degrees) {
  const other = PART_OF.find(({ from, place: [east, north] }) => from === code && degrees.length < 100 && holds(degrees, [turned(east), north]));
  if (other) return [[other.to, degrees]];
  const line = SOUTH_OF.find(({ from }) => from === code);
  return line ? [[code, cut(degrees, line.parallel, false)], [line.to, cut(degrees, line.parallel, true)]] : [[code, degrees]];
}

function pathOf(ring) {
  let text = "", x = 0, y = 0;
  for (const [i, [ax, ay]] of ring.entries()) {
    const dx = ax - x, dy = ay - y;
    if (i && !dx && !dy) continue;
    text += i ? `${dx < 0 || i === 1 ? "" : " "}${dx}${dy < 0 ? "" : " "}${dy}` : `M${ax} ${ay}l`;
    [x, y] = [ax, ay];
  }
  return text + "z";
}

const middleOf = (ring) => {
  const boxed = [0, 1].map((axis) => ring.map((point) => point[axis]));
  return boxed.map((all) => (Math.min(...all) + Math.max(...all)) / 2);
};

// Dots that lie on each other push each other away, the same at each build.
function apart(dots) {
  const all = Object.values(dots);
  for (let round = 0; round < 400; ++round)
    for (const one of all)
      for (const other of all) {
        if (one === other) continue;
        const dx = other[0] - one[0] || 0.1, dy = other[1] - one[1], far = Math.hypot(dx, dy);
        if (far >= APART) continue;
        const by = (APART - far) / far / 4;
        one[0] -= dx * by, one[1] -= dy * by, other[0] += dx * by, other[1] += dy * by;
      }
  for (const one of all) one[0] = Math.round(one[0]), one[1] = Math.round(one[1]);
}

export const sources = (packages, datasets) => [join(packages, "node_modules/world-atlas/countries-50m.json"), join(datasets, "taxonomy/countries.tsv"), join(datasets, "taxonomy/tiles.txt")];

// {size: [width, height], areas: {KE: "M…"}, places: {KE: [x, y]}, dots: ["TV"], open: "M…"}; places: of the middle of each.
export function outline(packages, datasets) {
  const [source, countries, tiles] = sources(packages, datasets).map((file) => readFileSync(file, "utf8"));
  const world = JSON.parse(source), arcs = arcsOf(world);
  const codes = new Map(countries.trim().split("\n").map((line) => line.split("\t")).map(([code, , number]) => [number, code]));
  const wanted = tiles.match(/[A-Z]{2}/g);
  const rings = new Map(), open = []; // by code: [whole ring in steps]
  for (const { id, properties, type, arcs: own } of world.objects.countries.geometries) {
    const code = codes.get(id) ?? NAMED[properties.name] ?? null;
    if (LEFT_OUT.has(code)) continue;
    const state = wanted.includes(code) ? code : (OF_STATE[code] ?? null);
    for (const polygon of type === "Polygon" ? [own] : own)
      for (const [i, numbers] of polygon.entries())
        for (const [whose, degrees] of owned(state, ringOf(numbers, arcs))) {
          const ring = degrees.map(onMap).map((point) => point.map(Math.round));
          const to = whose === null ? open : (rings.get(whose) ?? rings.set(whose, []).get(whose));
          to.push({ ring, hole: i > 0, area: Math.abs(areaOf(ring)), own: code === whose });
        }
  }
  const areas = {}, places = {}, dots = {};
  for (const code of wanted) {
    const parts = rings.get(code) ?? [], whole = parts.reduce((sum, part) => sum + (part.hole ? -part.area : part.area), 0);
    const largest = parts.filter((part) => part.own && !part.hole).sort((one, other) => other.area - one.area)[0];
    const place = DOTS[code] ? onMap([turned(DOTS[code][0]), DOTS[code][1]]) : largest && middleOf(largest.ring);
    if (!place) throw new Error(`${code} is neither an area nor a dot of the outline`);
    places[code] = place;
    if (whole < VISIBLE) dots[code] = place;
    const seen = parts.filter((part) => part.area >= PART).map((part) => pathOf(part.ring));
    if (seen.length) areas[code] = seen.join("");
  }
  apart(dots);
  for (const code of wanted) places[code] = places[code].map(Math.round);
  return { size: [WIDTH, HEIGHT], areas, places, dots: Object.keys(dots), open: open.filter((part) => part.area >= SPECK).map((part) => pathOf(part.ring)).join("") };
}
