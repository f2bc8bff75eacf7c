// Where each thing is, within the file.
import type { ComponentChildren } from "preact";

export const Way = ({ href, class: look, children }: { href: string; class?: string; children: ComponentChildren }) =>
  href.startsWith("#") ? <a href={href} class={look}>{children}</a> : <>{children}</>;

const part = encodeURIComponent;
export const profileAddress = (id: string) => "#/profiles/" + part(id);
export const editAddress = (id: string) => `#/profiles/${part(id)}/edit`;
export const caseAddress = (id: string) => "#/cases/" + part(id);
export const pairAddress = (one: string, other: string) => `#/matches/${part(one)}/${part(other)}`;
export const briefAddress = (code: string) => "#/countries/" + part(code);
