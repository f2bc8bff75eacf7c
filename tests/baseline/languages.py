"""The same draft in two languages: how many of its first ten counterparts are the same.

    languages.py SERVER DATA [EVERY]

SERVER: address of a running server, as in 127.0.0.1:8080, that holds the samples; DATA: the folder with
xl_sdg_six_languages. The targets and indicators of the Sustainable Development Goals (every EVERY-th, 5 unless told), in
the six languages of the United Nations, stand for drafts of project profiles. Prints the mean share of the English
answers that each other language gets as well, and the mean over all pairs of languages.
"""
import csv
import itertools
import json
import pathlib
import statistics
import sys
import urllib.request

LANGUAGES = ["en", "ar", "es", "fr", "ru", "zh"]


def first_ten(server, text, language):
    draft = {"kind": "project", "lang": language, "country": "KE", "title": text[:60], "seeks": text}
    body = json.dumps({"programme": "open", "limit": 10, "draft": draft}).encode()
    request = urllib.request.Request(f"http://{server}/v1/match", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return {match["id"] for match in json.load(answer)["matches"]}


def main():
    server, data = sys.argv[1], pathlib.Path(sys.argv[2])
    every = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with open(data / "xl_sdg_six_languages" / "sdg_aligned.tsv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if not row["kind"].startswith("goal")]
    shared = {pair: [] for pair in itertools.combinations(LANGUAGES, 2)}
    for row in rows[::every]:
        lists = {language: first_ten(server, row[language], language) for language in LANGUAGES}
        for (a, b), shares in shared.items():
            shares.append(len(lists[a] & lists[b]) / 10)
    print(f"{len(rows[::every])} drafts")
    for (a, b), shares in shared.items():
        print(f"{a} {b}  {statistics.mean(shares):.2f}")
    print(f"mean  {statistics.mean(statistics.mean(shares) for shares in shared.values()):.3f}")


main()
