// The review card: four criteria, each from 0 to 5.
import { CaseTerm, useCaseTerms } from "../../words/names";
import { number, say } from "../../words/say";

export const CRITERIA = ["advantages", "clarity", "cooperation", "rules"] as const;
export type Scores = Partial<Record<(typeof CRITERIA)[number], number>>;
const LIST = "review" + ".criterion"; // of what the server gives as codes
const POINTS = [0, 1, 2, 3, 4, 5];
export const ENOUGH = 10;

export const total = (scores: Scores): number => CRITERIA.reduce((sum, one) => sum + (scores[one] ?? 0), 0);
export const isWhole = (scores: Scores): boolean => CRITERIA.every((one) => scores[one] !== undefined);
export const hasZero = (scores: Scores): boolean => CRITERIA.some((one) => scores[one] === 0);

export function ScoreCard({ scores, change }: { scores: Scores; change(scores: Scores): void }) {
  const names = useCaseTerms()?.[LIST];
  const verdict = !isWhole(scores) ? say("review.score_all") : hasZero(scores) ? say("review.zero_holds") : total(scores) >= ENOUGH ? say("review.enough") : say("review.too_few", { n: ENOUGH });
  return (
    <section class="card stack">
      <h2>{say("review.card")}</h2>
      {CRITERIA.map((criterion) => (
        <fieldset key={criterion} class="stack-s">
          <legend><CaseTerm list={LIST} code={criterion} /></legend>
          <div class="row">
            {POINTS.map((points) => (
              <label class="check" key={points}>
                <input type="radio" name={criterion} checked={scores[criterion] === points} onChange={() => change({ ...scores, [criterion]: points })}
                  aria-label={say("review.points_of", { criterion: names?.[criterion] ?? criterion, n: points })} /> <span aria-hidden="true">{number(points)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <p role="status" class="m"><strong>{say("review.total", { n: total(scores) })}</strong> · {verdict}</p>
    </section>
  );
}
