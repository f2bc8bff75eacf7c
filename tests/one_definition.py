#!/usr/bin/env python3
"""One name, one thing: no two files of a program define the same type or function differently.

    one_definition.py PROGRAM...

Reads the programs' debug information through readelf (binutils). C++ forbids two definitions of one name in one program and no
compiler or linker says so: the linker keeps one of two destructors, and an object of the other type is freed by the wrong one.
The same definition, seen by several files through a header, has one size and one line everywhere; two have not. Types of our
namespaces are compared, and functions of which each file may have its own copy (inline ones; of two others the linker does
complain). A name in an unnamed namespace is its file's own. Prints each breach and ends with 1 if there is one. Standard library
only.
"""
import collections
import concurrent.futures
import re
import subprocess
import sys

OURS = "counterpart"  # the outermost namespace
DEPTH = 4             # a file, our namespace, its layer, what is in it: one more for each level of namespaces within it
KINDS = {b"structure_type", b"class_type", b"union_type", b"enumeration_type"}
ENTRY = re.compile(rb"^ <(\d+)><[0-9a-f]+>: Abbrev Number: (\d+)(?: \(DW_TAG_(\w+)\))?")
ATTRIBUTE = re.compile(rb"^\s+<[0-9a-f]+>\s+DW_AT_(\w+)\s*: (.*)")


def text(value):
    """`(indirect string, offset: 0x1f): name` or `name`."""
    return re.sub(rb"^\([^)]*\): ", b"", value).strip().decode()


def number(value):
    return int(value.split()[0], 0)


def copied(program):
    """Symbols of which each file may have its own copy, one of which the linker takes."""
    lines = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout.splitlines()
    return {parts[-1] for parts in map(str.split, lines) if len(parts) > 1 and parts[-2] in "VWvw"}


class Reader:
    """Definitions by name: (what tells one from another) -> the files that have it."""

    def __init__(self):
        self.types = collections.defaultdict(dict)
        self.functions = collections.defaultdict(dict)
        self.copied = set()
        self.unit = "?"
        self.names = []      # of the namespaces around, None: unnamed or not ours
        self.entry = None    # depth, tag, attributes

    def done(self):
        """What was read last is whole."""
        if self.entry is None:
            return
        depth, tag, attributes = self.entry
        self.entry = None
        name = text(attributes[b"name"]) if b"name" in attributes else None
        if tag == b"compile_unit":
            self.unit = name or "?"
            self.names = []
            return
        around = self.names[:depth - 1]
        self.names = around + [name if tag == b"namespace" else None]
        if name is None or not around or around[0] != OURS or None in around or b"declaration" in attributes and tag in KINDS:
            return
        line = number(attributes.get(b"decl_line", b"0"))
        if tag in KINDS:
            size = number(attributes.get(b"byte_size", b"0"))
            self.types["::".join([*around, name])].setdefault((size, line), self.unit)
        if tag == b"subprogram" and b"linkage_name" in attributes:
            symbol = text(attributes[b"linkage_name"])
            if b"inline" in attributes or symbol in self.copied:
                self.functions[symbol].setdefault((line,), self.unit)

    def read(self, program):
        self.copied = copied(program)
        with subprocess.Popen(["readelf", "--debug-dump=info", f"--dwarf-depth={DEPTH}", program], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as output:
            for line in output.stdout:
                if line.startswith(b" <"):
                    self.done()
                    if line.startswith(b" <2>") and self.names[:1] != [OURS]:  # most of all there is: in a library's namespace
                        continue
                    found = ENTRY.match(line)
                    if found:
                        self.entry = (int(found[1]), found[3] or b"", {})
                elif self.entry is not None:
                    found = ATTRIBUTE.match(line)
                    if found:
                        self.entry[2][found[1]] = found[2]
            self.done()
        return output.returncode


def breaches(reader):
    for what, all_of in (("type", reader.types), ("function", reader.functions)):
        for name, seen in sorted(all_of.items()):
            if len(seen) > 1:
                yield f"{what} {name} is defined differently: " + "; ".join(
                    f"in {unit} (" + (f"{key[0]} bytes, " if len(key) > 1 else "") + f"line {key[-1]})" for key, unit in seen.items())


def examine(program):
    """How many types there are in it, and what is wrong."""
    reader = Reader()
    if reader.read(program) != 0 or not reader.types:
        return 0, [f"no debug information of namespace {OURS} in it"]
    return len(reader.types), list(breaches(reader))


def main(programs):
    with concurrent.futures.ProcessPoolExecutor() as pool:
        examined = list(pool.map(examine, programs))
    for program, (_, wrong) in zip(programs, examined):
        for breach in wrong:
            print(f"{program}: {breach}")
    print(f"{sum(types for types, _ in examined)} types compared in {len(programs)} programs")
    return 1 if any(wrong for _, wrong in examined) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
