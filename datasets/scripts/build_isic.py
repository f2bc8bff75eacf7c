"""isic4.tsv from ref_isic_rev4: every code carries its section letter, as the contract writes them (C, C27, C2710). Sections and
divisions have fr, es, zh and ru from isic_titles.tsv."""

import json

from common import DATASETS, one_line, read_tsv, source_dir, write_tsv


def flatten(folder, language):
    with open(folder / f"{language}.json", encoding="utf-8") as file:
        document = json.load(file)
    rows = {}
    for section in document["sections"]:
        letter = section["section"].upper()
        rows[letter] = ("", one_line(section["description"]))
        for division in section["divisions"]:
            rows[letter + division["division"]] = (letter, one_line(division["description"]))
            for group in division["groups"]:
                rows[letter + group["group"]] = (letter + division["division"], one_line(group["description"]))
                for item in group["classes"]:
                    rows[letter + item["class"]] = (letter + group["group"], one_line(item["description"]))
    return rows


def main():
    folder = source_dir("ref_isic_rev4")
    english, arabic = flatten(folder, "en"), flatten(folder, "ar")
    more = {row["code"]: row for row in read_tsv(DATASETS / "scripts" / "isic_titles.tsv")}
    languages = ["fr", "es", "zh", "ru"]
    write_tsv("isic4.tsv", ["code", "parent", "en", "ar", *languages],
              [[code, parent, title, arabic.get(code, ("", ""))[1], *(more.get(code, {}).get(one, "") for one in languages)]
               for code, (parent, title) in english.items()])


if __name__ == "__main__":
    main()
