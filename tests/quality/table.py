"""The table of match quality: sets and their parts down, methods across."""

from collections import defaultdict
from statistics import fmean as average

from figures import FIGURES, Resampled, interval, macro_weights, mean, ratio
from pairs import half_of

BASE = "TF-IDF"
HEADLINE = "recall@10"
TOLD = ("shipped", "zero-shot")  # whose ratio to BASE is told
LEAST_QUERIES = 30      # a part with fewer tells nothing
LEAST_CANDIDATES = 100  # of a set that counts for the mean: among fewer, ten are soon found by chance


class Asked:
    """One query, with what it is split by and its ranks by method."""

    def __init__(self, row, owner, set_name, methods):
        self.id, self.owner = row["query"], owner
        self.country, self.when = row.get("country", ""), row.get("when", "")
        self.ranks = {method: of_sets[set_name][self.id] for method, of_sets in methods.items()
                      if self.id in of_sets.get(set_name, {})}


def parts_of(queries):
    """(name, queries): all, and those that weights learnt from the other half did not see."""
    yield "all", queries
    yield "organisations", [one for one in queries if half_of(one.owner) == 1]
    if len({one.country for one in queries}) > 2:
        yield "countries", [one for one in queries if one.country and half_of(one.country) == 1]
    years = sorted(one.when for one in queries if one.when)
    if years and years[0] != years[-1]:
        yield "latest third", [one for one in queries if one.when >= years[len(years) * 2 // 3]]


class Part:
    """Figures of some queries under every method."""

    def __init__(self, queries, macro):
        self.queries = queries
        weights = macro_weights([one.owner for one in queries]) if macro else [1] * len(queries)
        resampled = Resampled([one.id for one in queries], weights)
        methods = [method for method in queries[0].ranks if all(method in one.ranks for one in queries)]
        self.means, self.drawn = defaultdict(dict), defaultdict(dict)
        for method in methods:
            for name, figure in FIGURES.items():
                values = [figure(one.ranks[method]) for one in queries]
                self.means[method][name] = mean(values, weights)
                self.drawn[method][name] = resampled.means(values)

    def difference(self, method, figure=HEADLINE, base=BASE):
        """Value and interval."""
        drawn = map(lambda a, b: a - b, self.drawn[method][figure], self.drawn[base][figure])
        return (self.means[method][figure] - self.means[base][figure], *interval(drawn))

    def drawn_ratios(self, method, figure=HEADLINE, base=BASE):
        return list(map(ratio, self.drawn[method][figure], self.drawn[base][figure]))

    def ratio(self, method, figure=HEADLINE, base=BASE):
        value = ratio(self.means[method][figure], self.means[base][figure])
        return (value, *interval(self.drawn_ratios(method, figure, base)))


def short(value):
    return f"{value:.3f}".replace("0.", ".", 1)


def bounded(three, digits=3, sign=""):
    value, low, high = (f"{one:{sign}.{digits}f}".replace("0.", ".", 1) if abs(one) < 1 else f"{one:{sign}.{digits}f}"
                        for one in three)
    return f"{value} [{low}, {high}]"


def row_of(name, part_name, part, candidates, methods, across):
    cells = [name, part_name, f"{len(part.queries):,}", f"{candidates:,}"]
    for method in methods:
        cells.append(" ".join(short(value) for value in part.means[method].values()) if method in part.means else "")
    for method in TOLD:
        if method in part.means:
            cells += ["" if across else bounded(part.ratio(method), 2), bounded(part.difference(method), 3, "+")]
        else:
            cells += ["", ""]
    if "last release" in methods:
        cells.append(bounded(part.difference("shipped", base="last release"), 3, "+"))
    return "| " + " | ".join(cells) + " |"


def header(methods):
    columns = ["set", "part", "queries", "one in"] + list(methods)
    for method in TOLD:
        columns += [f"{method} : {BASE}", f"{method} − {BASE}"]
    if "last release" in methods:
        columns.append("shipped − last release")
    return "| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns)


def lines_of_file(name, part_name, part):
    for method in part.means:
        for figure in FIGURES:
            numbers = (part.means[method][figure], *part.difference(method, figure), *part.ratio(method, figure))
            yield "\t".join([name, part_name, method, figure, str(len(part.queries)), *(f"{one:.4f}" for one in numbers)])


def print_targets(counted):
    """Means of the ratios within one language; the tasks that one folder of data gives count as one. `counted`: (set, part)."""
    for method in TOLD:
        folders = defaultdict(list)
        for one, part in counted:
            if method in part.means:
                folders[one.head["source"]].append(part)
        if not folders:
            continue
        value = average(average(part.ratio(method)[0] for part in parts) for parts in folders.values())
        of_folders = [list(map(average, zip(*(part.drawn_ratios(method) for part in parts)))) for parts in folders.values()]
        low, high = interval(map(average, zip(*of_folders)))
        least, where = min((part.ratio(method)[0], one.head["group"]) for one, part in counted if method in part.means)
        print(f"\n{method}, within one language: {bounded((value, low, high), 2)} times the recall@10 of {BASE} in the mean of "
              f"{len(folders)} folders of data; least {least:.2f} ({where}).")


def report(sets, methods, tsv):
    groups = defaultdict(list)
    for one in sets:
        groups[one.head["group"]].append(one)
    lines = ["set\tpart\tmethod\tfigure\tqueries\tvalue\tdifference\tlow\thigh\tratio\tlow\thigh"]
    counted = []
    print(header(methods))
    for name, members in groups.items():
        head = members[0].head
        queries = [Asked(row, row["relevant"][0], one.name, methods) for one in members for row in one.queries]
        for part_name, some in parts_of(queries):
            if len(some) < LEAST_QUERIES:
                continue
            part = Part(some, head["macro"])
            if part_name == "all" and not head["across"] and len(members[0].candidates) >= LEAST_CANDIDATES:
                counted.append((members[0], part))
            label = f"{name}: {head['about']}" if part_name == "all" else ""
            print(row_of(label, part_name, part, len(members[0].candidates), methods, head["across"]), flush=True)
            lines += lines_of_file(name, part_name, part)
    print_targets(counted)
    if tsv:
        tsv.write_text("\n".join(lines) + "\n", encoding="utf-8")
