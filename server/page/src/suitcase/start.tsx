// The suitcase: a desk's work of some days in one file. It is opened by its passphrase, asks nobody for anything, and gives what was
// written as a file that the server takes.
import { render } from "preact";
import { loadWords, speak, type Language } from "../words/say";
import { App } from "./app";
import { header } from "./sealed";

speak(header.language as Language);
void loadWords("suitcase").then(() => render(<App />, document.body));
