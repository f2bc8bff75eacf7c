#!/usr/bin/env python3
"""Writes taxonomy/tiles.txt: the world as equal squares, one a country, each as near as may be to where the country is.

scripts/places.tsv has where countries are on a map of the world, in steps east and south; the islands of the Pacific stand
together, east of Australia. Uninhabited places have no square. Which square is whose is an assignment of least cost, so that
no country is moved far for the good of another one. Standard library only; some twenty seconds.
"""
import pathlib

DATASETS = pathlib.Path(__file__).resolve().parent.parent
COLUMNS, ROWS = 28, 17
# Countries lie close together in some parts of the world and far apart in others: a place is half the real one, half its rank.
RANK = 0.45


def spread(values, cells):
    """Each value on a scale from 0 to `cells - 1`."""
    low, high = min(values), max(values)
    order = sorted(range(len(values)), key=lambda i: values[i])
    rank = {i: at / (len(values) - 1) for at, i in enumerate(order)}
    return [((1 - RANK) * (value - low) / (high - low) + RANK * rank[i]) * (cells - 1) for i, value in enumerate(values)]


def assigned(cost):
    """For each row its column, of least cost in all: shortest augmenting paths. There are no fewer columns than rows."""
    rows, columns = len(cost), len(cost[0])
    above, beside = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken[0], column = row, 0
        least, seen = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while taken[column]:
            seen[column] = True
            own, step, following = taken[column], float("inf"), 0
            for j in range(1, columns + 1):
                if seen[j]:
                    continue
                value = cost[own - 1][j - 1] - above[own] - beside[j]
                if value < least[j]:
                    least[j], way[j] = value, column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if seen[j]:
                    above[taken[j]] += step
                    beside[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            taken[column] = taken[way[column]]
            column = way[column]
    return {taken[j] - 1: j - 1 for j in range(1, columns + 1) if taken[j]}


def main():
    lines = (DATASETS / "scripts/places.tsv").read_text(encoding="utf-8").splitlines()[1:]
    places = [line.split("\t") for line in lines]
    east = spread([float(place[1]) for place in places], COLUMNS)
    south = spread([float(place[2]) for place in places], ROWS)
    cells = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    cost = [[(x - column) ** 2 + (y - row) ** 2 for column, row in cells] for x, y in zip(east, south)]
    picture = [[".."] * COLUMNS for _ in range(ROWS)]
    for country, cell in assigned(cost).items():
        column, row = cells[cell]
        picture[row][column] = places[country][0]
    text = "".join(" ".join(line) + "\n" for line in picture if any(code != ".." for code in line))
    (DATASETS / "taxonomy/tiles.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
