"""The same draft in two languages: how many of its first ten counterparts are the same.

    languages.py SERVER [PROGRAMME]

SERVER: address of a running server, as in 127.0.0.1:8080, that holds the samples and has made their fine vectors. The
drafts are ours (drafts.json): eight profiles whose texts say the same in the six languages of the United Nations and whose
other members are equal. Prints the mean share of the first ten for each pair of languages, and over all pairs.
"""
import itertools
import json
import pathlib
import statistics
import sys
import urllib.request

LANGUAGES = ["en", "ar", "es", "fr", "ru", "zh"]


def first_ten(server, programme, draft, language):
    profile = draft["profile"] | {"lang": language, "title": draft["title"][language], "seeks": draft["seeks"][language]}
    body = json.dumps({"programme": programme, "limit": 10, "bands": ["strong", "good", "possible", "weak"], "draft": profile}).encode()
    request = urllib.request.Request(f"http://{server}/v1/match", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return {match["id"] for match in json.load(answer)["matches"]}


def main():
    server, programme = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "open"
    drafts = json.loads(pathlib.Path(__file__).with_name("drafts.json").read_text(encoding="utf-8"))
    shared = {pair: [] for pair in itertools.combinations(LANGUAGES, 2)}
    for draft in drafts:
        lists = {language: first_ten(server, programme, draft, language) for language in LANGUAGES}
        for (a, b), shares in shared.items():
            shares.append(len(lists[a] & lists[b]) / 10)
    for (a, b), shares in shared.items():
        print(f"{a} {b}  {statistics.mean(shares):.2f}")
    print(f"mean  {statistics.mean(itertools.chain.from_iterable(shared.values())):.3f}")


main()
