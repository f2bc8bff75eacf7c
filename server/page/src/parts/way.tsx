// A link to a view, as far as there is one.
import type { ComponentChildren } from "preact";
import { isThere } from "../shell/place";

export function Way({ href, class: look, children }: { href: string; class?: string; children: ComponentChildren }) {
  return isThere(href) ? <a href={href} class={look}>{children}</a> : <>{children}</>;
}

// Where each thing is.
const part = encodeURIComponent;
export const profileAddress = (id: string) => "/profiles/" + part(id);
export const caseAddress = (id: string) => "/enquiries/" + part(id);
export const pairAddress = (one: string, other: string, programme = "open") =>
  `/matches/${part(one)}/${part(other)}${programme === "open" ? "" : "?programme=" + part(programme)}`;
export const programmeAddress = (slug: string) => "/programmes/" + part(slug);
export const portfolioAddress = (id: string) => `/projects/${part(id)}/portfolio`;
export const runAddress = (id: string) => "/runs/" + part(id);
