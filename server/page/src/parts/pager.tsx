// From page to page of a list, each with its address.
import { withQuery } from "../shell/place";
import { say } from "../words/say";

interface Props {
  page: number; // from 1
  size: number;
  shown: number; // on this page
  more: boolean;
}

export function Pager({ page, size, shown, more }: Props) {
  if (page === 1 && !more) return null;
  const first = (page - 1) * size + 1;
  const to = (wanted: number) => withQuery({ page: wanted === 1 ? null : String(wanted) });
  return (
    <nav class="row apart" aria-label={say("part.pages")}>
      <span class="m quiet">{shown > 0 && say("part.page_of", { first, last: first + shown - 1 })}</span>
      <span class="row">
        {page > 1 && <a class="button" rel="prev" href={to(page - 1)}>{say("part.before")}</a>}
        {more && <a class="button" rel="next" href={to(page + 1)}>{say("part.after")}</a>}
      </span>
    </nav>
  );
}
