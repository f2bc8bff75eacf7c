"""make_scale.py DATA_DIR N: N profiles on standard output, for benches of size; never commit what it prints.

Real ones first: listed companies (what they offer) and World Bank projects (what they seek), mixed so that any prefix
holds both in the same proportion. When they run out, each further round repeats them with an altered text (some
sentences left out, the rest in another order; a text of one sentence has its clauses treated so), another country of
the same half of the world, and the round's number in id and title. Such a profile is about the same thing as its
original without being its duplicate; nothing else about it is true. The same N always gives the same output.
"""

import hashlib
import random
import re
import sys

import convert_companies_financedatabase as companies
import convert_wb
from common import TAXONOMY, read_tsv, to_line
from converting import compact

# Of the developing world's companies, this share looks for technology and capital rather than supplying it.
PARTNER_SHARE = 0.7


def halves_of_the_world():
    """alpha-2 code -> "developed" or "developing"."""
    found = {}
    for row in read_tsv(TAXONOMY / "countries.tsv"):
        for half in {"developed", "developing"} & set(row["groups"].split(";")):
            found[row["code"]] = half
    return found


def seeded(*words):
    return random.Random(hashlib.sha256(":".join(words).encode()).digest())


def partner(profile, half_of):
    """A company of a developing country as local partner: the same text now says what it does, not what it supplies."""
    if half_of.get(profile["country"]) != "developing" or profile["roles"] != ["technology_supplier"]:
        return profile
    if seeded(profile["id"], "partner").random() >= PARTNER_SHARE:
        return profile
    return {**profile, "roles": ["local_partner", "buyer"]}


def originals(half_of):
    """Companies and projects in the order of their hashes: mixed, whatever the prefix."""
    found, ids = [], set()
    for module in (companies, convert_wb):
        converter = module.Converter()
        for row in module.rows():
            profile = compact(converter.profile(row))
            if not module.reason(profile) and profile["id"] not in ids:
                ids.add(profile["id"])
                found.append(partner(profile, half_of))
    return sorted(found, key=lambda profile: hashlib.sha256(profile["id"].encode()).digest())


def altered(text, dice):
    """Two thirds to nine tenths of the sentences (clauses, if there are few) of `text`, in another order."""
    parts = re.split(r"(?<=[.!?])\s+", text)
    if len(parts) < 3:
        parts = re.split(r"(?<=[,;:])\s+", text)
    if len(parts) < 3:
        words = text.split()
        cut = dice.randrange(1, max(2, len(words)))
        parts = [" ".join(words[cut:]), " ".join(words[:cut])]
        return " ".join(part for part in parts if part)
    keep = max(2, round(len(parts) * dice.uniform(0.66, 0.9)))
    kept = dice.sample(parts, keep)
    return " ".join(kept)


def variant(profile, turn, places, half_of):
    """`places`: the countries of the originals by half, as often as they occur."""
    dice = seeded(profile["id"], str(turn))
    copy = dict(profile, id=f"{profile['id'][:118]}:v{turn}", title=f"{profile['title'][:480]} [variant {turn}]")
    for member in ("offers", "seeks", "summary"):
        if member in copy:
            copy[member] = altered(copy[member], dice)
    if copy["country"] in half_of:
        copy["country"] = dice.choice(places[half_of[copy["country"]]])
    return copy


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit("usage: make_scale.py DATA_DIR N")
    wanted = int(sys.argv[2])
    half_of = halves_of_the_world()
    base = originals(half_of)
    places = {half: [profile["country"] for profile in base if half_of.get(profile["country"]) == half]
              for half in ("developed", "developing")}
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for number in range(wanted):
        turn, place = divmod(number, len(base))
        profile = base[place] if turn == 0 else variant(base[place], turn, places, half_of)
        sys.stdout.write(to_line(profile) + "\n")
    print(f"{wanted} profiles, of which {min(wanted, len(base))} real", file=sys.stderr)


if __name__ == "__main__":
    main()
