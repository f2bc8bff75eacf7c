"""What the dataset scripts share: writing code lists, cleaning text, reading the taxonomy. Standard library only."""

import csv
import html
import json
import pathlib
import re
import sys
import unicodedata

DATASETS = pathlib.Path(__file__).resolve().parent.parent
TAXONOMY = DATASETS / "taxonomy"
SAMPLES = DATASETS / "samples"
UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
MAX_TITLE = 500
MAX_TEXT = 20_000


def source_dir(folder):
    """The folder `folder` of the data directory named on the command line."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} DATA_DIR")
    return pathlib.Path(sys.argv[1]) / folder


def one_line(text):
    """`text` as one cell or one title: entities decoded, control characters and runs of blanks made one blank."""
    text = html.unescape(text or "")
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return re.sub(r" {2,}", " ", text.replace("\u00ad", "")).strip()


def free_text(text):
    """`text` with entities decoded and control characters removed; line breaks stay."""
    text = html.unescape(text or "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    return text


def write_table(path, header, rows, keys=1):
    """Writes a TSV; refuses a cell that would break the format, or two rows of the same first `keys` cells."""
    seen = set()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("\t".join(header) + "\n")
        for row in rows:
            if len(row) != len(header):
                sys.exit(f"{path.name}: {len(row)} cells instead of {len(header)}: {row}")
            if any("\t" in cell or "\n" in cell for cell in row):
                sys.exit(f"{path.name}: tab or line break inside a cell: {row}")
            key = tuple(row[:keys])
            if key in seen:
                sys.exit(f"{path.name}: {' '.join(key)} comes twice")
            seen.add(key)
            out.write("\t".join(row) + "\n")
    print(f"{path.name}: {len(seen)} rows", file=sys.stderr)


def write_tsv(name, header, rows):
    """Writes taxonomy/`name`, whose first column is a code that comes once."""
    write_table(TAXONOMY / name, header, rows)


def read_tsv(path):
    """Rows of a TSV as dictionaries; lines that start with # are notes."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            sys.exit(f"{path}:{number}: {len(cells)} cells instead of {len(header)}")
        rows.append(dict(zip(header, cells)))
    return rows


def read_csv(path, **options):
    csv.field_size_limit(1 << 24)
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, **options))


def to_line(profile):
    return json.dumps(profile, ensure_ascii=False, separators=(",", ":"))
