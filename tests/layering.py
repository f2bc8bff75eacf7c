#!/usr/bin/env python3
"""Holds the sources to the structure README draws. Prints every breach as file:line and ends with 1 if there is one.

    layering.py [ROOT]

- engine includes nothing of index or server, index nothing of server; includes start from the root.
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
    "sodium": ("index/base/crypto.cpp", 1),
    "spdlog/": ("server/", None),
    "CLI/": ("server/", None),
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


def include_breaches(name, lines, places):
    layer = name.split("/")[0]
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quoted, header = found.group(1) == '"', found.group(2)
        target = header.split("/")[0]
        if layer in LAYERS and target in LAYERS and LAYERS.index(target) > LAYERS.index(layer):
            yield f"{name}:{number}: {layer} must not include {header}"
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


def breaches(root):
    places = {}
    for name in tracked(root):
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
