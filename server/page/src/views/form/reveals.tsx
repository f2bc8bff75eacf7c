// Does a text that everybody may read tell who wrote it? The places are marked as the server found them.
import { say } from "../../words/say";

// In Unicode code points of the member's text.
export interface Mark {
  member: string;
  from: number;
  to: number;
  kind: string;
}

const WORD: Record<string, string> = {
  email: "form.reveals_email", phone: "form.reveals_phone", url: "form.reveals_url", legal_name: "form.reveals_legal_name", contact: "form.reveals_contact",
};
export const revealed = (kind: string): string => say(WORD[kind] ?? "form.reveals_contact");

export function Revealed({ text, marks, lang }: { text: string; marks: Mark[]; lang?: string }) {
  const points = [...text];
  const pieces = [];
  let at = 0;
  for (const mark of [...marks].sort((one, two) => one.from - two.from)) {
    if (mark.from < at || mark.to > points.length) continue; // of a text that was changed since
    pieces.push(points.slice(at, mark.from).join(""), <mark key={mark.from} title={revealed(mark.kind)}>{points.slice(mark.from, mark.to).join("")}</mark>);
    at = mark.to;
  }
  if (at === 0) return null;
  pieces.push(points.slice(at).join(""));
  return (
    <div class="notice warn">
      <div class="stack-s grow">
        <p>{say("form.reveals_in", { kinds: [...new Set(marks.map((mark) => revealed(mark.kind)))].join(", ") })}</p>
        <blockquote class="quote" lang={lang} dir="auto">{pieces}</blockquote>
      </div>
    </div>
  );
}
