"""The BM25 baseline on files of known pairs, over the words of tfidf.py: k1 = 1.2, b = 0.75 (Robertson & Zaragoza 2009).

A candidate is one document, its texts without the left-out one; a word of the query counts once, however often it stands there
(k3 = 0), or a long query would find whoever has its commonest words.
"""

import math
from collections import Counter, defaultdict

from tfidf import terms

K1, B = 1.2, 0.75


class Bm25Candidates:
    def __init__(self, rows):
        self.places = {row["candidate"]: place for place, row in enumerate(rows)}
        self.texts = [{text["id"]: Counter(terms(text["text"])) for text in row["texts"]} for row in rows]
        self.holder = defaultdict(list)  # text id -> who has it
        self.postings = defaultdict(list)
        documents = [sum(texts.values(), Counter()) for texts in self.texts]
        self.mean_length = sum(document.total() for document in documents) / len(documents) or 1
        for place, document in enumerate(documents):
            for text_id in self.texts[place]:
                self.holder[text_id].append(place)
            length = document.total()
            for term, count in document.items():
                self.postings[term].append((place, self.saturated(count, length)))

    def saturated(self, count, length):
        return count * (K1 + 1) / (count + K1 * (1 - B + B * length / self.mean_length))

    def rarity(self, term):
        holders = len(self.postings.get(term, ()))
        return math.log(1 + (len(self.texts) - holders + 0.5) / (holders + 0.5))

    def scores(self, text, leave_out):
        scores = [0.0] * len(self.texts)
        asked = [(term, self.rarity(term)) for term in sorted(set(terms(text)))]
        for term, weight in asked:
            for place, value in self.postings.get(term, ()):
                scores[place] += weight * value
        for place in self.holder.get(leave_out, ()):
            rest = sum((counts for text_id, counts in self.texts[place].items() if text_id != leave_out), Counter())
            length = rest.total()
            scores[place] = sum(weight * self.saturated(rest[term], length) for term, weight in asked if term in rest)
        return scores
