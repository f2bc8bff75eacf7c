// What is needed only once a draft is begun.
import { lazy } from "../../parts/lazy";

const WORDS = ["page_own"];
const script = () => import("./after");
export const Confirm = lazy(() => script().then((parts) => parts.Confirm), WORDS);
export const Link = lazy(() => script().then((parts) => parts.Link), WORDS);
export const Mailbox = lazy(() => script().then((parts) => parts.Mailbox), WORDS);
export const OwnActs = lazy(() => script().then((parts) => parts.OwnActs), WORDS);
export const Receipt = lazy(() => script().then((parts) => parts.Receipt), WORDS);
export const Standing = lazy(() => script().then((parts) => parts.Standing), WORDS);
export const Until = lazy(() => script().then((parts) => parts.Until), WORDS);
