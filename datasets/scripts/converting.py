"""The frame of every converter: rows in, profiles as JSON Lines out, what was left out counted on standard error."""

import argparse
import collections
import re
import sys

from common import MAX_TEXT, MAX_TITLE, free_text, one_line, to_line

MIN_TEXT = 30
PLACEHOLDER = re.compile(
    r"^\W*(tbd|tbc|n/?a|none|test\b.*|x+|to be (determined|determinded|provided|updated|given|added|inputted|defined)\b.*|"
    r"don'?t pub.*|description pending|same as .*|see (above|attached).*|completed|dropped|(the )?(pdo|global objective) "
    r"(remains|has not).*)\W*$", re.IGNORECASE | re.DOTALL)
PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+\d[\d ()-]{7,}\d|\b0\d{2,4} ?- ?\d{6,}|https?://|\bwww\.|"
                      r"\b[\w-]+\.(com|org|net|io|app)\b")

# What relief, elections, transfers of cash and justice are for, in the sources' languages: no counterpart of industry.
HUMANITARIAN = re.compile(
    r"\b(humanitar\w*|emergency (response|relief|recovery|assistance|food|support|social|health|project|operation)|"
    r"crisis response|covid\w*|coronavirus|pandemic|ebola|refugees?|displaced|returnees?|food (aid|assistance|distribution)|"
    r"(cash|social) transfers?|safety nets?|elections?|electoral|demobili[sz]\w*|ex-combatants?|peace-?building|relief|orphans?|"
    r"human rights|police|justice|prisons?|"
    r"réfugiés?|urgences?|déplacés?|aide alimentaire|démobilis\w*|désarme\w*|élections?|électora\w*|secours|orphelins?|"
    r"droits (de l.homme|humains)|paix|prisons?|"
    r"emergencias?|desplazad\w*|refugiad\w*|ayuda (alimentaria|humanitaria)|elecciones|desmoviliza\w*|desarme|"
    r"transferencias? (monetaria|condicionada)s?|víctimas?|huérfan\w*|derechos humanos|minas antipersona\w*|justicia|policía)\b",
    re.IGNORECASE)


def text_of(value):
    """A source's free text: entities decoded, HTML tags and control characters dropped, cut at the contract's limit."""
    return free_text(re.sub(r"</?[a-zA-Z][^<>]{0,200}>", " ", free_text(value)))[:MAX_TEXT]


def title_of(value):
    return one_line(value)[:MAX_TITLE].strip()


def safe_id(value):
    """`value` with whatever an id may not hold made a hyphen."""
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", value)[:128]


def compact(profile):
    """`profile` without empty members."""
    return {key: value for key, value in profile.items() if value not in ("", None, [], {})}


def unfit(profile, texts=("seeks", "offers", "summary"), min_text=MIN_TEXT):
    """Why `profile` is not worth a place among the samples, or "". `texts`: the members of which one must say something."""
    if not profile.get("title"):
        return "no title"
    if not re.fullmatch("[A-Z]{2}", profile.get("country", "")):
        return "no country (none given, or a region)"
    text = max((profile.get(member, "") for member in texts), key=len)
    if not text:
        return "no text"
    if PLACEHOLDER.match(text):
        return "a placeholder instead of a text"
    if len(text) < min_text:
        return f"text under {min_text} characters"
    if any(PERSONAL.search(profile.get(member, "")) for member in ("title", "summary", "offers", "seeks")):
        return "text holds an address of the web or of mail, or a telephone number"
    return ""


def humanitarian(profile):
    """Whether a project's title or text is about relief, elections, transfers of cash or justice."""
    return any(HUMANITARIAN.search(profile.get(member, "")) for member in ("title", "summary", "seeks", "offers"))


def run(name, rows, convert, reason=unfit):
    """Prints convert(row) of every row that `reason` does not refuse; with --all of every row, fit or not."""
    parser = argparse.ArgumentParser(description=name)
    parser.add_argument("data", help="directory of the source data")
    parser.add_argument("--all", action="store_true", help="every row as it is: refusing is left to the importer")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    written, refused = 0, collections.Counter()
    for row in rows:
        profile = compact(convert(row))
        why = "" if options.all else reason(profile)
        if why:
            refused[why] += 1
            continue
        written += 1
        sys.stdout.write(to_line(profile) + "\n")
    print(f"{name}: {written} profiles written, {sum(refused.values())} rows left out", file=sys.stderr)
    for why, count in refused.most_common():
        print(f"  {count:6} {why}", file=sys.stderr)
