#!/usr/bin/env python3
"""The index beside what anyone can install, on the same rows, the same questions and the same conditions in one run.

    VENV/bin/python tests/bench/search_peers.py SEARCH_BENCH [--rows 100000] [--data DIRECTORY] [--queries 200] [--recall 0.99]

VENV has what tests/bench/requirements.txt lists (tests/bench/run makes it as build/bench-venv); a peer that is not there is left
out, with a word. Rows are clusters, or with --data the vectors of a data directory's profiles; the classes of conditions are
those of search_bench.cpp. Figures are queries a CPU-second of one thread, a query at a time. Of each peer's settings the
quickest with a recall@10 of at least --recall counts, or none where none has it; recall is against the exact answer in floats,
the same for all. Rounds of Counterpart and of the peers take turns; medians, with the least and the greatest. A peer's condition
is its own: a ready bitmap for FAISS, a function for hnswlib; usearch has none. What a call from Python costs a peer by itself
is measured on ten rows and taken off.
"""
import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # of an older library; they slow numpy's own
    os.environ.pop(name, None)

import figures  # noqa: E402

WIDTH = 2 * 512
TOP = 10
FEW = 40  # queries of a round of a peer that takes more than a few milliseconds a query
CLASSES = ("none", "u50", "u10", "u1", "u01", "c50", "c10", "c1", "n10", "n1")
TARGET = {"none": 1.0}  # times the best peer; 2 elsewhere


def package(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: left out", flush=True)
        return None


class Faiss:
    """IVF and HNSW over 8-bit scalar quantisers, and flat indexes of 8 bits and of floats, all with a bitmap."""
    RECIPES = {"FAISS IVF": "IVF1024,SQ8", "FAISS HNSW": "HNSW32,SQ8", "FAISS flat 8 bit": "SQ8", "FAISS flat": "Flat"}

    def __init__(self, faiss, rows):
        self.faiss = faiss
        faiss.omp_set_num_threads(2)
        self.indexes = {name: self.made(recipe, rows) for name, recipe in self.RECIPES.items()}
        faiss.omp_set_num_threads(1)
        self.few = faiss.IndexFlatIP(WIDTH)
        self.few.add(rows[:TOP])

    def made(self, recipe, rows):
        index = self.faiss.index_factory(WIDTH, recipe, self.faiss.METRIC_INNER_PRODUCT)
        index.train(rows[:: max(1, len(rows) // 50_000)])
        index.add(rows)
        return index

    def selector(self, meets):
        import numpy
        return None if meets.all() else self.faiss.IDSelectorBitmap(numpy.packbits(meets, bitorder="little"))

    def settings(self):
        """Name -> settings, the quickest first; each is a function of selector to parameters."""
        faiss = self.faiss
        yield "FAISS IVF", [(f"nprobe {n}", lambda sel, n=n: faiss.SearchParametersIVF(nprobe=n, sel=sel))
                            for n in (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512)]
        yield "FAISS HNSW", [(f"ef {n}", lambda sel, n=n: faiss.SearchParametersHNSW(efSearch=n, sel=sel))
                             for n in (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024)]
        for name in ("FAISS flat 8 bit", "FAISS flat"):
            yield name, [("", lambda sel: faiss.SearchParameters(sel=sel))]

    def searches(self, selectors):
        """(name, [(setting, search(query, selector number))])"""
        made = [self.selector(meets) for meets in selectors]
        for name, settings in self.settings():
            ways = []
            for setting, parameters in settings:
                asked = [parameters(selector) for selector in made]
                ways.append((setting, lambda query, which, index=self.indexes[name], asked=asked:
                             index.search(query[None], TOP, params=asked[which])[1][0]))
            yield name, ways

    def idle(self):
        asked = self.faiss.SearchParameters()
        return lambda query: self.few.search(query[None], TOP, params=asked)


class Hnswlib:
    def __init__(self, hnswlib, rows):
        self.index = self.made(hnswlib, rows)
        self.few = self.made(hnswlib, rows[:TOP])

    def made(self, hnswlib, rows):
        index = hnswlib.Index(space="ip", dim=WIDTH)
        index.init_index(max_elements=len(rows), M=16, ef_construction=200)
        index.add_items(rows, num_threads=2)
        return index

    def searches(self, selectors):
        filters = [None if meets.all() else (lambda label, ids=set(meets.nonzero()[0].tolist()): label in ids)
                   for meets in selectors]

        def way(width):
            def search(query, which):
                self.index.set_ef(width)
                return self.index.knn_query(query, TOP, num_threads=1, filter=filters[which])[0][0]
            return f"ef {width}", search
        yield "hnswlib", [way(width) for width in (16, 32, 64, 128, 256, 512)]

    def idle(self):
        return lambda query: self.few.knn_query(query, TOP, num_threads=1)


class Usearch:
    def __init__(self, usearch, rows):
        import numpy
        index = importlib.import_module("usearch.index")
        self.index, self.few = (index.Index(ndim=WIDTH, metric="ip", dtype="i8") for _ in range(2))
        self.index.add(numpy.arange(len(rows)), rows, threads=2)
        self.few.add(numpy.arange(TOP), rows[:TOP])

    def searches(self, selectors):
        if not all(meets.all() for meets in selectors):
            return

        def way(width):
            def search(query, which):
                self.index.expansion_search = width
                return self.index.search(query, TOP, threads=1).keys
            return f"expansion {width}", search
        yield "usearch", [way(width) for width in (16, 32, 64, 128, 256, 512)]

    def idle(self):
        return lambda query: self.few.search(query, TOP, threads=1)


PEERS = {"faiss": Faiss, "hnswlib": Hnswlib, "usearch": Usearch}


class Own:
    """search_bench, which waits for a class and answers with a round of it."""

    def __init__(self, command, folder):
        self.folder = Path(folder)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = []
        for line in self.process.stdout:
            if line == "ready\n":
                return
            self.said.append(line.rstrip())
        sys.exit("search_peers.py: search_bench ended early")

    def round(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def found(self, numpy, name):
        return numpy.fromfile(self.folder / f"{name}.found", dtype="i4").reshape(-1, TOP)


def recall_of(found, truth):
    hits = sum(len(right.intersection(map(int, rows))) for rows, right in zip(found, truth))
    return hits / max(1, sum(map(len, truth[:len(found)])))


def answers_of(search, queries, which, spare):
    """What is found, and seconds a query without the call's own cost."""
    found = []
    start = time.process_time()
    for query, selector in zip(queries, which):
        try:
            found.append(search(query, selector))
        except RuntimeError:  # hnswlib's word for fewer than ten found
            found.append(())
    seconds = (time.process_time() - start) / len(queries) - spare
    return found, max(seconds, 1e-9)


def quickest(ways, queries, which, truth, least, spare):
    """The first of the settings, which grow slower, that finds enough; (setting, search, queries a round) or None."""
    for setting, search in ways:
        found, seconds = answers_of(search, queries[:FEW], which, spare)
        if recall_of(found, truth) < least - 0.02:
            continue
        few = FEW if seconds > 3e-3 else len(queries)
        found, _ = answers_of(search, queries[:few], which, spare)
        if recall_of(found, truth) >= least:
            return setting, search, few
        if seconds > 0.2:
            return None
    return None


class Bench:
    def __init__(self, given):
        import numpy
        self.numpy, self.given = numpy, given

    def run(self):
        numpy, given = self.numpy, self.given
        with tempfile.TemporaryDirectory() as folder:
            command = [given.bench, str(given.rows), str(given.queries), "--leave", folder, "--serve"]
            own = Own(command + (["--data", given.data] if given.data else []), folder)
            rows = numpy.fromfile(f"{folder}/rows.f32", dtype="f4").reshape(-1, WIDTH)
            queries = numpy.fromfile(f"{folder}/queries.f32", dtype="f4").reshape(-1, WIDTH)
            print(f"{figures.machine()}; commit {figures.commit()}\n" + "\n".join(own.said) +
                  f"\n{len(queries)} queries, recall@10 of at least {given.recall}", flush=True)
            peers = []
            for name in given.peers.split(","):
                if module := package(name):
                    start = time.process_time()
                    peer = PEERS[name](module, rows)
                    idle = peer.idle()
                    for query in queries:
                        idle(query)
                    middle = time.process_time()
                    for query in queries:
                        idle(query)
                    spare = (time.process_time() - middle) / len(queries)
                    peers.append((peer, spare))
                    print(f"{name}: built in {middle - start:.0f} CPU-s; a call costs {spare * 1e6:.0f} us by itself", flush=True)
            products = queries @ rows.T
            print(f"{'where':>5} {'Counterpart':>12} {'recall':>7} {'p50 ms':>7} {'best peer':>10} {'ratio':>6} {'target':>7}  "
                  "each: median (least to greatest), setting", flush=True)
            worst = [self.one_class(name, own, peers, queries, products, folder) for name in given.classes.split(",")]
            own.process.stdin.close()
            own.process.wait()
        print(f"{sum(met for met in worst)} of {len(worst)} classes meet the target", flush=True)

    def one_class(self, name, own, peers, queries, products, folder):
        numpy, given = self.numpy, self.given
        keys = Path(folder, f"{name}.keys").read_text().split()
        names = sorted(set(keys))
        selectors = [numpy.fromfile(f"{folder}/{key}.u8", dtype="u1") for key in names]
        which = [names.index(key) for key in keys]
        truth = []
        for query, selector in enumerate(which):
            of_all = numpy.where(selectors[selector].astype(bool), products[query], -numpy.inf)
            best = numpy.argpartition(-of_all, TOP)[:TOP]
            truth.append({int(row) for row in best if of_all[row] > -numpy.inf})
        own.round(name)
        recall = recall_of(own.found(numpy, name), truth)
        chosen = []
        for peer, spare in peers:
            for who, ways in peer.searches(selectors):
                if way := quickest(ways, queries, which, truth, given.recall, spare):
                    chosen.append((who, *way, spare))
        rates = {"own": []} | {who: [] for who, *_ in chosen}
        p50 = []
        for _ in range(given.rounds):
            said = own.round(name)
            rates["own"].append(said["queries"] / said["cpu_s"])
            p50.append(said["p50_ms"])
            for who, _, search, few, spare in chosen:
                rates[who].append(1 / answers_of(search, queries[:few], which, spare)[1])
        middle = {who: sorted(values)[len(values) // 2] for who, values in rates.items()}
        spread = {who: f"{min(values):,.0f} to {max(values):,.0f}" for who, values in rates.items()}
        most = max((rate for who, rate in middle.items() if who != "own"), default=0)
        ratio = middle["own"] / most if most else float("inf")
        wanted = TARGET.get(name, 2.0)
        met = ratio >= wanted and recall >= given.recall
        each = [f"own {spread['own']}"] + [f"{who} {middle[who]:,.0f} ({spread[who]}) {setting}".rstrip()
                                           for who, setting, *_ in sorted(chosen, key=lambda one: -middle[one[0]])]
        print(f"{name:>5} {middle['own']:>12,.0f} {recall:>7.4f} {sorted(p50)[len(p50) // 2]:>7.3f} {most:>10,.0f} {ratio:>6.2f} "
              f"{'met' if met else 'MISSED':>7}  {'; '.join(each)}", flush=True)
        return met


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bench")
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--recall", type=float, default=0.99)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--data", help="a data directory whose vectors are searched instead of clusters")
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument("--classes", default=",".join(CLASSES))
    given = options.parse_args()
    if not package("numpy"):
        sys.exit("search_peers.py: numpy is needed")
    Bench(given).run()


if __name__ == "__main__":
    main()
