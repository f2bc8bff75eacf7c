"""The index beside what anyone can install, on the same rows, the same questions and the same conditions in one run.

    VENV/bin/python tests/bench/search_peers.py SEARCH_BENCH [--rows 100000] [--queries 200] [--recall 0.99]

VENV has numpy and whichever of faiss-cpu, hnswlib and usearch are to be measured (`pip install numpy faiss-cpu hnswlib
usearch`); one that is not there is left out, with a word. Figures are queries a CPU-second of one thread at a recall@10 of at
least --recall against the exact answer; of each peer's settings the quickest that has it, or "-" where none has. The median of
three rounds. A peer's condition is its own: a bitmap for FAISS, a function for hnswlib, a predicate for usearch.
"""
import argparse
import importlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

WIDTH = 2 * 512
TOP = 10
ROUNDS = 3
CLASSES = {"none": "none", "50 %": "s50", "10 %": "s10", "1 %": "s1", "0.1 %": "s01"}
FEW = 40  # queries of a peer that takes more than a millisecond or two a query


def package(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: left out", flush=True)
        return None


class Faiss:
    """IVF and HNSW over 8-bit scalar quantisers, and the flat index, all with a bitmap."""

    def __init__(self, faiss, rows):
        self.faiss, self.indexes = faiss, {}
        faiss.omp_set_num_threads(2)
        for name, recipe in (("FAISS IVF", "IVF1024,SQ8"), ("FAISS HNSW", "HNSW32,SQ8"), ("FAISS flat", "Flat")):
            index = faiss.index_factory(WIDTH, recipe, faiss.METRIC_INNER_PRODUCT)
            index.train(rows[:: max(1, len(rows) // 50_000)])
            index.add(rows)
            self.indexes[name] = index
        faiss.omp_set_num_threads(1)

    def ways(self):
        for probes in (4, 8, 16, 32, 64, 128, 256):
            yield "FAISS IVF", lambda sel, n=probes: self.faiss.SearchParametersIVF(nprobe=n, sel=sel)
        for width in (16, 32, 64, 128, 256, 512, 1024):
            yield "FAISS HNSW", lambda sel, n=width: self.faiss.SearchParametersHNSW(efSearch=n, sel=sel)
        yield "FAISS flat", lambda sel: self.faiss.SearchParameters(sel=sel)

    def searches(self, meets):
        import numpy
        bits = numpy.packbits(meets, bitorder="little")
        selector = None if meets.all() else self.faiss.IDSelectorBitmap(bits)
        for name, parameters in self.ways():
            asked = parameters(selector)
            yield name, lambda query, index=self.indexes[name], asked=asked: index.search(query[None], TOP, params=asked)[1][0]


class Hnswlib:
    def __init__(self, hnswlib, rows):
        self.index = hnswlib.Index(space="ip", dim=WIDTH)
        self.index.init_index(max_elements=len(rows), M=16, ef_construction=200)
        self.index.add_items(rows, num_threads=2)

    def searches(self, meets):
        wanted = None if meets.all() else meets.astype(bool).__getitem__
        for width in (16, 32, 64, 128, 256, 512):
            def search(query, width=width):
                self.index.set_ef(width)
                return self.index.knn_query(query, k=TOP, num_threads=1, filter=wanted)[0][0]
            yield "hnswlib", search


class Usearch:
    """It has no conditions in Python: measured where there is none."""

    def __init__(self, usearch, rows):
        import numpy
        self.index = importlib.import_module("usearch.index").Index(ndim=WIDTH, metric="ip", dtype="i8")
        self.index.add(numpy.arange(len(rows)), rows, threads=2)

    def searches(self, meets):
        if not meets.all():
            return
        for width in (16, 32, 64, 128, 256, 512):
            def search(query, width=width):
                self.index.expansion_search = width
                return self.index.search(query, TOP, threads=1).keys
            yield "usearch", search


PEERS = (("faiss", Faiss), ("hnswlib", Hnswlib), ("usearch", Usearch))


def measured(search, queries, truth, least):
    """Queries a CPU-second, or None: its recall is less than that."""
    found = 0
    start = time.process_time()
    few = queries[:FEW]
    for query, right in zip(few, truth):
        try:
            found += len(right.intersection(map(int, search(query))))
        except RuntimeError:  # hnswlib's word for fewer than ten found
            pass
    if found < least * sum(map(len, truth[:FEW])):
        return None
    slow = (time.process_time() - start) / len(few) > 2e-3
    rates, asked = [], few if slow else queries
    for _ in range(ROUNDS):
        start = time.process_time()
        for query in asked:
            try:
                search(query)
            except RuntimeError:
                pass
        rates.append(len(asked) / (time.process_time() - start))
    return statistics.median(rates)


def own_figures(said):
    """By condition: queries a CPU-second and recall, of the first table."""
    table = said.split("wanted 10\n")[1].split("wanted ")[0]
    return {name: (float(rate), float(recall))
            for name, rate, recall in re.findall(r"^ *(none|[\d.]+ %) +(\d+) +\S+ +\S+ +\d+ +([\d.]+)", table, re.M)}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bench")
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--recall", type=float, default=0.99)
    given = options.parse_args()
    numpy = package("numpy")
    if not numpy:
        sys.exit("search_peers.py: numpy is needed")
    with tempfile.TemporaryDirectory() as folder:
        rounds = [subprocess.run([given.bench, str(given.rows), str(given.queries), folder], check=True, text=True,
                                 capture_output=True).stdout for _ in range(ROUNDS)]
        rows = numpy.fromfile(f"{folder}/rows.f32", dtype="f4").reshape(-1, WIDTH)
        queries = numpy.fromfile(f"{folder}/queries.f32", dtype="f4").reshape(-1, WIDTH)
        conditions = {name: numpy.fromfile(f"{folder}/{key}.u8", dtype="u1") for name, key in CLASSES.items()}
    own = [own_figures(said) for said in rounds]
    print(rounds[0].splitlines()[0], f"{len(rows):,} rows, recall@10 of at least {given.recall}", flush=True)
    peers = [peer(module, rows) for name, peer in PEERS if (module := package(name))]
    products = queries @ rows.T
    print(f"{'where':>6} {'Counterpart':>12} {'recall':>7} {'best peer':>10} {'ratio':>6}   each")
    for name, meets in conditions.items():
        of_all = numpy.where(meets.astype(bool), products, -numpy.inf)
        truth = [set(map(int, best)) for best in numpy.argpartition(-of_all, TOP, axis=1)[:, :TOP]]
        best = {}
        for peer in peers:
            for who, search in peer.searches(meets):
                if rate := measured(search, queries, truth, given.recall):
                    best[who] = max(best.get(who, 0), rate)
        rate = statistics.median(one[name][0] for one in own)
        recall = min(one[name][1] for one in own)
        most = max(best.values(), default=0)
        each = ", ".join(f"{who} {value:,.0f}" for who, value in sorted(best.items(), key=lambda one: -one[1]))
        print(f"{name:>6} {rate:>12,.0f} {recall:>7.4f} {most:>10,.0f} {rate / most if most else 0:>6.2f}   {each or '-'}", flush=True)


main()
