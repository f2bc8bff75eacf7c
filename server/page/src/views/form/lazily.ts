// What a form needs only once something is written: the checks beside it, what must be mended, entries, two who wrote at once.
import { lazy } from "../../parts/lazy";

const WORDS = ["page_checks"];
const script = () => import("./later");
export const Alike = lazy(() => script().then((parts) => parts.Alike), WORDS);
export const Completeness = lazy(() => script().then((parts) => parts.Completeness), WORDS);
export const Entries = lazy(() => script().then((parts) => parts.Entries), WORDS);
export const Group = lazy(() => script().then((parts) => parts.Group), WORDS);
export const Long = lazy(() => script().then((parts) => parts.Long), WORDS);
export const Problems = lazy(() => script().then((parts) => parts.Problems), WORDS);
export const Revealed = lazy(() => script().then((parts) => parts.Revealed), WORDS);
export const ThreeWay = lazy(() => script().then((parts) => parts.ThreeWay), WORDS);
export const WhoWouldSee = lazy(() => script().then((parts) => parts.WhoWouldSee), WORDS);
