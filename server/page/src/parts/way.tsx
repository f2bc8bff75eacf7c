// A link to a view, as far as there is one.
import type { ComponentChildren } from "preact";
import { isThere } from "../shell/place";

export function Way({ href, class: look, children }: { href: string; class?: string; children: ComponentChildren }) {
  return isThere(href) ? <a href={href} class={look}>{children}</a> : <>{children}</>;
}

// Where each thing is.
const part = encodeURIComponent;
export const profileAddress = (id: string) => "/profiles/" + part(id);
export const caseAddress = (id: string) => "/cases/" + part(id);
export const newCaseAddress = (kind: string, from: string, to = "", programme = "open") =>
  "/cases/new?" + new URLSearchParams({ kind, from, ...(to && { to }), ...(programme !== "open" && { programme }) });
export const reviewAddress = (id: string) => "/reviews/" + part(id);
export const pairAddress = (one: string, other: string, programme = "open") =>
  `/matches/${part(one)}/${part(other)}${programme === "open" ? "" : "?programme=" + part(programme)}`;
export const programmeAddress = (slug: string) => "/programmes/" + part(slug);
export const portfolioAddress = (id: string) => `/projects/${part(id)}/portfolio`;
export const runAddress = (id: string) => "/runs/" + part(id);
