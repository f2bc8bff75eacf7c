// What is to be reviewed: what differs from what is published, or the whole of what is new; a comment on each member.
import type { Schemas } from "../../api/client";
import { Field } from "../../parts/field";
import { Quote } from "../../parts/text";
import { say } from "../../words/say";
import { Difference } from "../versions/difference";
import { memberName, useValueOf } from "../versions/members";

export type Comments = Record<string, string>; // by member; "": on the whole

interface Props {
  draft: Schemas["Draft"];
  comments: Comments;
  change?(comments: Comments): void; // absent: nothing is asked
}

export function CommentOn({ member, comments, change }: Omit<Props, "draft"> & { member: string }) {
  const name = member ? memberName(member) : "";
  if (!change) return null;
  return (
    <details open={Boolean(comments[member])}>
      <summary>{member ? say("review.comment_on", { member: name }) : say("review.comment_whole")}</summary>
      <Field label={member ? say("review.mend_in", { member: name }) : say("review.mend_whole")}>
        {(attributes) => <textarea {...attributes} rows={2} maxLength={4000} dir="auto" value={comments[member] ?? ""} onInput={(event) => change({ ...comments, [member]: event.currentTarget.value })} />}
      </Field>
    </details>
  );
}

const LONG = ["summary", "offers", "seeks"];
const HIDDEN = ["id", "title"]; // they stand in the heading
const HOLDERS = ["organisation", "finance", "partner", "contact"];

function members(profile: object): [string, unknown][] {
  return Object.entries(profile).flatMap(([name, value]): [string, unknown][] =>
    HOLDERS.includes(name) && typeof value === "object" && value !== null
      ? Object.entries(value).map(([inner, one]): [string, unknown] => [name + "." + inner, one]) : [[name, value]]);
}

export function Proposed({ draft, ...comment }: Props) {
  const value = useValueOf();
  const lang = (draft.profile as { lang?: string }).lang;
  if (draft.differences)
    return (
      <>
        {draft.differences.map((one) => <Difference key={one.member} of={one} lang={lang}><CommentOn member={one.member} {...comment} /></Difference>)}
        {draft.differences.length === 0 && <p class="notice">{say("review.nothing_differs")}</p>}
      </>
    );
  return (
    <section class="card grouped">
      {members(draft.profile).filter(([member]) => !HIDDEN.includes(member)).map(([member, one]) => (
        <div key={member} class="stack-s">
          <h3>{memberName(member)}</h3>
          {LONG.includes(member) ? <Quote text={String(one)} lang={lang} /> : <p><bdi>{value(member, one)}</bdi></p>}
          <CommentOn member={member} {...comment} />
        </div>
      ))}
    </section>
  );
}
