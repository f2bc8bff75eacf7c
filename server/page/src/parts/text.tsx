// Texts and names that somebody else wrote: they stay as they are, in their own direction.
import type { ComponentChildren } from "preact";

export const Name = ({ children }: { children: ComponentChildren }) => <bdi>{children}</bdi>;

export const Id = ({ id }: { id: string }) => <span class="id quiet">{id}</span>;

export function Quote({ text, lang, children }: { text: string; lang?: string; children?: ComponentChildren }) {
  return <blockquote class="quote" lang={lang} dir="auto">{text}{children}</blockquote>;
}
