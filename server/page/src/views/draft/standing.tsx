// What became of what was handed in: who has it, until which day and why, what was asked for, what is published.
import { FieldLink } from "../form/field_link";
import { fieldOf } from "../form/fields";
import type { OwnDraft } from "../form/copy";
import { Clock } from "../../parts/clock";
import { Day, Moment } from "../../words/dates";
import { say } from "../../words/say";

const LOOK: Record<string, string> = { published: "good", review: "accent", revision: "warn", on_hold: "warn" };

export const Until = ({ draft }: { draft: OwnDraft }) => (draft.expires ? <p class="small quiet">{say("form.kept_until")} <Moment when={draft.expires} /></p> : null);

export function Standing({ draft }: { draft: OwnDraft }) {
  const { review, published } = draft;
  if (!review && !published.length) return null;
  const changed = draft.handed_in !== undefined && draft.handed_in < draft.version;
  return (
    <section class="card stack-s" aria-labelledby="standing">
      <div class="row apart">
        <h2 id="standing">{say("draft.standing")}</h2>
        {review && <span class={"badge " + (LOOK[review.state] ?? "")}><span dir="auto">{review.said}</span></span>}
      </div>
      {review?.with && (
        <p class="m row">
          <span>{review.yours ? say("draft.yours", { office: review.with.name }) : say("draft.with_office", { office: review.with.name })}</span>
          {review.due && <Clock due={review.due} why={review.why} />}
        </p>
      )}
      {review?.why && <p class="small quiet" dir="auto">{review.why}</p>}
      {review && review.comments.length > 0 && (
        <>
          <h3>{say("draft.office_says")}</h3>
          <ul class="plain stack-s m">
            {review.comments.map((one, i) => {
              const row = one.member ? fieldOf(one.member) : undefined;
              return <li key={i}>{row && <FieldLink member={one.member!}>{say(row.label)}</FieldLink>}{row && ": "}<span dir="auto">{one.text}</span></li>;
            })}
          </ul>
        </>
      )}
      {published.length > 0 && <p class="m ok">{say("draft.published_since", { n: published.at(-1)!.version })} <Day when={published.at(-1)!.at} /></p>}
      {changed && <p class="notice warn"><span>{say("draft.changed_since")}</span></p>}
    </section>
  );
}
