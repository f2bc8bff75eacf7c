// The server's figures, as its own monitoring reads them: `name{label="value"} number` a line.
export interface Figure {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const PREFIX = "counterpart_";

export function figuresIn(text: string): Figure[] {
  const found: Figure[] = [];
  for (const line of text.split("\n")) {
    const [, name, labels = "", value] = /^([a-zA-Z_:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (!name || line.startsWith("#")) continue;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label!, text!.replace(/\\(.)/g, "$1")]);
    found.push({ name: name.replace(PREFIX, ""), labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return found;
}

// undefined: the server does not tell it.
export const figure = (figures: readonly Figure[], name: string): number | undefined => figures.find((one) => one.name === name)?.value;
