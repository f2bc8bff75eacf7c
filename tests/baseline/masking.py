"""Takes an organisation's names out of a text, so that it is not found by its own name."""

import re
import unicodedata

# Words that names share, so that one of them alone gives nobody away and is not masked.
COMMON = set("""canada canadian international national world united nations inc ltd the de du des of and et for centre
center office new york embassy trust foundation fund society association development bank industry government ministry
institute agency program programme health education relief action plan care""".split())
TAIL = re.compile(r"[\s,]+(Inc|Ltd|Ltée|Canada|Québec)\b\.?(\s+(Inc|Ltd)\b\.?)?\s*$", re.IGNORECASE)
JOINERS = {"of", "the", "and", "for", "de", "du", "des", "la", "le", "les", "et", "en", "d", "l", "to", "in", "on", "y"}


def name_parts(agency):
    """The name and its parts: both languages, what stands in brackets, c/o; with and without "Inc." and "Canada"."""
    parts = {agency}
    parts.update(re.split(r"\s*/\s*|\s+-\s+|[()]|\bC/O\b|\bvia\b", agency, flags=re.IGNORECASE))
    for part in list(parts):
        parts.add(TAIL.sub("", part))
    parts = {part.strip(" ,.-") for part in parts}
    return {part for part in parts if len(part) > 2 and not set(part.lower().split()) <= COMMON | JOINERS} | {agency}


def name_runs(agency):
    """Three words of the name or more in a row: names in two languages stand side by side, others are cut short."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", agency)
    runs = (words[first:last] for first in range(len(words)) for last in range(first + 3, len(words) + 1))
    return {" ".join(run) for run in runs if run[0].lower() not in JOINERS and run[-1].lower() not in JOINERS}


def acronyms(agency):
    """Initials of the name and its parts with and without the joining words, and what is written in capitals in it."""
    found = set()
    for part in name_parts(agency):
        words = [word for word in re.findall(r"[^\W\d_]+", part)]
        found.add("".join(word[0] for word in words))
        found.add("".join(word[0] for word in words if word.lower() not in JOINERS))
    if not agency.isupper():
        found.update(re.findall(r"\b[A-Z]{3,8}\b", agency))
    found.update(re.findall(r"\(([A-Z]{2,10})\)", agency))
    found = {unicodedata.normalize("NFD", name.upper()) for name in found}
    found = {"".join(c for c in name if not unicodedata.combining(c)) for name in found}
    return {name for name in found if 3 <= len(name) <= 10}


class Mask:
    def __init__(self, agency, texts):
        names = sorted(name_parts(agency) | name_runs(agency), key=lambda name: (-len(name), name))
        gap = r"[\s,.'’-]+"
        loose = [gap.join(re.escape(word) for word in re.split(gap, name) if word) for name in names]
        self.name = re.compile(r"(?<!\w)(?:" + "|".join(loose) + r")(?:me|s)?(?!\w)", re.IGNORECASE)
        short = acronyms(agency)
        # The acronym a text itself gives behind the name: "... (ADB)".
        for text in texts:
            for match in self.name.finditer(text):
                given = re.match(r"\s*\(([A-Z][\w&-]{1,12})\)", text[match.end():])
                if given:
                    short.add(given.group(1))
        words = "|".join(re.escape(name) for name in sorted(short, key=lambda name: (-len(name), name)))
        self.short = re.compile(r"(?<!\w)(?:" + words + r")(?:[’']?s)?(?!\w)") if words else None

    def __call__(self, text):
        text = self.name.sub(" ", text)
        return " ".join((self.short.sub(" ", text) if self.short else text).split())
