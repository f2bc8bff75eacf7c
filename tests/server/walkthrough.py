"""The product used as README tells it, by its command line and a served directory, on the sample profiles.

    walkthrough.py COUNTERPART SOURCE_DIR MODELS

One temporary data directory; every check names what it expected. Exit status 1 on the first that fails.
"""
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
SAMPLES = sorted(str(p) for p in pathlib.Path(SOURCE, "datasets/samples").glob("*.jsonl"))
QUESTIONS = {
    "en": "solar-powered cold storage for fish landing sites",
    "ar": "تخزين بارد يعمل بالطاقة الشمسية لمواقع إنزال الأسماك",
    "zh": "用于鱼类上岸点的太阳能冷藏设施",
    "fr": "stockage frigorifique à énergie solaire pour les sites de débarquement de poisson",
    "ru": "холодильные склады на солнечной энергии для мест выгрузки рыбы",
    "es": "almacenamiento en frío con energía solar para sitios de desembarque de pescado",
}


def run(data, *arguments, status=0):
    command = [COUNTERPART, arguments[0], "--data", str(data), "--datasets", SOURCE + "/datasets", "--models", MODELS]
    done = subprocess.run(command + list(arguments[1:]), capture_output=True, text=True, timeout=600)
    expect(done.returncode == status, f"{arguments} ended with {done.returncode}, not {status}: {done.stderr[-2000:]}")
    return done


def answer(data, *arguments, status=0):
    return json.loads(run(data, *arguments, "--json", status=status).stdout)


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


def stored(data):
    return {json.loads(line)["id"]: line for line in run(data, "export").stdout.splitlines()}


def match_in_six_languages(data):
    lists = {}
    for language, text in QUESTIONS.items():
        found = answer(data, "match", "--text", text, "--programme", "itpo", "--limit", "10", "--all-bands")
        expect(len(found["matches"]) == 10, f"{language}: a full list")
        expect(all(m["reasons"] for m in found["matches"]), f"{language}: every match has a reason")
        scores = [(-m["score"], m["id"]) for m in found["matches"]]
        expect(scores == sorted(scores), f"{language}: ordered by score, then id")
        lists[language] = {m["id"] for m in found["matches"]}
    for language, ids in lists.items():
        shared = len(ids & lists["en"])
        print(f"  {language}: {shared} of 10 as in English")
        # Just after an import only the fast vectors are there, and words reorder the answers of the same language.
        expect(shared >= 1, f"{language}: at least 1 of the 10 English answers, not {shared}")


def keep_floors_and_vary(data):
    asked = ["match", "--text", "equity for solar mini-grids", "--programme", "global-alliance", "--limit", "10", "--all-bands"]
    listed = answer(data, *asked)
    fare = {one["group"]: one for one in listed["exposure"]}
    for group in ("LDC", "developing", "africa"):
        expect(fare[group]["in_list"] >= fare[group]["floor"] > 0, f"the floor for {group} holds: {fare}")
    expect({"LLDC", "SIDS", "women_led"} < fare.keys(), f"the other groups are told: {fare}")
    expect(listed["exposure_cost"] > 0 and listed["diversity_cost"] == 0, f"the floors cost something: {listed}")
    varied = answer(data, *asked, "--diversify")
    countries = [m["country"] for m in varied["matches"]]
    expect(max(map(countries.count, countries)) <= 4, f"at most 4 of one country: {countries}")
    expect(varied["diversity_cost"] > 0, f"variety costs something: {varied}")
    shown = run(data, *asked).stdout
    expect("exposure: LDC " in shown and "the floors cost 0.0" in shown, f"an officer reads it too: {shown[-600:]}")


def kill_in_the_middle_of_an_import(directory):
    """What was acknowledged before kill -9 is there afterwards, and a second run completes the import."""
    data = directory / "killed"
    everything = directory / "all.jsonl"
    everything.write_text("".join(pathlib.Path(sample).read_text() for sample in SAMPLES))
    total = sum(1 for _ in everything.open())
    for _ in range(3):
        importer = subprocess.Popen(
            [COUNTERPART, "import", "--data", str(data), "--datasets", SOURCE + "/datasets", "--models", MODELS,
             str(everything)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            importer.wait(timeout=random.uniform(0.5, 4))
        except subprocess.TimeoutExpired:
            importer.send_signal(signal.SIGKILL)
            importer.wait()
        ids = list(stored(data))
        print(f"  killed with {len(ids)} of {total} profiles durable")
        report = answer(data, "verify")
        expect(report["stored"] == len(ids) and report["difference_count"] == 0, f"store and indexes equal: {report}")
    before = stored(data)
    summary = answer(data, "import", str(everything))
    expect(summary["accepted"] == total and summary["refused"] == 0, f"the second run completes it: {summary}")
    expect(summary["unchanged"] == len(before), f"what was durable is left as it was: {summary}")
    after = stored(data)
    expect(all(after[i] == line for i, line in before.items()), "no durable profile changed")


def match_overnight(data, directory):
    """Two nights with a change between them."""
    first = answer(data, "rematch", "--programme", "itpo")
    again = answer(data, "rematch", "--programme", "itpo", "--full", "--threads", "1")
    expect(again["id"] == first["id"], f"the same inputs give the same result, which is there: {first}, {again}")
    refused = run(data, "rematch", "--programme", "itpo", "--full", "--memory", "1", status=1)
    expect("allow " in refused.stderr, f"too little memory, and how much would do: {refused.stderr}")
    row = directory / "overnight.csv"
    row.write_text("id,kind,title,country,roles,office,offers,seeks\n"
                   "w:pumps,company,Nairobi pumps,KE,local_partner,nairobi,assembly of solar pumps,solar pumps for farms\n")
    answer(data, "import", str(row))
    second = answer(data, "rematch", "--programme", "itpo")
    expect(second["previous"] == first["id"] and second["changed"] == 1, f"one profile is new: {second}")
    digest = answer(data, "digest", "--programme", "itpo", "--office", "nairobi")
    expect([p["id"] for p in digest["profiles"]] == ["w:pumps"], f"the office's own: {digest}")
    expect(digest["profiles"][0]["changes"], "with what is new")
    lines = run(data, "digest", "--programme", "itpo", "--office", "nairobi", "--csv").stdout.splitlines()
    expect(lines[0].startswith("profile,") and len(lines) > 1, f"for a spreadsheet: {lines[:2]}")
    runs = answer(data, "runs")["runs"]
    expect([one["id"] for one in runs] == [second["id"], first["id"]], f"both are kept: {runs}")
    run(data, "erase", "w:pumps")


def over_http(address, target, body=None):
    request = urllib.request.Request(f"http://{address}{target}", None if body is None else json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def drafts_have_a_language(address):
    draft = {"kind": "company", "title": "Frigo", "country": "FR", "seeks": QUESTIONS["fr"]}
    def scores(**more):
        found = over_http(address, "/v1/match", {"draft": {**draft, **more}, "limit": 20})
        return [(m["id"], m["score"]) for m in found["matches"]]
    stated = scores(lang="fr")
    for given in ({}, {"lang": "FR"}, {"lang": "fra"}, {"lang": "fr-FR"}):
        expect(scores(**given) == stated, f"a draft with {given or 'no language'} is read as the French that it is")


def names_are_found(address):
    for file in SAMPLES:
        for line in open(file, encoding="utf-8").read().splitlines()[::101]:
            profile = json.loads(line)
            for asked in (profile["title"], profile["title"].upper(), profile["id"]):
                first = over_http(address, "/v1/profiles?limit=1&q=" + urllib.parse.quote(asked))["profiles"][0]
                expect(first["found_by"] == "name" and (first["id"] == profile["id"] or
                                                        first["title"].lower() == profile["title"].lower()),
                       f"whoever is asked for by name comes first: {asked!r} gives {first}")


def ask_a_running_server(data, directory):
    server = subprocess.Popen(
        [COUNTERPART, "serve", "--data", str(data), "--datasets", SOURCE + "/datasets", "--models", MODELS,
         "--open-local", "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if line.startswith("listening on "):
                address = line.split()[2].removeprefix("http://").strip("/")
                break
        drafts_have_a_language(address)
        names_are_found(address)
        found = run(data, "match", "--text", QUESTIONS["en"], "--json")
        expect("asking the server" in found.stderr, "the command says that it asks the server")
        expect("asking the server" in run(data, "rematch", "--programme", "itpo").stderr, "a match run does so too")
        row = directory / "one.csv"
        row.write_text('id,kind,title,country,offers,sectors\n'
                       'w:new,company,Ice machines,DE,"xylophone shaped ice machines, solar powered",C28\n'
                       'w:bad,company,Ice machines,DE,ice,C99\n')
        refused = run(data, "import", str(row), status=1)
        expect("C99" in refused.stderr and ":3:" in refused.stderr, f"line and value are named: {refused.stderr}")
        deadline = time.monotonic() + 5
        while True:
            ids = [m["id"] for m in answer(data, "match", "--text", "xylophone shaped ice machines", "--all-bands")["matches"]]
            if "w:new" in ids[:1] or time.monotonic() > deadline:
                break
        expect("w:new" in ids[:1], "a new profile is found while the server runs")
    finally:
        server.send_signal(signal.SIGTERM)
        rest = server.stderr.read()
        expect(server.wait(timeout=30) == 0, f"the server stops gracefully: {rest[-2000:]}")
    expect("w:new" in stored(data), "and it is there after the server stopped")


def refine_by_hand(directory):
    """Fine vectors without a server: one verb makes them, and no verb that only asks does."""
    data = directory / "refined"
    few = directory / "few.jsonl"
    few.write_text("".join(pathlib.Path(SAMPLES[0]).read_text().splitlines(keepends=True)[:40]))
    run(data, "import", str(few))
    before = answer(data, "match", "--text", QUESTIONS["en"])
    expect(answer(data, "match", "--text", QUESTIONS["en"]) == before, "asking changes nothing")
    expect(answer(data, "refine") == {"made": 40, "missing": 0}, "every profile gets its fine vectors")
    expect(answer(data, "refine") == {"made": 0, "missing": 0}, "once")
    expect(answer(data, "match", "--text", QUESTIONS["en"])["matches"] != before["matches"], "and they count")


def advise_and_merge(data, directory):
    advice = answer(data, "advice", "techstars:sol-clarity", "--lang", "fr")
    expect(advice["lang"] == "fr" and advice["advice"][0]["member"] == "seeks", f"it seeks nothing yet: {advice}")
    total = abs(advice["completeness"] + sum(one["help"] for one in advice["advice"]) - 1)
    expect(total < 1e-9, f"all advice taken, the profile is complete: {advice}")
    copy = directory / "copy.jsonl"
    original = json.loads(stored(data)["techstars:sol-clarity"])
    copy.write_text(json.dumps(original | {"id": "w:copy", "title": "Sol Clarity, Inc."}) + "\n")
    before = answer(data, "duplicates")["total"]
    summary = answer(data, "import", str(copy))
    expect(summary["possible_duplicates"] == 1, f"an import says that it brought a duplicate: {summary}")
    pairs = answer(data, "duplicates", "--limit", "1000")
    expect(pairs["total"] == before + 1, f"and only that: {pairs}")
    ours = [pair for pair in pairs["pairs"] if {pair["keep"], pair["erase"]} == {"techstars:sol-clarity", "w:copy"}]
    expect(len(ours) == 1 and ours[0]["reasons"], f"it is listed with reasons: {ours}")
    run(data, "erase", "w:copy")
    expect(answer(data, "duplicates")["total"] == before, "once merged it is listed no more")
    run(data, "erase", "w:copy")  # the same receipt once more
    run(data, "erase", "w:nobody", status=1)


def assemble_partners(data):
    portfolio = answer(data, "assemble", "wb:P176887")
    covered = {c for p in portfolio["partners"] for need in p["covers"] for c in need["codes"]}
    left = {c for need in portfolio["uncovered"] for c in need["codes"]}
    wanted = {c for need in portfolio["needs"] for c in need["codes"]}
    expect(portfolio["partners"] and portfolio["proven"], f"some partners, proven: {portfolio}")
    expect(covered | left == wanted and not covered & left, f"each need is covered or said not to be: {portfolio}")
    expect(portfolio["budget"]["amount"] == 51480000 and portfolio["budget"]["currency"] == "USD", f"the budget is the project's: {portfolio}")
    run(data, "assemble", "techstars:sol-clarity", status=1)


def who_is_missing(data):
    coverage = answer(data, "coverage", "--programme", "global-alliance", "--gaps", "50", "--fillers", "2")
    expect(coverage["assumed"] and coverage["members"] > 100, f"the samples name no programme: {coverage['members']}")
    missing = [gap["missing"] for gap in coverage["gaps"]]
    expect(missing and missing == sorted(missing, reverse=True), f"gaps by how many are missing: {missing}")
    again = answer(data, "coverage", "--programme", "global-alliance", "--gaps", "50", "--fillers", "2")
    expect(again == coverage, "the same map twice")
    printed = run(data, "coverage", "--share", "LDC=0.9", "--gaps", "1").stdout
    expect("country_group LDC" in printed and "asked" in printed, f"a share that is asked for leads: {printed}")
    run(data, "coverage", "--programme", "none", status=1)
    run(data, "coverage", "--share", "LDC", status=1)


def brief_of_a_country(data):
    brief = answer(data, "brief", "HN")
    expect(brief["name"] == "Honduras" and brief["currency"]["code"] == "HNL", f"the country itself: {brief}")
    expect(brief["profiles"] == sum(kind["profiles"] for kind in brief["kinds"]) > 100, f"what is here of it: {brief}")
    expect({"open", "itpo"} <= {programme["slug"] for programme in brief["programmes"]}, f"programmes: {brief}")
    printed = run(data, "brief", "hn", "--lang", "es").stdout
    expect("Honduras" in printed and "programme  itpo" in printed, f"printed for an officer: {printed}")
    run(data, "brief", "ZZ", status=1)


def standing_queries(directory):
    """A search kept before the profiles come, and what it tells of them."""
    data = directory / "standing"
    run(data, "token", "create", "--role", "reader")  # makes the directory; a standing query does not
    kept = answer(data, "standing", "add", "--text", QUESTIONS["en"], "--where", "country=africa", "--office", "rome", "--minimum", "0.25")
    expect(kept["id"] == "q1" and kept["fits"] == 0, f"nobody is there yet: {kept}")
    answer(data, "standing", "add", "--offering", "solar pumps", "--minimum", "0.3")
    expect([q["id"] for q in answer(data, "standing", "list", "--office", "rome")["queries"]] == ["q1"], "by office")
    answer(data, "import", *SAMPLES)
    page = answer(data, "alerts", "--query", "q1", "--limit", "1000")
    told = [alert["profile"] for alert in page["alerts"]]
    expect(len(told) > 0 and len(set(told)) == len(told), f"each profile that fits is told once: {told}")
    expect(all(alert["title"] and alert["score"] >= 0.25 for alert in page["alerts"]), f"and is near enough: {page}")
    answer(data, "import", *SAMPLES)
    late = ("alerts", "--query", "q1", "--after", str(page["after"]))
    expect(answer(data, *late)["alerts"] == [], "an import repeated tells nothing new")
    again = answer(data, "standing", "add", "--text", QUESTIONS["en"], "--where", "country=africa", "--minimum", "0.25")
    expect(again["fits"] == len(told), f"the same query asked later counts the same profiles: {again}, {len(told)}")
    printed = run(data, "alerts", "--query", "q1", "--limit", "1").stdout
    expect(told[0] in printed and "text similarity" in printed, f"printed for an officer: {printed}")
    expect("counterpart alerts --query q1 --after " in printed, f"and how to go on: {printed}")
    run(data, "erase", told[0])
    expect("(withdrawn)" in run(data, "alerts", "--query", "q1", "--limit", "1").stdout, "of it nothing else is left")
    expect(answer(data, "verify")["difference_count"] == 0, "all is in order")
    expect("q2 and its alerts" in run(data, "standing", "remove", "q2").stdout, "removed")
    run(data, "standing", "remove", "q2", status=1)
    run(data, "alerts", "--query", "q2", status=1)
    run(data, "standing", "add", status=1)
    run(data, "standing", status=2)


def convene_a_panel(directory):
    data = directory / "panel"
    of_experts = [sample for sample in SAMPLES if pathlib.Path(sample).stem in ("ec_groups", "unfccc")]
    answer(data, "import", next(sample for sample in SAMPLES if sample.endswith("carbonplan.jsonl")))
    nobody = answer(data, "convene")
    expect(nobody["seats"] == [] and nobody["status"] == "relaxed" and nobody["relaxations"],
           f"no experts, no seats, and why: {nobody['relaxations']}")
    answer(data, "import", *of_experts)
    ask = ("convene", "--seats", "30", "--seed", "7", "--topic", "Energy and resources in industry")
    panel = answer(data, *ask)
    ids = [seat["id"] for seat in panel["seats"]]
    expect(len(set(ids)) == 30 and panel["programme"] == "consultations" and panel["seed"] == 7, f"30 seats: {ids}")
    expect([c["topic"] for c in panel["coverage"]] == [ask[-1]], "the agenda is the one given")
    waived = [r["rule"] for r in panel["relaxations"]]
    for quota in panel["quotas"]:
        kept = quota.get("at_least", 0) <= quota["got"] <= quota.get("at_most", 30)
        expect(kept or any(quota["group"] in rule for rule in waived), f"kept, or said to give way: {quota}, {waived}")
    expect(answer(data, *ask) == panel, "the same seed, the same panel")
    expect(answer(data, *ask[:3], "--seed", "8", *ask[5:])["seats"] != panel["seats"], "another seed, another draw")
    printed = run(data, *ask).stdout
    expect("Energy and resources" in printed and "constituency:labour" in printed, f"printed for a manager: {printed}")
    run(data, "convene", "--seats", "0", status=2)
    run(data, "convene", "--programme", "open", status=1)


def main():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="counterpart-walkthrough-"))
    try:
        data = directory / "data"
        print("import the samples")
        summary = answer(data, "import", *SAMPLES)
        expect(summary["refused"] == 0 and summary["accepted"] >= 3000, f"all samples are accepted: {summary}")
        again = answer(data, "import", *SAMPLES)
        expect(again["unchanged"] == summary["accepted"], f"a second import changes nothing: {again}")
        print("match in six languages")
        match_in_six_languages(data)
        keep_floors_and_vary(data)
        print("explain")
        first = answer(data, "match", "--profile", "wb:P162607", "--programme", "itpo")["matches"]
        if first:
            why = answer(data, "explain", "wb:P162607", first[0]["id"], "--programme", "itpo")
            expect(why["matched"] and why["rank"] == 1, f"explain agrees with match: {why}")
            expect(why["would_help"]["outcome"] == "already", f"the first needs no edit: {why['would_help']}")
            expect(abs(why["score"] - first[0]["score"]) < 1e-9, "one score for one pair")
        print("what would help")
        far = answer(data, "match", "--profile", "techstars:kumulus", "--programme", "itpo", "--limit", "14", "--all-bands")["matches"]
        why = answer(data, "explain", "techstars:kumulus", far[13]["id"], "--programme", "itpo")
        helped = why["would_help"]
        expect(helped["outcome"] == "edits" and 1 <= helped["edits"][0]["rank"] <= 10, f"an edit helps: {helped}")
        expect(all(edit["words"].startswith("if ") for edit in helped["edits"]), f"where it is true: {helped}")
        expect(0 < len(why["evidence"]["text"]) <= 160, f"the counterpart is quoted: {why}")
        print("advice, and one company under two ids")
        advise_and_merge(data, directory)
        print("fine vectors without a server")
        refine_by_hand(directory)
        print("a set of partners for a project")
        assemble_partners(data)
        print("who is missing from a programme, and a country's brief")
        who_is_missing(data)
        brief_of_a_country(data)
        print("standing queries")
        standing_queries(directory)
        print("a panel")
        convene_a_panel(directory)
        print("overnight")
        match_overnight(data, directory)
        print("wrong usage and refusals")
        run(data, "match", status=2)
        run(data, "match", "--profile", "no-such-profile", status=1)
        run(data, "match", "--text", "x", "--where", "colour=red", status=1)
        print("ask a running server")
        ask_a_running_server(data, directory)
        print("kill -9 in the middle of an import")
        kill_in_the_middle_of_an_import(directory)
        print("walkthrough passed")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
