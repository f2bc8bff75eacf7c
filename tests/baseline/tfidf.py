#!/usr/bin/env python3
"""tfidf.py PAIR_FILE...: the TF-IDF baseline on files of known pairs, in the table of `counterpart evaluate`.

Same files, same protocol (server/cli/evaluate.cpp): a candidate's vector is the mean of its texts without the left-out
one, the score is the cosine, and ranks count half of the ties as standing before. Of the files whose set is named
sdg_<from>_<to>, two or more get a line with their mean.

Words of two letters or more, case folded; 1 + log(frequency), idf, unit length. Chinese has no spaces: its characters
count by twos. (Pairs of neighbouring words as further terms, `longest` = 2, do worse on both sets of projects.)
"""

import json
import math
import re
import sys
from collections import Counter, defaultdict

# A run of Chinese characters, or a word of two letters or digits or more.
PIECE = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]{2,}")
HEADER = f"{'set':<28} {'candidates':>10} {'queries':>10} {'recall@1':>9} {'recall@10':>9} {'MRR':>7}"


def terms(text, longest=1):
    words = []
    for piece in PIECE.findall(text.lower()):
        if "\u3400" <= piece[0] <= "\u9fff":
            words += [piece[i:i + 2] for i in range(max(1, len(piece) - 1))]
        else:
            words.append(piece)
    grams = list(words)
    for size in range(2, longest + 1):
        grams += [" ".join(words[i:i + size]) for i in range(len(words) - size + 1)]
    return grams


class Tfidf:
    """Weights learnt from `texts`; a vector is a dict term -> weight of unit length."""

    def __init__(self, texts, longest=1):
        self.longest = longest
        self.documents = 0
        self.holding = Counter()
        for text in texts:
            self.documents += 1
            self.holding.update(set(terms(text, longest)))

    def vector(self, text):
        weights = {}
        for term, count in Counter(terms(text, self.longest)).items():
            idf = math.log((1 + self.documents) / (1 + self.holding[term])) + 1
            weights[term] = (1 + math.log(count)) * idf
        norm = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / norm for term, weight in weights.items()}


def dot(a, b):
    if len(b) < len(a):
        a, b = b, a
    return sum(weight * b[term] for term, weight in a.items() if term in b)


def read_pairs(file):
    name, candidates, queries = file, [], []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "set" in row:
                name = row["set"]
            elif "candidate" in row:
                candidates.append(row)
            else:
                queries.append(row)
    return name, candidates, queries


def summed(vectors):
    total = defaultdict(float)
    for vector in vectors:
        for term, weight in vector.items():
            total[term] += weight
    return total


class Candidates:
    def __init__(self, rows, model):
        self.model = model
        self.places = {row["candidate"]: place for place, row in enumerate(rows)}
        self.vectors = [{text["id"]: model.vector(text["text"]) for text in row["texts"]} for row in rows]
        self.holder = defaultdict(list)  # text id -> who has it
        self.postings = defaultdict(list)
        for place, vectors in enumerate(self.vectors):
            total = summed(vectors.values())
            norm = math.sqrt(dot(total, total)) or 1
            for text_id in vectors:
                self.holder[text_id].append(place)
            for term, weight in total.items():
                self.postings[term].append((place, weight / norm))

    def scores(self, text, leave_out):
        query = self.model.vector(text)
        scores = [0.0] * len(self.vectors)
        for term, weight in query.items():
            for place, other in self.postings.get(term, ()):
                scores[place] += weight * other
        for place in self.holder.get(leave_out, ()):
            rest = summed(vector for text_id, vector in self.vectors[place].items() if text_id != leave_out)
            norm = math.sqrt(dot(rest, rest))
            scores[place] = dot(query, rest) / norm if norm else -1.0
        return scores


def tie_aware_rank(scores, place):
    """From 1; engine/score/ranking_quality.h has the same."""
    score = scores[place]
    before = sum(other > score for other in scores)
    ties = sum(other == score for other in scores) - 1
    return 1 + before + ties / 2


def ranks_of(candidates, query_rows):
    """Of each query: the ranks of its relevant candidates, in its order."""
    for row in query_rows:
        scores = candidates.scores(row["text"], row.get("leave_out"))
        yield [tie_aware_rank(scores, candidates.places[name]) for name in row["relevant"]]


def tfidf_candidates(candidate_rows, query_rows, longest=1):
    texts = {text["text"] for row in candidate_rows for text in row["texts"]} | {row["text"] for row in query_rows}
    return Candidates(candidate_rows, Tfidf(sorted(texts), longest))


def measure(candidate_rows, query_rows):
    """recall@1, recall@10 and MRR, each the mean over the queries."""
    sums = [0.0, 0.0, 0.0]
    for ranks in ranks_of(tfidf_candidates(candidate_rows, query_rows), query_rows):
        sums[0] += sum(rank <= 1 for rank in ranks) / len(ranks)
        sums[1] += sum(rank <= 10 for rank in ranks) / len(ranks)
        sums[2] += 1 / min(ranks)
    return [total / len(query_rows) for total in sums]


def print_row(name, candidates, queries, figures):
    print(f"{name:<28} {candidates:>10} {queries:>10} {figures[0]:>9.3f} {figures[1]:>9.3f} {figures[2]:>7.3f}",
          flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: tfidf.py PAIR_FILE...")
    print(HEADER)
    directions = []
    for file in sys.argv[1:]:
        name, candidates, queries = read_pairs(file)
        figures = measure(candidates, queries)
        print_row(name, len(candidates), len(queries), figures)
        if name.startswith("sdg_"):
            directions.append((len(candidates), len(queries), figures))
    if len(directions) > 1:
        means = [sum(row[2][i] for row in directions) / len(directions) for i in range(3)]
        queries = sum(row[1] for row in directions)
        print_row(f"mean of {len(directions)} sdg directions", directions[0][0], queries, means)


if __name__ == "__main__":
    main()
