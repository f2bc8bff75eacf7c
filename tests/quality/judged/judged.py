"""Questions, judgments and the figures of answers that people judged.

A question is answered by at most ten profile ids in their order, or by nobody. Grades are those of rule.md. All shares are means
over questions, between 0 and 1.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

RELEVANT, PARTLY = 2, 1
TEN = 10


@dataclass(frozen=True)
class Question:
    id: str
    half: str  # open: was looked at while weights and thresholds were chosen; kept: was not
    language: str
    direction: str  # offer: a supplier looks for projects and partners; need: a partner looks for suppliers
    country: str  # of the asker
    fit: str  # some, or nobody: no counterpart is among the samples
    text: str


@dataclass(frozen=True)
class Answer:
    shown: tuple  # profile ids, the best first
    nobody: bool  # the program said so, or showed none


def rows_of(file):
    with Path(file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_questions(file):
    return [Question(row["question"], *(row[name] for name in ("half", "language", "direction", "country", "fit", "text")))
            for row in rows_of(file)]


def read_judgments(file):
    """question id -> profile id -> grade"""
    judgments = {}
    for row in rows_of(file):
        judgments.setdefault(row["question"], {})[row["profile"]] = int(row["grade"])
    return judgments


def share(part, whole):
    return part / whole if whole else 0.0


class Figures:
    """Of questions that somebody answers: how many of those shown are relevant. An unjudged answer counts as nonsense."""

    def __init__(self, questions, answers, judgments):
        self.questions = [one for one in questions if one.fit == "some"]
        self.shown = self.of_shown = self.of_shown_or_partly = self.of_ten = self.at_most = self.of_findable = 0.0
        self.unjudged = 0
        for question in self.questions:
            grades, ids = judgments.get(question.id, {}), answers[question.id].shown[:TEN]
            relevant = sum(grades.get(one) == RELEVANT for one in ids)
            known = sum(grade == RELEVANT for grade in grades.values())
            self.shown += len(ids)
            self.of_shown += share(relevant, len(ids))
            self.of_shown_or_partly += share(sum(grades.get(one, 0) >= PARTLY for one in ids), len(ids))
            self.of_ten += relevant / TEN
            self.at_most += min(TEN, known) / TEN
            self.of_findable += share(relevant, min(TEN, known))
            self.unjudged += sum(one not in grades for one in ids)
        for name in ("shown", "of_shown", "of_shown_or_partly", "of_ten", "at_most", "of_findable"):
            setattr(self, name, share(getattr(self, name), len(self.questions)))


class Silence:
    """How often "nobody fits" was said, where it is right and where it is wrong."""

    def __init__(self, questions, answers):
        said = {fit: [answers[one.id].nobody for one in questions if one.fit == fit] for fit in ("nobody", "some")}
        self.asked = {fit: len(ones) for fit, ones in said.items()}
        self.right = share(sum(said["nobody"]), len(said["nobody"]))
        self.wrong = share(sum(said["some"]), len(said["some"]))


def groups_of(questions):
    """(name, questions) in the order of the table."""
    for direction, words in (("offer", "supplier to projects"), ("need", "need to suppliers")):
        ours = [one for one in questions if one.direction == direction]
        yield words, ours
        for half in ("open", "kept"):
            yield f"- {half}", [one for one in ours if one.half == half]
    for language in dict.fromkeys(one.language for one in questions):
        yield language, [one for one in questions if one.language == language]
    yield "all", questions


def table(questions, answers, judgments):
    """Markdown, one line a group."""
    lines = ["| questions | with somebody | shown | P of shown | or partly | P of ten | at most | P of findable | nobody: right | wrong |",
             "|" + " --- |" * 10]
    for name, ours in groups_of(questions):
        figures, silence = Figures(ours, answers, judgments), Silence(ours, answers)
        lines.append(f"| {name} | {len(figures.questions)} | {figures.shown:.1f} | {figures.of_shown:.2f} "
                     f"| {figures.of_shown_or_partly:.2f} | {figures.of_ten:.2f} | {figures.at_most:.2f} | {figures.of_findable:.2f} "
                     f"| {silence.right:.2f} of {silence.asked['nobody']} | {silence.wrong:.2f} of {silence.asked['some']} |")
    return "\n".join(lines)
