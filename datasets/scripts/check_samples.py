"""Checks every sample profile against the contract's members and the code lists; exit status 1 if anything is wrong."""

import json
import re
import sys
import unicodedata

from common import MAX_TEXT, MAX_TITLE, SAMPLES, TAXONOMY, UN_LANGUAGES, read_tsv

KINDS = {"company", "project", "expert"}
ROLES = set("technology_supplier investor financier local_partner project_sponsor buyer adviser mentor accelerator "
            "network_member association research government business labour consumers civil_society".split())
STAGES = set("concept laboratory prototype field_tested on_market idea pre_feasibility feasibility financing "
             "implementation operating".split())
INSTRUMENTS = {"equity", "loan", "guarantee", "grant"}
MEMBERS = set("id kind gender title summary offers seeks lang country countries_of_activity roles organisation sectors technologies "
              "themes sdgs stage trl finance programmes".split())
TEXTS = ("summary", "offers", "seeks")


def codes(name):
    return {row["code"] for row in read_tsv(TAXONOMY / f"{name}.tsv")}


def check_taxonomy():
    """Parents and groups exist; our own lists have a name in every language and no repeats of one."""
    for name in ("country_groups", "isic4", "hs2022", "sdgs"):
        rows = read_tsv(TAXONOMY / f"{name}.tsv")
        known = {row["code"] for row in rows}
        yield from (f"{name}.tsv: {row['code']}: no such parent" for row in rows if row["parent"] and row["parent"] not in known)
    groups = codes("country_groups")
    for row in read_tsv(TAXONOMY / "countries.tsv"):
        lost = [group for group in row["groups"].split(";") if group and group not in groups]
        if lost:
            yield f"countries.tsv: {row['code']}: no such group {lost}"
        if row["currency"] and row["currency"] not in codes("currencies"):
            yield f"countries.tsv: {row['code']}: no such currency {row['currency']}"
    for name in ("technologies", "themes"):
        rows = read_tsv(TAXONOMY / f"{name}.tsv")
        if len(rows) > 60:
            yield f"{name}.tsv: {len(rows)} codes, 60 at most"
        for row in rows:
            if not re.fullmatch("[a-z][a-z0-9_]*", row["code"]) or not all(row[language] for language in UN_LANGUAGES):
                yield f"{name}.tsv: {row['code']}: code or a name is wrong"
        for language in UN_LANGUAGES:
            if len({row[language] for row in rows}) != len(rows):
                yield f"{name}.tsv: two codes of one name in {language}"


def check_tables():
    """The converters' tables name codes that exist."""
    lists = {"isic": codes("isic4"), "technologies": codes("technologies"), "themes": codes("themes"), "roles": ROLES}
    for path in sorted((SAMPLES.parent / "scripts").glob("*.tsv")) + [TAXONOMY / "crs_to_isic.tsv"]:
        for row in read_tsv(path):
            for column, known in lists.items():
                for code in filter(None, re.split("[;|]", row.get(column, ""))):
                    if code not in known:
                        yield f"{path.name}: {next(iter(row.values()))}: no such code {code}"


def check_finance(finance, currencies):
    for side, amount in finance.items():
        if side not in ("sought", "offered") or set(amount) - {"min", "max", "currency", "instruments"}:
            yield f"finance.{side}"
        amounts = [amount[end] for end in ("min", "max") if end in amount]
        if amounts and (amount["currency"] not in currencies or min(amounts) <= 0 or amounts != sorted(amounts)):
            yield "finance: amount or currency"
        if not amounts and not amount.get("instruments"):
            yield "finance: neither amount nor instruments"
        if set(amount.get("instruments", [])) - INSTRUMENTS:
            yield "finance: instruments"


def check_profile(profile, lists):
    if set(profile) - MEMBERS:
        yield f"unknown members {sorted(set(profile) - MEMBERS)}"
    if not re.fullmatch(r"[A-Za-z0-9:._-]{1,128}", profile.get("id", "")):
        yield "id"
    if profile.get("kind") not in KINDS or profile.get("country") not in lists["countries"]:
        yield "kind or country"
    if not 0 < len(profile.get("title", "")) <= MAX_TITLE:
        yield "title"
    if not any(profile.get(member) for member in TEXTS):
        yield "no text"
    for member in ("title", *TEXTS):
        text = profile.get(member, "")
        allowed = "" if member == "title" else "\n\t"
        if len(text) > MAX_TEXT or any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
            yield f"{member}: length or control characters"
    for member, known in (("sectors", lists["isic4"]), ("technologies", lists["technologies"]),
                          ("themes", lists["themes"]), ("roles", ROLES)):
        values = profile.get(member, [])
        if set(values) - known or len(set(values)) != len(values) or len(values) > 16:
            yield f"{member}: {values}"
    if profile.get("stage", "idea") not in STAGES or not 1 <= profile.get("trl", 1) <= 9:
        yield "stage or trl"
    if "gender" in profile and (profile["kind"] != "expert" or profile["gender"] not in ("female", "male")):
        yield "gender"
    if set(profile.get("countries_of_activity", [])) - lists["countries"]:
        yield "countries_of_activity"
    organisation = profile.get("organisation", {})
    if set(organisation) - {"type", "size"} or organisation.get("type", "10") not in lists["organisation_types"]:
        yield "organisation"
    if profile["kind"] == "expert" and organisation:
        yield "an expert with an organisation"
    yield from check_finance(profile.get("finance", {}), lists["currencies"])


def main():
    lists = {name: codes(name) for name in ("countries", "currencies", "isic4", "technologies", "themes", "organisation_types")}
    faults = list(check_taxonomy()) + list(check_tables())
    ids, count = set(), 0
    for path in sorted(SAMPLES.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            profile = json.loads(line)
            count += 1
            faults += [f"{path.name}:{number}: {fault}" for fault in check_profile(profile, lists)]
            if profile["id"] in ids:
                faults.append(f"{path.name}:{number}: id {profile['id']} comes twice")
            ids.add(profile["id"])
    for fault in faults[:50]:
        print(fault)
    print(f"{count} sample profiles, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
