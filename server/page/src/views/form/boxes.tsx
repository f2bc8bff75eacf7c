// Several of a list: boxes where the list is short, else what choose_many.tsx has.
import { useTerms } from "../../words/names";
import { Long } from "./lazily";

export interface ManyProps {
  id: string;
  label: string;
  about?: string; // ids of what describes it
  bad: boolean;
  chosen: string[];
  change(chosen: string[]): void;
}

const FEW = 20;

export function Several({ list, ...props }: ManyProps & { list: string }) {
  const { id, about, chosen, change } = props;
  const names = useTerms()?.[list] ?? {};
  if (Object.keys(names).length > FEW) return <Long {...props} list={list} />;
  const toggle = (code: string) => change(chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code]);
  return (
    <div class="row" id={id} tabIndex={-1} aria-describedby={about}>
      {Object.entries(names).map(([code, name]) => (
        <label class="check" key={code}><input type="checkbox" checked={chosen.includes(code)} onChange={() => toggle(code)} /> {name}</label>
      ))}
    </div>
  );
}
