"""What a person on a slow link waits for: bytes over the wire and times to the first answer, at 20,000 profiles.

    build/venv/bin/python tests/bench/page_bench.py BINARY SOURCE MODELS [--data DIR] [--runs N]

A real Chromium before a real server, its link slowed down by the browser itself: "3G" as 1.6 Mbit/s down, 750 kbit/s up and
150 ms for a round trip; "slow 3G" as 400 kbit/s both ways and 400 ms (the two of that name in Lighthouse and in WebPageTest's
list). Without --data a directory of 20,000 profiles is made first: the samples, told again with other ids until they are as
many. Each figure is the median of N runs (5), each in a browser with nothing kept; the second visit is in the same one.

first view    bytes of /search with all that it asks for, and until its form can be used
answer        from pressing Search until the first hit is drawn, once the page is there
second visit  bytes of the same address again, without what /v1 answers
delay         the longest a key pressed in the form waits for the page (Event Timing), over 40 keys
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "server"))
from page_views import Browser, settle  # noqa: E402
from serving import Program, Server  # noqa: E402

LINKS = {"as it is": None, "3G": (1_600_000, 750_000, 150), "slow 3G": (400_000, 400_000, 400)}  # bit/s, bit/s, ms
PROFILES = 20_000
QUESTION = "solar cold rooms for fish landing sites"


def world(program, source, folder):
    lines = [line for file in sorted(pathlib.Path(source, "datasets/samples").glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    with open(folder / "profiles.jsonl", "w", encoding="utf-8") as out:
        for number in range(PROFILES):
            one = json.loads(lines[number % len(lines)])
            if number >= len(lines):
                one["id"] = f"{one['id'][:100]}:{number // len(lines)}"
            out.write(json.dumps(one) + "\n")
    done = subprocess.run([program.binary, "import", "--data", str(folder / "data"), *program.common, str(folder / "profiles.jsonl")],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr[-2000:])
    return folder / "data"


def slowed(page, link):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    taken = {"all": 0, "answers": 0}
    kinds = {}
    session.on("Network.requestWillBeSent", lambda event: kinds.__setitem__(event["requestId"], event["request"]["url"]))

    def note(event):
        taken["all"] += event["encodedDataLength"]
        if "/v1/" in kinds.get(event["requestId"], ""):
            taken["answers"] += event["encodedDataLength"]

    session.on("Network.loadingFinished", note)
    if link:
        down, up, trip = link
        session.send("Network.emulateNetworkConditions",
                     {"offline": False, "latency": trip, "downloadThroughput": down / 8, "uploadThroughput": up / 8})
    return taken


def one_run(browser, link):
    context = browser.chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.asked = set()
    page.on("request", lambda request: page.asked.add(request))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: page.asked.discard(request))
    taken = slowed(page, link)
    began = time.perf_counter()
    page.goto(browser.base + "/search")
    field = page.get_by_label("What do you seek?")
    field.wait_for()
    ready = time.perf_counter() - began
    settle(page)
    first = dict(taken)
    page.evaluate("""() => { window.waits = [];
      new PerformanceObserver((list) => window.waits.push(...list.getEntries().map((one) => one.processingStart - one.startTime)))
        .observe({type: 'event', durationThreshold: 16, buffered: true}) }""")
    field.press_sequentially(QUESTION[:40])
    delay = page.evaluate("() => new Promise((done) => setTimeout(() => done(Math.max(0, ...window.waits)), 100))")
    began = time.perf_counter()
    page.get_by_role("button", name="Search").first.click()
    page.wait_for_selector("main ol li")
    answer = time.perf_counter() - began
    settle(page)
    before = dict(taken)
    page.goto(browser.base + "/search")
    settle(page)
    second = taken["all"] - before["all"] - (taken["answers"] - before["answers"])
    context.close()
    return {"bytes": first["all"] - first["answers"], "data": first["answers"], "ready": ready, "answer": answer, "second": second, "delay": delay}


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("binary")
    options.add_argument("source")
    options.add_argument("models")
    options.add_argument("--data")
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    program = Program(given.binary, given.source, given.models)
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        data = given.data or world(program, given.source, pathlib.Path(name))
        server = Server(program, data)
        browser = Browser(server.port)
        try:
            print(f"{'link':10} {'first view':>12} {'its data':>9} {'ready':>8} {'answer':>8} {'second visit':>13} {'delay':>7}")
            for name_of_link, link in LINKS.items():
                runs = [one_run(browser, link) for _ in range(given.runs)]
                middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
                print(f"{name_of_link:10} {middle['bytes']:10,.0f} B {middle['data']:7,.0f} B {middle['ready']:6.2f} s {middle['answer']:6.2f} s"
                      f" {middle['second']:11,.0f} B {middle['delay']:4.0f} ms", flush=True)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
