"""datasets/samples/*: a fixed sample of every source that may be committed, the same on every run.

Within each stratum the profiles with the smallest hash of their id are taken, so that a sample neither follows the
source's order nor changes when other rows come or go. No two samples of a source say the same thing.
"""

import hashlib
import re
import sys

import convert_aims
import convert_carbonplan
import convert_dpg
import convert_drawdown
import convert_ec_groups
import convert_financiers
import convert_ifc_miga
import convert_opensustain
import convert_techstars
import convert_unfccc
import convert_wb
from common import SAMPLES, TAXONOMY, read_tsv, source_dir, to_line
from converting import compact

# Sections of ISIC that an industrial base is about: agriculture to construction, transport, information; and vocational training.
INDUSTRIAL = ("A", "B", "C", "D", "E", "F", "H", "J", "P8522")
GROUPS = {row["code"]: row["groups"].split(";") for row in read_tsv(TAXONOMY / "countries.tsv")}


def digest(profile):
    return hashlib.sha256(profile["id"].encode()).hexdigest()


def said(profile):
    """What a profile says and, of all but projects, what it is called, for telling repeats apart.

    Experts have no names: one of each title is enough.
    """
    texts = [profile.get("seeks") or profile.get("offers") or profile.get("summary", "")]
    if profile["kind"] != "project":
        texts.append(f"{profile['title']} {profile['country']}")
    return {re.sub(r"\W+", " ", text.casefold()).strip() for text in texts}


def fits(module, converter, rows=None):
    """(row, profile) of all rows of `module` that are fit for a sample."""
    for row in module.rows() if rows is None else rows:
        profile = compact(converter.profile(row))
        if not module.reason(profile):
            yield row, profile


def pick(candidates, strata, order=digest, per_country=10_000):
    """The strata's share of `candidates`: a list of (name, test(row, profile), count); first fitting stratum wins."""
    of_stratum = [[] for _ in strata]
    for row, profile in candidates:
        for place, (_, test, _) in enumerate(strata):
            if test(row, profile):
                of_stratum[place].append(profile)
                break
    taken, seen, ids = [], set(), set()
    for (_, _, count), profiles in zip(strata, of_stratum):
        left, of_country = count, {}
        for profile in sorted(profiles, key=order):
            if left and said(profile).isdisjoint(seen) and profile["id"] not in ids and \
                    of_country.get(profile["country"], 0) < per_country:
                seen |= said(profile)
                ids.add(profile["id"])
                of_country[profile["country"]] = of_country.get(profile["country"], 0) + 1
                taken.append(profile)
                left -= 1
    return sorted(taken, key=lambda profile: profile["id"])


def one_each(candidates, key, order=digest):
    """The first of every `key`(row, profile) in `order`."""
    first = {}
    for row, profile in sorted(candidates, key=lambda pair: order(pair[1])):
        first.setdefault(key(row, profile), (row, profile))
    return list(first.values())


def useful(converter, at_least):
    """Test and order of those of whose text industry has a use: the most useful first."""
    return (lambda row, profile: converter.use(profile) >= at_least,
            lambda profile: (-converter.use(profile), digest(profile)))


def industrial(profile):
    return any(sector.startswith(INDUSTRIAL) for sector in profile.get("sectors", []))


def short(profile):
    """A description of many pages says nothing more to a sample."""
    return len(profile.get("summary", "")) + len(profile.get("seeks", "")) <= 4000


def worldbank():
    def of(status, wanted=True):
        return lambda row, profile: row["projectstatusdisplay"] == status and industrial(profile) == wanted and short(profile)

    def endorsed(test):
        return lambda row, profile: ("programmes" in profile and "technologies" in profile and short(profile) and
                                     "developing" in GROUPS[profile["country"]] and test(profile["technologies"]))

    return pick(fits(convert_wb, convert_wb.Converter()), [
        ("endorsed", endorsed(lambda technologies: "forestry_land" not in technologies), 38),
        ("endorsed, forests", endorsed(lambda technologies: True), 6),
        ("in preparation", of("Pipeline"), 450), ("running", of("Active"), 1150),
        ("in preparation, others", of("Pipeline", False), 120), ("running, others", of("Active", False), 330)])


def ifc_miga():
    def in_finance(row):
        return row["rows"][0]["Industry"] in ("Financial Institutions", "Funds", "other")

    return pick(fits(convert_ifc_miga, convert_ifc_miga.Converter()), [
        ("pending", lambda row, profile: "finance" in profile, 60),
        ("MIGA", lambda row, profile: "rows" not in row and "sectors" in profile, 100),
        ("trades", lambda row, profile: "rows" in row and "sectors" in profile and not in_finance(row), 500),
        ("finance", lambda row, profile: "rows" in row and in_finance(row), 150)])


def techstars():
    converter = convert_techstars.Converter()
    test, order = useful(converter, 2)
    return pick(fits(convert_techstars, converter), [("useful", test, 900)], order)


def drawdown():
    converter = convert_drawdown.Converter()
    test, order = useful(converter, 1)
    return pick(fits(convert_drawdown, converter), [
        ("investors", lambda row, profile: "investor" in profile["roles"], 100), ("useful", test, 480)], order)


def carbonplan():
    rows = convert_carbonplan.rows()
    return pick(fits(convert_carbonplan, convert_carbonplan.Converter(rows), rows + convert_carbonplan.buyers(rows)), [
        ("all", lambda row, profile: True, 1000)])


def aims(language):
    def of(prefix, with_objective=True, wanted=True):
        return lambda row, profile: (profile["lang"] == language and profile["id"].startswith(f"aims-{prefix}:") and
                                     ("seeks" in profile) == with_objective and short(profile) and industrial(profile) == wanted)

    strata = {"es": [("Honduras", of("hn"), 400), ("Colombia", of("co"), 350),
                     ("Honduras, others", of("hn", wanted=False), 200), ("Colombia, others", of("co", wanted=False), 200)],
              "fr": [("Senegal", of("sn"), 330), ("Senegal, titles", of("sn", False), 100), ("DR Congo", of("cd", False), 200),
                     ("Senegal, others", of("sn", wanted=False), 50), ("DR Congo, others", of("cd", False, False), 40)]}
    return pick(fits(convert_aims, convert_aims.Converter()), strata[language])


def financiers():
    return pick(fits(convert_financiers, convert_financiers.Converter()), [("all", lambda row, profile: True, 1000)])


def experts_of_groups():
    """By constituency and gender; those who sit for unions and consumers have no gender in the source."""
    def of(role, *genders):
        return lambda pair, profile: (profile["kind"] == "expert" and profile["roles"][0] == role and
                                      profile.get("gender") in genders)

    def european(role):
        """The seats that federations of several countries hold in the groups on farming and food first."""
        return lambda pair, profile: (of(role, None)(pair, profile) and profile["id"].startswith("ecseat:") and
                                      profile["country"] == "BE" and "A01" in profile["sectors"])

    candidates = list(fits(convert_ec_groups, Pairs(), convert_ec_groups.everything()))
    return pick(candidates, [
        ("business, women", of("business", "female"), 30), ("business, men", of("business", "male"), 18),
        ("government, women", of("government", "female"), 10), ("government, men", of("government", "male"), 8),
        ("research, women", of("research", "female"), 26), ("research, men", of("research", "male"), 18),
        ("European unions", european("labour"), 8), ("European consumers", european("consumers"), 6),
        ("labour", of("labour", "male", "female", None), 32), ("employers' seats", of("business", None), 6),
        ("consumers", of("consumers", "male", "female", None), 16),
        ("civil society", of("civil_society", "male", "female"), 4)], per_country=5)


def organisations_of_groups():
    known = {convert_ec_groups.organisation_id(row["name"]) for _, row in convert_ec_groups.known_organisations()}

    def of(role, ours):
        return lambda pair, profile: (profile["kind"] == "company" and role in profile["roles"] and
                                      (profile["id"] in known) == ours)

    candidates = list(fits(convert_ec_groups, Pairs(), convert_ec_groups.everything()))
    return pick(candidates, [
        ("associations known to us", of("association", True), 200), ("large firms", of("business", False), 60),
        ("cities and local authorities", of("government", False), 25), ("associations", of("association", False), 60),
        ("unions", of("labour", True), 20), ("unions of one country", of("labour", False), 12),
        ("consumers and civil society", lambda pair, profile: profile["kind"] == "company" and profile["id"] in known, 60),
        ("research", of("research", False), 25)],
        order=lambda profile: (-len(profile.get("themes", [])) - len(profile.get("technologies", [])), digest(profile)))


class Pairs:
    """Rows that bring their converter with them."""

    @staticmethod
    def profile(pair):
        return pair[0].profile(pair[1])


def ec_groups():
    return sorted(experts_of_groups() + organisations_of_groups(), key=lambda profile: profile["id"])


def unfccc():
    """Experts of developing countries: women first, as there are few, then those who are not of governments."""
    def of(test):
        return lambda row, profile: "developing" in GROUPS[profile["country"]] and test(profile)

    def post(row, profile):
        """Who comes to several meetings is written in several ways."""
        return profile["country"], profile["roles"][0], profile["sectors"][0], profile.get("gender")

    return pick(one_each(fits(convert_unfccc, convert_unfccc.Converter()), post), [
        ("women", of(lambda profile: profile.get("gender") == "female"), 70),
        ("no government", of(lambda profile: "government" not in profile["roles"]), 50),
        ("least developed countries", of(lambda profile: "LDC" in GROUPS[profile["country"]]), 30),
        ("others", of(lambda profile: True), 60)], per_country=4)


def opensustain():
    converter = convert_opensustain.Converter()
    candidates = list(fits(convert_opensustain, converter))
    use = {profile["id"]: converter.use(row) for row, profile in candidates}
    return pick(candidates, [("useful", lambda row, profile: use[profile["id"]] >= 2, 150)],
                order=lambda profile: (-min(use[profile["id"]], 6), digest(profile)), per_country=60)


def dpg():
    converter = convert_dpg.Converter()
    test, order = useful(converter, 0)
    candidates = one_each(fits(convert_dpg, converter), lambda row, profile: converter.owner(row), order)
    return pick(candidates, [
        ("skills", lambda row, profile: "skills" in profile["themes"] and converter.use(profile) >= -2, 40),
        ("useful", test, 60)], order)


def iati_excerpt(per_file=5, longest=4000):
    """Whole activities as published: with a recipient country and few enough transactions to stay readable."""
    parts = []
    for path in sorted(source_dir("iati_xml_samples").glob("*.xml")):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"\t<iati-activity .*?</iati-activity>\n", text, re.DOTALL)
        found = [part for part in found if "<recipient-country" in part and 1200 < len(part) <= longest]
        found.sort(key=lambda part: hashlib.sha256(re.search(r"<iati-identifier>(.*?)<", part)[1].encode()).hexdigest())
        parts += found[:per_file]
    return ("<?xml version='1.0' encoding='UTF-8'?>\n"
            "<!-- Excerpt of AidData's IATI files of Colombia, Honduras, Senegal and Uganda, ODC-BY; see datasets/README.md."
            " Activities are as published, their xml:lang (always \"en\") included. -->\n"
            '<iati-activities generated-datetime="2016-04-18T14:40:44" version="2.03">\n' + "".join(parts) +
            "</iati-activities>\n")


def main():
    SAMPLES.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, profiles in (("worldbank", worldbank()), ("ifc_miga", ifc_miga()), ("techstars", techstars()),
                           ("drawdown", drawdown()), ("carbonplan", carbonplan()), ("aims_es", aims("es")),
                           ("aims_fr", aims("fr")), ("aiddata_financiers", financiers()), ("ec_groups", ec_groups()),
                           ("unfccc", unfccc()), ("opensustain", opensustain()), ("dpg", dpg())):
        text = "".join(to_line(profile) + "\n" for profile in profiles)
        (SAMPLES / f"{name}.jsonl").write_text(text, encoding="utf-8", newline="\n")
        total += len(profiles)
        print(f"{name}.jsonl: {len(profiles)} profiles, {len(text.encode())} bytes", file=sys.stderr)
    (SAMPLES / "iati_excerpt.xml").write_text(iati_excerpt(), encoding="utf-8", newline="\n")
    print(f"{total} profiles", file=sys.stderr)


if __name__ == "__main__":
    main()
