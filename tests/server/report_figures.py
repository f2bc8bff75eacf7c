"""Recomputes what `counterpart report` tells, from the log of cases alone and by nothing of the program.

    report_figures.py LOG OFFICES SOURCE NOW [QUARTER]     standard library only

LOG: what `counterpart report cases` wrote. OFFICES: the answer of GET /v1/offices. SOURCE: the checkout, for datasets/calendar and
datasets/taxonomy. NOW: seconds since 1970. QUARTER: as in 2026Q4; without it, that of NOW and the three before it. Prints the rows
of response times and of both funnels, and the head of the log, as JSON.
"""
import bisect
import datetime
import hashlib
import json
import pathlib
import sys

DAY = 86_400
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SHORT = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
EPOCH = datetime.date(1970, 1, 1)
ANSWER_DAYS = 5  # engine/cycles/introductions.cpp, the limit `answer`
LEAST = 10
STAGES = ["sent", "answered", "accepted", "introduced", "promoted", "negotiation", "concluded", "operational"]
GROUPS = ["developed", "developing", "LDC", "LLDC", "SIDS"]


def rows_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line]


def day_number(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


def minutes(text, otherwise):
    return int(text[:2]) * 60 + int(text[3:]) if text else otherwise


class World:
    def __init__(self, folder):
        self.holidays, self.weekends, self.zones = {}, {}, {}
        for row in rows_of(folder / "holidays.tsv"):
            self.holidays.setdefault(row["code"], set()).add(day_number(row["date"]))
        for row in rows_of(folder / "weekends.tsv"):
            self.weekends[row["code"]] = {SHORT[day] for day in row["free"].split(";")}
        for row in rows_of(folder / "zones.tsv"):
            since = datetime.datetime.strptime(row["since"] + "+0000", "%Y-%m-%dT%H:%MZ%z").timestamp()
            self.zones.setdefault(row["zone"], []).append((int(since), int(row["east"]) * 60))


class Calendar:
    """An office's hours. Its clocks leap at night, never within hours."""

    def __init__(self, time, world):
        self.opens, self.closes = minutes(time.get("opens"), 540), minutes(time.get("closes"), 1020)
        self.free = {WEEK.index(day) for day in time["free"]} if "free" in time else world.weekends.get(time["country"], {5, 6})
        self.holidays = world.holidays.get(time["country"], set())
        self.closed = {day_number(one["day"]) for one in time.get("closed_on", [])}
        self.opened = {day_number(day) for day in time.get("open_on", [])}
        self.spans = world.zones[time["time_zone"]]
        self.known = {}

    def east(self, at):
        return self.spans[max(bisect.bisect_right(self.spans, (at, 10**9)) - 1, 0)][1]

    def day(self, at):
        return (at + self.east(at)) // DAY

    def instant(self, day, minute):
        wall = day * DAY + minute * 60
        return wall - self.east(wall - self.east(wall))

    def works(self, day):
        if day not in self.known:
            weekday = (day + 3) % 7  # 1970 began on a Thursday
            self.known[day] = day in self.opened or not (weekday in self.free or day in self.holidays or day in self.closed)
        return self.known[day]

    def hours(self, day):
        return self.instant(day, self.opens), self.instant(day, self.closes)

    def worked(self, since, until):
        total = 0
        for day in range(self.day(since), self.day(until) + 1):
            opening, closing = self.hours(day)
            if self.works(day):
                total += max(0, min(until, closing) - max(since, opening))
        return total


def due_after(since, days, calendars):
    """When the first one closes on the last of so many days on which all of them work."""
    owner = calendars[0]
    day = owner.day(since)
    while not owner.works(day) or since >= owner.hours(day)[1]:
        day += 1
    for _ in range(days):
        day += 1
        while not all(calendar.works(day) for calendar in calendars):
            day += 1
    return owner.hours(day)[1]


def due_of(stretches, calendars):
    """Of the last one: what is left of the limit after those before it, a day at least."""
    left = ANSWER_DAYS
    for since, until in stretches[:-1]:
        used = next((days for days in range(left) if due_after(since, days + 1, calendars) > until), left)
        left -= min(used, left - 1)
    return due_after(stretches[-1][0], left, calendars)


def quarter_of(day):
    date = EPOCH + datetime.timedelta(days=day)
    return date.year * 4 + (date.month - 1) // 3


def quarter_name(quarter):
    return f"{quarter // 4}Q{quarter % 4 + 1}"


class Period:
    def __init__(self, now, quarter=None):
        last = int(quarter[:4]) * 4 + int(quarter[5]) - 1 if quarter else quarter_of(now // DAY)
        self.quarters = [last] if quarter else list(range(last - 3, last + 1))

    def names(self, quarter):
        """Where something of that quarter is told: by itself, and with the whole."""
        if quarter not in self.quarters:
            return []
        whole = [f"{quarter_name(self.quarters[0])}-{quarter_name(self.quarters[-1])}"] if len(self.quarters) > 1 else []
        return [quarter_name(quarter), *whole]


def turns_of(case):
    """Of each time that it lay with the answering office, from its arrival or a reopening: its stretches there, and its end."""
    turns = []
    for act in case["log"]:
        verb, at = act["verb"], act["at"]
        if verb in ("send", "reopen"):
            turns.append({"reopened": verb == "reopen", "stretches": [[at, None]], "end": None})
        elif verb == "reply":
            turns[-1]["stretches"].append([at, None])
        elif verb in ("ask_back", "accept", "decline", "withdraw", "lapse"):
            if turns[-1]["stretches"][-1][1] is None:
                turns[-1]["stretches"][-1][1] = at
            if verb != "ask_back":
                turns[-1]["end"] = act
    return turns


def response_times(cases, calendars, now, period):
    cells = {}
    for case in cases:
        if case["kind"] != "interest":
            continue
        office, asking = case["to"]["office"], case["from"]["office"]
        both = [calendars[name] for name in dict.fromkeys((office, asking))]
        for turn in turns_of(case):
            stretches = [(since, now if until is None else until) for since, until in turn["stretches"]]
            late = any(until > due_of(stretches[:number + 1], both) for number, (_, until) in enumerate(stretches))
            end = turn["end"]
            answered = end is not None and end["verb"] in ("accept", "decline")
            taken_back = end is not None and (end["by"] == "owner" or (end["by"] == "desk" and end["office"] != office))
            if end and not answered and taken_back and not late:
                continue
            for name in period.names(quarter_of(calendars[office].day(stretches[0][0]))):
                for whose in ("", office):
                    cell = cells.setdefault((whose, name), {"answered": 0, "ended": 0, "overdue": 0, "waiting": 0, "reopened": 0,
                                                            "in_time": 0, "worked": []})
                    if end is None and not late:
                        cell["waiting"] += 1
                        continue
                    cell["answered" if answered else "ended" if end else "overdue"] += 1
                    cell["reopened"] += turn["reopened"]
                    cell["in_time"] += answered and not late
                    if answered:
                        cell["worked"].append(sum(calendars[office].worked(*stretch) for stretch in stretches))
    for cell in cells.values():
        worked = sorted(cell.pop("worked"))
        cell["n"] = cell["answered"] + cell["ended"] + cell["overdue"]
        enough, middle = cell["n"] >= LEAST, (cell["n"] - 1) // 2
        cell["median_hours"] = round(worked[middle] / 3600 + 1e-9, 2) if enough and middle < len(worked) else None
        cell["share_in_time"] = round(cell["in_time"] / cell["n"] + 1e-9, 2) if enough else None
        if not enough:
            cell["in_time"] = None
    return cells


def stages_of(case):
    """When a case came to each stage first; and its last conclusion."""
    at, said, keys = {}, None, set()
    for act in case["log"]:
        verb = act["verb"]
        come = []
        if case["kind"] == "interest":
            come = {"send": ["sent"], "accept": ["answered", "accepted"], "decline": ["answered"]}.get(verb, [])
        elif verb in ("agree", "reopen"):
            keys = set()
        elif verb == "release":
            keys.add(act["side"])
            come = ["introduced"] if len(keys) == 2 else []
        else:
            come = {"promote": ["promoted"], "negotiate": ["negotiation"], "conclude": ["concluded"],
                    "operate": ["operational"]}.get(verb, [])
        for stage in come:
            at.setdefault(stage, act["at"])
        if verb == "conclude":
            said = act["said"]["facts"]
    return at, said


def funnel(cases, groups, period, count):
    ways = {}
    for case in cases:
        way = ways.setdefault(case.get("origin") or case["id"], {"at": {}, "said": None, "case": case})
        at, said = stages_of(case)
        way["at"].update(at)
        way["said"] = said or way["said"]
    cells = {}
    for _, way in sorted(ways.items()):
        case = way["case"]
        keys = [("all", "", ""), ("programme", case.get("programme", ""), "")]
        sides = {"asking": case["traits"]["from"], "answering": case["traits"]["to"]}
        for group in GROUPS:
            inside = [side for side, one in sides.items() if group in groups.get(one.get("country"), ())]
            keys += [("country_group", group, side) for side in [*inside, *(["either"] if inside else [])]]
        led = [side for side, one in sides.items() if one["women_led"]]
        keys += [("women_led", "true", side) for side in [*led, *(["either"] if led else [])]]
        for stage, at in way["at"].items():
            when = way["at"].get("sent") if count == "sent" else at
            for name in period.names(quarter_of(when // DAY)):
                for key in keys:
                    cell = cells.setdefault((name, *key), {**dict.fromkeys(STAGES, 0), "conclusions": {}})
                    cell[stage] += 1
                    if stage == "concluded":
                        sums = cell["conclusions"].setdefault(way["said"]["currency"], [0, 0, 0])
                        for number, value in enumerate((1, way["said"]["amount"], way["said"]["jobs"])):
                            sums[number] += value
    return cells


def head_of(lines):
    head = bytes(32)
    for line in lines:
        head = hashlib.blake2b(head + line.encode(), digest_size=32).digest()
    return head.hex()


class Figures:
    def __init__(self, lines, offices, source, now, quarter=None):
        source = pathlib.Path(source) / "datasets"
        world = World(source / "calendar")
        self.head = head_of(lines)
        logged = [json.loads(line) for line in lines]
        self.cases = [case for case in logged if "erased" not in case]
        self.erased = len(logged) - len(self.cases)
        self.calendars = {office["id"]: Calendar(office["working_time"], world) for office in offices}
        self.groups = {row["code"]: row["groups"].split(";") for row in rows_of(source / "taxonomy" / "countries.tsv")}
        self.now, self.period = now, Period(now, quarter)

    def response_times(self):
        return response_times(self.cases, self.calendars, self.now, self.period)

    def funnel(self, count):
        return funnel(self.cases, self.groups, self.period, count)


def main():
    log, offices, source, now, *quarter = sys.argv[1:]
    figures = Figures(pathlib.Path(log).read_text(encoding="utf-8").splitlines(),
                      json.loads(pathlib.Path(offices).read_text(encoding="utf-8"))["offices"], source, int(now), *quarter)
    print(json.dumps({"head": figures.head, "erased": figures.erased,
                      "response_times": [{"office": office, "quarter": quarter, **cell}
                                         for (office, quarter), cell in sorted(figures.response_times().items())],
                      **{"funnel_" + count: [dict(zip(("quarter", "by", "value", "side"), key)) | cell
                                             for key, cell in sorted(figures.funnel(count).items())]
                         for count in ("sent", "reached")}}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
