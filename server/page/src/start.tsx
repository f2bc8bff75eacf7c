// The page begins here: words, then the frame, then the view of the address.
import { render } from "preact";
import { Frame } from "./shell/frame";
import { place, startRouting } from "./shell/place";
import { language, loadWords, speak } from "./words/say";

startRouting();
const words = ["page", ...(place.get().row?.words ?? [])];
void place.get().row?.load().catch(() => {}); // in parallel with the words; the frame says when it fails
await Promise.all(words.map((name) => loadWords(name))).catch(() => {});
speak(language.get());
render(<Frame />, document.body);
