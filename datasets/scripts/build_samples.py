"""datasets/samples/*: a fixed sample of every source that may be committed, the same on every run.

Within each stratum the profiles with the smallest hash of their id are taken, so that a sample neither follows the
source's order nor changes when other rows come or go. No two samples of a source say the same thing.
"""

import hashlib
import re
import sys

import convert_aims
import convert_carbonplan
import convert_ifc_miga
import convert_techstars
import convert_wb
from common import SAMPLES, source_dir, to_line
from converting import compact

# Techstars industries beyond software and finance: taken before the rest.
INDUSTRIAL = {"Cleantech", "Climate tech", "Internet of Things", "Agtech", "Foodtech", "3D printing", "Manufacturing",
              "Robotics and Drones", "Industrials", "Supply chain technology", "Healthtech", "Digital health",
              "Mobility tech", "Space tech", "Construction technology", "Infrastructure", "Nanotechnology",
              "Micromobility", "Wearables and quantified self", "Augmented reality"}


def digest(profile):
    return hashlib.sha256(profile["id"].encode()).hexdigest()


def said(profile):
    """What a profile says, for telling repeats apart."""
    text = profile.get("seeks") or profile.get("offers") or profile.get("summary", "")
    return re.sub(r"\W+", " ", text.casefold()).strip()


def pick(module, converter, strata):
    """The strata's share of `module`'s rows: a list of (name, test(row, profile), count); first fitting stratum wins."""
    candidates = [[] for _ in strata]
    for row in module.rows():
        profile = compact(converter.profile(row))
        if module.reason(profile):
            continue
        for place, (_, test, _) in enumerate(strata):
            if test(row, profile):
                candidates[place].append(profile)
                break
    taken, seen, ids = [], set(), set()
    for (_, _, count), profiles in zip(strata, candidates):
        left = count
        for profile in sorted(profiles, key=digest):
            if left and said(profile) not in seen and profile["id"] not in ids:
                seen.add(said(profile))
                ids.add(profile["id"])
                taken.append(profile)
                left -= 1
    return sorted(taken, key=lambda profile: profile["id"])


def short(profile):
    """A description of many pages says nothing more to a sample."""
    return len(profile.get("summary", "")) + len(profile.get("seeks", "")) <= 4000


def worldbank():
    return pick(convert_wb, convert_wb.Converter(), [
        ("in preparation", lambda row, profile: row["projectstatusdisplay"] == "Pipeline", 500),
        ("running", lambda row, profile: row["projectstatusdisplay"] == "Active", 1500)])


def ifc_miga():
    financial = {"Financial Institutions", "Funds", "other"}
    return pick(convert_ifc_miga, convert_ifc_miga.Converter(), [
        ("MIGA", lambda row, profile: "Host Country" in row, 100),
        ("trades", lambda row, profile: row["rows"][0]["Industry"] not in financial, 500),
        ("finance", lambda row, profile: True, 150)])


def techstars():
    return pick(convert_techstars, convert_techstars.Converter(), [
        ("industrial", lambda row, profile: row["industry"] in INDUSTRIAL, 900),
        ("others", lambda row, profile: True, 600)])


def carbonplan():
    return pick(convert_carbonplan, convert_carbonplan.Converter(convert_carbonplan.rows()), [
        ("all", lambda row, profile: True, 1000)])


def aims(language):
    def of(prefix, with_objective=True):
        return lambda row, profile: (profile["lang"] == language and profile["id"].startswith(f"aims-{prefix}:") and
                                     ("seeks" in profile) == with_objective and short(profile))

    strata = {"es": [("Honduras", of("hn"), 500), ("Colombia", of("co"), 400)],
              "fr": [("Senegal", of("sn"), 400), ("Senegal, titles", of("sn", False), 100),
                     ("DR Congo, titles", of("cd", False), 250)]}
    return pick(convert_aims, convert_aims.Converter(), strata[language])


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
                           ("carbonplan", carbonplan()), ("aims_es", aims("es")), ("aims_fr", aims("fr"))):
        text = "".join(to_line(profile) + "\n" for profile in profiles)
        (SAMPLES / f"{name}.jsonl").write_text(text, encoding="utf-8", newline="\n")
        total += len(profiles)
        print(f"{name}.jsonl: {len(profiles)} profiles, {len(text.encode())} bytes", file=sys.stderr)
    (SAMPLES / "iati_excerpt.xml").write_text(iati_excerpt(), encoding="utf-8", newline="\n")
    print(f"{total} profiles", file=sys.stderr)


if __name__ == "__main__":
    main()
