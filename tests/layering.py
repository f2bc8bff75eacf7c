#!/usr/bin/env python3
"""Holds the sources to the structure README draws. Prints every breach as file:line and ends with 1 if there is one.

    layering.py [ROOT]

- engine includes nothing of index or server, index nothing of server; includes start from the root.
- Every source lies in a room of its layer, and includes nothing of the rooms above it. A room has few files enough to be read.
- A library is included by the one file, or in the one folder, that LIBRARIES names.
- No source file outgrows LONGEST.
- No tracked text names a directory of somebody's machine or the host of a package registry.
Standard library only.
"""
import pathlib
import re
import subprocess
import sys

LAYERS = ["engine", "index", "server"]  # each may include itself and what stands before it
# The rooms of a layer, lowest first: each may include itself, what stands before it and lower layers.
ROOMS = {
    "engine": ["base", "taxonomy", "calendar", "solver", "profile", "cycles", "casework", "report", "corpus", "allocation", "score", "programme",
                "match", "survey"],
    "index": ["base", "tail", "text", "vector", "model", "store", "caseload", "casework", "draft", "segment", "space", "snapshot", "backup", "standing",
              "workbook", "bulk", "import", "pairs", "run", "erasure", "network", "stream", "replica"],
    "server": ["words", "page", "http", "access", "evaluate", "post", "service", "wire", "tables", "draw", "operations", "handlers", "draft_calls", "office_calls",
               "replica", "suitcase", "api", "client", "cli", "office_verbs"],
}
LEAST, MOST = 3, 26    # sources in one room; "page" holds other files too
OUTSIDE = "layer.h"       # the one source of a layer that lies in no room
SOURCES = (".cpp", ".h")
LONGEST = {"tests": 600}  # lines of a file, by top folder
LONGEST_ELSEWHERE = 400

# Header prefix -> the folder or file that may include it, and in how many files (None: any number).
LIBRARIES = {
    "faiss/": ("index/", 1),
    "rocksdb/": ("index/", 1),
    "boost/beast": ("server/http/", 2),  # the server and the client: 8 s to compile, each
    "boost/asio": ("server/", None),
    "Cbc": ("engine/solver/branch_and_cut.cpp", 1),
    "Cgl": ("engine/solver/branch_and_cut.cpp", 1),
    "OsiClp": ("engine/solver/branch_and_cut.cpp", 1),
    "lemon/": ("engine/solver/circulation.cpp", 1),
    "toml++/": ("engine/base/toml.h", None),  # its wrapper
    "sodium": ("index/base/", 2),  # what is sealed here, and what is signed and sealed for others
    "nats/": ("index/stream/nats_mailbox.cpp", 1),
    "spdlog/": ("server/", None),
    "CLI/": ("server/", None),
    "curl/": ("server/post/smtp.cpp", 1),
    "unicode/msgfmt": ("server/words/words.cpp", 1),
    "unicode/listformatter": ("server/words/words.cpp", 1),
    "unicode/plurrule": ("server/words/inspector.cpp", 1),
    "xlsxwriter": ("server/wire/xlsx_writer.cpp", 1),
    "zip.h": ("index/workbook/workbook_parts.cpp", 1),
    "expat": ("index/", 2),  # the reader of IATI files and that of workbooks
    "catch2/": ("tests/support/", None),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Written in pieces, for this file is read as well.
FOREIGN = re.compile("|".join([
    r"(?<![\w.~$})-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|tm" + r"p|opt|Us" + r"ers)/[\w.-]+",
    r"(?<![\w.~$})/-])/(?:wo" + r"rk|tm" + r"p)\b",
    r"\bpypi\." + r"org|\bfiles\.python" + r"hosted|\bregistry\." + r"npmjs|\bpkg\." + r"dev\b|\bdeb\." + r"debian",
]))
DATA = (".jsonl", ".tsv", ".xml", ".csv")  # other people's words


def tracked(root):
    """Files git knows or would take in; of a copy without git, all but the outputs."""
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                                capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # no git, or no checkout
        listed = b""
    if listed:
        names = listed.decode().split("\0")
    else:
        names = [str(p.relative_to(root)) for p in root.rglob("*") if "__pycache__" not in p.parts]
        names = [n for n in names if n.split("/")[0] not in {".git", "build", "data", "models"}]
    return sorted(n for n in names if n and (root / n).is_file())


def place_in(layer, name):
    """The place of a file's room among the rooms of its layer, -1: the layer's own header; None: it is in no room."""
    parts = name.split("/")
    if parts[1:] == [OUTSIDE]:
        return -1
    return ROOMS[layer].index(parts[1]) if len(parts) > 2 and parts[1] in ROOMS[layer] else None


def room_breaches(names, least):
    sources = [n for n in names if n.split("/")[0] in LAYERS and n.endswith(SOURCES)]
    for name in sources:
        layer = name.split("/")[0]
        if place_in(layer, name) is None:
            yield f"{name}:1: lies in no room of {layer}: {', '.join(ROOMS[layer])}"
    for layer, rooms in ROOMS.items():
        for room in rooms:
            inside = [n for n in sources if n.startswith(f"{layer}/{room}/")]
            if inside and not (room == "page" or least <= len(inside) <= MOST):
                yield f"{inside[0]}:1: {layer}/{room} holds {len(inside)} sources; {least} to {MOST} is the measure"


def include_breaches(name, lines, places):
    layer = name.split("/")[0]
    room = place_in(layer, name) if layer in LAYERS else None
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quoted, header = found.group(1) == '"', found.group(2)
        target = header.split("/")[0]
        if layer in LAYERS and target in LAYERS and LAYERS.index(target) > LAYERS.index(layer):
            yield f"{name}:{number}: {layer} must not include {header}"
        if room is not None and target == layer and (place_in(layer, header) or 0) > room:
            yield f"{name}:{number}: room {name.split('/')[1]} must not include {header}: {header.split('/')[1]} is above it"
        if layer in LAYERS and target == "tests":
            yield f"{name}:{number}: the product must not include {header}"
        if quoted and (header.startswith(".") or "/" not in header):
            yield f"{name}:{number}: write the include \"{header}\" from the root of the checkout"
        for prefix, (where, _) in LIBRARIES.items():
            if header.startswith(prefix):
                places.setdefault(prefix, {}).setdefault(name, number)
                if not name.startswith(where) and layer != "tests":
                    yield f"{name}:{number}: {header} belongs in {where} alone"
                elif layer == "tests" and where.startswith("tests/") and not name.startswith(where):
                    yield f"{name}:{number}: include tests/support/catch.h, not {header}"


def breaches(root, least=LEAST):
    places = {}
    names = tracked(root)
    yield from room_breaches(names, least)
    for name in names:
        if name.endswith(DATA):
            continue
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            found = FOREIGN.search(line)
            if found:
                yield f"{name}:{number}: names a place outside the project: {found.group()}"
        if not name.endswith(SOURCES):
            continue
        longest = LONGEST.get(name.split("/")[0], LONGEST_ELSEWHERE)
        if len(lines) > longest:
            yield f"{name}:{longest + 1}: {len(lines)} lines; split it, {longest} is the most"
        yield from include_breaches(name, lines, places)
    for prefix, (_, most) in LIBRARIES.items():
        places_of = {f: line for f, line in places.get(prefix, {}).items() if not f.startswith("tests/")}
        for name, number in places_of.items():
            if most is not None and len(places_of) > most:
                yield f"{name}:{number}: {prefix} is included by {len(places_of)} files; {most} may"
            if most is not None and name.endswith(".h"):
                yield f"{name}:{number}: {prefix} must stay out of headers"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    found = list(breaches(root))
    for line in found:
        print(line)
    print(f"{len(found)} breaches" if found else "the structure holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
