"""calendar/*.tsv: public holidays and weekends of countries, and the clocks of time zones.

    build_calendar.py PACKAGES

PACKAGES: a folder made by `pip install --target PACKAGES holidays==0.109 tzdata==2026.6`; other versions are refused.
"""

import datetime
import importlib
import os
import pathlib
import re
import sys

from common import DATASETS, TAXONOMY, read_tsv, write_table

CALENDAR = DATASETS / "calendar"
VERSIONS = {"holidays": "0.109", "tzdata": "2026.6"}
# The package's tables of Hindu holidays end in 2035, and a year that is known in part would be taken for known.
YEARS = range(2024, 2036)
CLOCK_YEARS = range(2024, 2038)
UTC = datetime.timezone.utc
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What the package does not state, or states as the day of rest by law where offices close on both days; ours.
OFFICE_WEEKENDS = {
    "AI": "sat;sun", "CD": "sat;sun", "HK": "sat;sun", "KN": "sat;sun", "NE": "sat;sun", "PY": "sat;sun", "TK": "sat;sun",
    "VE": "sat;sun",
    "MR": "sat;sun",  # since October 2014
    "LY": "fri;sat", "PS": "fri;sat", "SO": "fri;sat",
    "NP": "sat",
}


def load_packages(folder):
    sys.path.insert(0, folder)
    os.environ["PYTHONTZPATH"] = ""  # not the machine's own zones
    for name, version in VERSIONS.items():
        found = importlib.import_module(name).__version__
        if found != version and not found.startswith(version + "."):
            sys.exit(f"{name} is {found}; {version} is asked for")


def plain(name):
    """A holiday's name without marks of how sure its date is; several on one day stay parted by semicolons."""
    name = re.sub(r" \(estimated\)|, estimated(?=\))|(?<=\()estimated, ", "", name)
    return re.sub(r" \(substituted from [^)]*\)", " (substituted)", name).strip()


def holidays_of(code):
    """(date, name) of a country's public holidays in the years that the package knows, by date."""
    import holidays
    entity = getattr(holidays, code)
    english = "en_US" if "en_US" in entity.supported_languages else None
    years = [year for year in YEARS if entity.start_year <= year <= entity.end_year]
    days = holidays.country_holidays(code, years=years, language=english)
    return [(day.isoformat(), plain(name)) for day, name in sorted(days.items()) if day.year in years]


def weekend_of(code):
    import holidays
    weekend = holidays.country_holidays(code).weekend
    return OFFICE_WEEKENDS.get(code, ";".join(DAY_NAMES[day] for day in sorted(weekend)))


def minutes_east(zone, moment):
    offset = moment.astimezone(zone).utcoffset()
    if offset.total_seconds() % 60:
        sys.exit(f"{zone}: an offset with seconds: {offset}")
    return int(offset.total_seconds()) // 60


def clock_changes(zone):
    """(first minute in UTC, minutes east of UTC) of each span of time in which the zone's clocks keep one offset."""
    begin = datetime.datetime(CLOCK_YEARS[0], 1, 1, tzinfo=UTC)
    end = datetime.datetime(CLOCK_YEARS[-1] + 1, 1, 1, tzinfo=UTC)
    spans = [(begin, minutes_east(zone, begin))]
    day = datetime.timedelta(days=1)
    for late in (begin + day * n for n in range(1, (end - begin).days + 1)):
        if minutes_east(zone, late) == spans[-1][1]:
            continue
        before, after = late - day, late
        while after - before > datetime.timedelta(minutes=1):
            middle = before + (after - before) // 2
            middle -= datetime.timedelta(seconds=middle.second, microseconds=middle.microsecond)
            if minutes_east(zone, middle) == spans[-1][1]:
                before = middle
            else:
                after = middle
        spans.append((after, minutes_east(zone, after)))
    return [(since.strftime("%Y-%m-%dT%H:%MZ"), str(east)) for since, east in spans]


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PACKAGES")
    load_packages(sys.argv[1])
    import tzdata
    import zoneinfo
    codes = [row["code"] for row in read_tsv(TAXONOMY / "countries.tsv")]
    write_table(CALENDAR / "holidays.tsv", ["code", "date", "name"],
                [[code, *row] for code in codes for row in holidays_of(code)], keys=2)
    write_table(CALENDAR / "weekends.tsv", ["code", "free"],
                [[code, weekend] for code in codes if (weekend := weekend_of(code)) != "sat;sun"])
    names = (pathlib.Path(tzdata.__file__).parent / "zones").read_text(encoding="ascii").split()
    write_table(CALENDAR / "zones.tsv", ["zone", "since", "east"],
                [[name, *row] for name in sorted(names) if "/" in name or name == "UTC"
                 for row in clock_changes(zoneinfo.ZoneInfo(name))], keys=2)


if __name__ == "__main__":
    main()
