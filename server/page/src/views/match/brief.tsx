// What to know of the counterpart's country before writing there, in short.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Quote } from "../../parts/text";
import { Way } from "../../parts/way";
import { language, list, say } from "../../words/say";

export function Brief({ country }: { country: string }) {
  const { data } = useAnswer("brief " + country, (signal) => get("/v1/countries/{country}/brief", { path: { country }, query: { lang: language.get() }, signal }));
  if (!data) return null;
  const groups = [...data.groups.map((one) => one.title), ...(data.regions[0] ? [data.regions[0].title] : []), ...(data.income ? [data.income.title] : [])];
  return (
    <section class="card stack-s" aria-labelledby="brief">
      <h2 id="brief"><Way href={"/countries/" + country}>{say("match.brief", { country: data.name })}</Way></h2>
      <p class="m" dir="auto">{list(groups)}</p>
      {data.currency && <p class="m"><span dir="auto">{data.currency.title}</span> <bdi>({data.currency.code})</bdi></p>}
      <p class="m">{say("match.profiles_there", { n: data.profiles })}</p>
      {data.sections.map((section) => (
        <details key={section.section}>
          <summary dir="auto">{section.title}</summary>
          <Quote text={section.text} lang={section.lang} />
        </details>
      ))}
    </section>
  );
}
