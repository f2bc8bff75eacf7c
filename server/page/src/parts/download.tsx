// A file of the server, for a spreadsheet or a program. It is fetched, so that what goes wrong is told here.
import { Problem, send } from "../api/client";
import { say } from "../words/say";
import { announce } from "./announce";

export async function save(target: string, name: string): Promise<void> {
  try {
    const file = await (await send("GET", target, {})).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (problem) {
    if (problem instanceof Problem) announce([problem.detail, problem.remedy].filter(Boolean).join(" "));
    else throw problem;
  }
}

// `target` has no ending yet: "/v1/runs/7/digest?office=dakar" is saved as NAME.xlsx by its call with that ending.
// `of` says of what to whoever hears the links and not what stands around them.
export function Downloads({ target, name, of: whose }: { target: string; name: string; of?: string }) {
  const [path, query] = target.split("?");
  const of = (ending: string) => path + ending + (query ? "?" + query : "");
  return (
    <span class="row noprint">
      {[".xlsx", ".csv"].map((ending) => (
        <a key={ending} class="button small" href={of(ending)} onClick={(event) => { event.preventDefault(); void save(of(ending), name + ending); }}>
          {ending === ".xlsx" ? say("part.workbook") : say("part.csv")}{whose && <span class="hidden">: {whose}</span>}
        </a>
      ))}
    </span>
  );
}
