"""Ranks of the known pairs under each method: by the program itself, and by plain words.

The program's are read from `counterpart evaluate --ranks`; nothing of its score is worked out here. What plain words say is
kept beside the pairs, for it depends on nothing else.
"""

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

BASELINE = Path(__file__).resolve().parent.parent / "baseline"
sys.path.insert(0, str(BASELINE))

import bm25  # noqa: E402  (found by the path above)
import tfidf  # noqa: E402

SHIPPED = "Counterpart, as shipped"


def family(name):
    """As `counterpart evaluate --train` has it: sets that teach each other's answers."""
    return name.split("_")[0]


class Set:
    """One pair file, read."""

    def __init__(self, file):
        self.file = file
        with open(file, encoding="utf-8") as lines:
            self.head = tfidf.json.loads(lines.readline())
        self.name, self.candidates, self.queries = tfidf.read_pairs(file)


def read_ranks(file):
    """method -> set -> query -> ranks"""
    ranks = defaultdict(lambda: defaultdict(dict))
    with open(file, encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            name, query, method, values = line.rstrip("\n").split("\t")
            ranks[method][name][query] = [float(value) for value in values.split(",")]
    return ranks


def plain_words(one, kept_in):
    """TF-IDF and BM25 of one set: method -> query -> ranks."""
    source = one.file.read_bytes() + b"".join((BASELINE / name).read_bytes() for name in ("tfidf.py", "bm25.py"))
    file = kept_in / f"{one.name}.{hashlib.sha256(source).hexdigest()[:16]}.tsv"
    if not file.exists():
        kept_in.mkdir(parents=True, exist_ok=True)
        lines = ["set\tquery\tmethod\tranks"]
        for method, candidates in (("TF-IDF", tfidf.tfidf_candidates(one.candidates, one.queries)),
                                   ("BM25", bm25.Bm25Candidates(one.candidates))):
            for row, ranks in zip(one.queries, tfidf.ranks_of(candidates, one.queries)):
                lines.append(f"{one.name}\t{row['query']}\t{method}\t" + ",".join(map(str, ranks)))
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.rename(file)
    return {method: of_sets[one.name] for method, of_sets in read_ranks(file).items()}


class Program:
    """`command`: the program and options that come before those of a measurement, such as --datasets. `vectors`: a directory
    that several may share; `own`: one for this process alone. `models`: the directory of its models, where it is not its own."""

    def __init__(self, command, vectors, own, models=None):
        self.command = list(command)
        self.vectors, self.own, self.models = vectors, own, models

    def evaluate(self, files, *options, models=None):
        """method -> set -> query -> ranks. Ends the process where the program refuses."""
        models = models or self.models
        if models:
            options = (*options, "--models", models)
        ranks = self.own / "ranks.tsv"
        ranks.unlink(missing_ok=True)
        call = [self.command[0], "evaluate", *self.command[1:], *options, "--vectors", self.vectors, "--ranks", ranks,
                *files]
        done = subprocess.run([str(word) for word in call], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0 or not ranks.exists():
            sys.exit(f"{' '.join(map(str, call[:8]))} …: {done.stderr.strip()[-2000:]}\n"
                     "(a program from before --ranks and --vectors cannot be measured with)")
        return read_ranks(ranks)


def zero_shot(program, sets, model_of, keep_weights=False):
    """Each family by weights learnt without it (as shipped with `keep_weights`), and by the fine model of `model_of` (family or
    set -> file) where it names one. set -> query -> ranks; empty where there is only one family to learn from."""
    learnt = program.own / "weights"
    if not keep_weights:
        if len({family(one.name) for one in sets}) == 1:
            return {}
        learnt.mkdir()
        program.evaluate([one.file for one in sets], "--train", "--without", learnt, "--out", learnt / "all.toml")
    alike = defaultdict(list)
    for one in sets:
        alike[family(one.name), model_of.get(one.name, model_of.get(family(one.name)))].append(one)
    found = {}
    for (without, fine), some in alike.items():
        models = models_with(program.own / some[0].name, program.models, fine) if fine else None
        weights = [] if keep_weights else ["--weights", learnt / f"{without}.toml"]
        found |= program.evaluate([one.file for one in some], *weights, models=models)[SHIPPED]
    return found


def models_with(directory, models, fine):
    """A directory of links: the fast model of `models`, and `fine` as the second one."""
    directory.mkdir()
    for name, target in (("fast.model", models / "fast.model"), ("e5.model", fine)):
        (directory / name).symlink_to(Path(target).resolve())
    return directory
