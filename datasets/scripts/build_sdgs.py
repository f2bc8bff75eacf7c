"""sdgs.tsv from xl_sdg_six_languages: goals by their short names, targets in full."""

import re

from common import UN_LANGUAGES, one_line, read_tsv, source_dir, write_tsv

TATWEEL = "\u0640"


def clean(text, language):
    """Without the source's typesetting: tatweel and footnote marks in Arabic, blanks before punctuation."""
    text = one_line(text)
    if language == "ar":
        text = re.sub(r"\s*\(\d\)", "", text.replace(TATWEEL, ""))
    return re.sub(r"(?<=\S)\s+(?=[.,،。])", "", text).strip()


def order(code):
    goal, _, target = code.partition(".")
    return (int(goal), target != "", not target.isdigit() if target else False, target.zfill(3))


def main():
    rows = []
    for item in read_tsv(source_dir("xl_sdg_six_languages") / "sdg_aligned.tsv"):
        key = item["key"]
        if item["kind"] == "goals" and key.endswith("-short"):
            code, parent = key.removesuffix("-short"), ""
        elif item["kind"] == "targets":
            code = key.removesuffix("-title").replace("-", ".")
            parent = code.split(".")[0]
        else:
            continue
        rows.append([code, parent, *(clean(item[language], language) for language in UN_LANGUAGES)])
    write_tsv("sdgs.tsv", ["code", "parent", *UN_LANGUAGES], sorted(rows, key=lambda row: order(row[0])))


if __name__ == "__main__":
    main()
