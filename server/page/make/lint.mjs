// The style sheet must serve both directions: physical sides are refused, and so is what the policy forbids.
const PHYSICAL = [
  [/(?:^|[;{\s])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b/, "use -inline-start/-end or -block-start/-end"],
  [/(?:^|[;{\s])(?:left|right|top|bottom)\s*:/, "use inset-inline-… or inset-block-…"],
  [/text-align\s*:\s*(?:left|right)/, "use start or end"],
  [/(?:float|clear)\s*:\s*(?:left|right)/, "use inline-start or inline-end"],
  [/border-(?:top|bottom)-(?:left|right)-radius/, "use border-start-start-radius and the like"],
  [/:\/\/|url\(\s*["']?data:/, "the page asks nobody else, and has no data: addresses"],
];

export function lintStyle(file, text) {
  const found = [];
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
  bare.split("\n").forEach((line, i) => {
    for (const [pattern, remedy] of PHYSICAL) if (pattern.test(line)) found.push(`${file}:${i + 1}: ${remedy}`);
  });
  return found;
}

// Neither markup from a text nor a style attribute: the policy would stop the second, and the first is how scripts get in.
const FORBIDDEN = [
  [/dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/, "texts go in as text"],
  [/\bstyle=\{?["'{]/, "no style attribute: use a class, or element.style.setProperty"],
  [/\beval\(|new Function\(/, "the policy forbids it"],
];

export function lintScript(file, text) {
  return FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, remedy]) => `${file}: ${remedy}`);
}
