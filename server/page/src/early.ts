// Before anything is drawn: the language, its direction and the theme that this reader chose, so that nothing jumps.
// A classic script of its own; shell/settings.ts changes the same later.
{
  const kept = (name: string) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const known = ["en", "fr", "es", "ar", "zh", "ru"];
  const wanted = [kept("language") ?? "", ...navigator.languages.map((tag) => tag.slice(0, 2))];
  const root = document.documentElement;
  root.lang = wanted.find((tag) => known.includes(tag)) ?? "en";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // The words of the view come beside its script, not after it.
  const { words = "", hash } = (document.currentScript as HTMLScriptElement).dataset;
  for (const name of words.split(" ").filter(Boolean)) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = `/assets/${name}.${root.lang}-${hash}.js`;
    document.head.append(link);
  }
}
