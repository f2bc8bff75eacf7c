#!/usr/bin/env python3
"""Holds the READMEs to the tree and to the program. Prints every breach as file:line and ends with 1 if there is one.

    readme.py COUNTERPART [ROOT]

- README.md stays short enough to be read at one sitting.
- A path of this repository that stands in backticks or behind a link is there; `<name>`, `*` and `…` stand for anything.
- A source file that is named without its folder is somewhere in the tree.
- A verb and the flags behind it are in the program's --help: `counterpart match --text "..."`, in a text as in a block of commands.
- A script of ours that is called by its own name can be.
Standard library only.
"""
import fnmatch
import os
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from layering import tracked  # noqa: E402

LONGEST = 10_000  # bytes of README.md
SOURCES = (".cpp", ".h", ".py", ".cmake")
FENCE = re.compile(r"^\s*```(\w*)\s*$")
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.@<>*…-]+(?:/[\w.@<>*…-]+)*/?")
FLAG = re.compile(r"--[a-z][a-z-]*")


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = tracked(root)
        self.folders = {str(parent) for name in self.files for parent in pathlib.PurePath(name).parents} - {"."}
        self.tops = {name.split("/")[0] for name in self.files}
        self.names = {name.split("/")[-1] for name in self.files}

    def has(self, path):
        pattern = re.sub(r"<[^>]*>|…", "*", path.rstrip("/"))
        return any(fnmatch.fnmatchcase(known, pattern) for known in (*self.files, *self.folders))

    def lacks(self, path, beside):
        """What is wrong with a path in a text that lies in the folder `beside`; None: nothing, or it is no path of ours."""
        path = path.removeprefix("./")
        if not PATH.fullmatch(path):
            return None
        top = path.split("/")[0]
        if "/" not in path:
            lost = path.endswith(SOURCES) and "*" not in path and "<" not in path and path not in self.names
            return f"no file of the tree is named `{path}`" if lost else None
        local = f"{beside}/{path}" if beside else path
        if top in self.tops:
            return None if self.has(path) or self.has(local) else f"`{path}` is not there"
        if beside and f"{beside}/{top}" in self.folders:
            return None if self.has(local) else f"`{local}` is not there"
        return None


class Program:
    """What --help knows, asked once for each verb."""

    def __init__(self, binary):
        self.binary = binary
        self.known = {}

    def help(self, *verbs):
        if verbs not in self.known:
            said = subprocess.run([self.binary, *verbs, "--help"], capture_output=True, text=True, check=False)
            self.known[verbs] = said.stdout if said.returncode == 0 else None
        return self.known[verbs]

    def verbs(self, *above):
        said = self.help(*above) or ""
        part = said.partition("\nSubcommands:\n")[2]
        return set(re.findall(r"^  ([a-z_-]+) ", part, re.M))

    def flags(self, *verbs):
        return set(FLAG.findall(self.help(*verbs) or ""))

    def faults(self, words):
        """Of the words behind the program's name."""
        if not words or words[0] == "VERB" or words[0].startswith("-"):
            return [f"the program knows no {flag}" for flag in flags_of(words) if flag not in self.flags()]
        verb = words[0]
        if verb not in self.verbs():
            return [f"`{verb}` is no verb of the program"]
        known, rest, faults = self.flags(verb), words[1:], []
        subs = self.verbs(verb)
        if subs and rest and not rest[0].startswith("-"):
            named = rest[0].split("|")
            faults = [f"`{verb} {sub}` is no verb of the program" for sub in named if sub not in subs]
            subs = subs.intersection(named)
        for sub in subs:
            known |= self.flags(verb, sub)
        return faults + [f"`{verb}` knows no {flag}" for flag in flags_of(rest) if flag not in known]


def flags_of(words):
    """Of a command; a text that only speaks of a flag is none."""
    return [flag.group() for word in words for part in word.split("|") if (flag := FLAG.match(part))]


def words_of(command):
    """As a shell would cut it, without the brackets and escapes by which a table shows a choice."""
    plain = re.sub(r"[\[\]]|\\(?=\|)", " ", command.partition(" # ")[0]).replace(" |", "|").replace("| ", "|")
    try:
        return shlex.split(plain)
    except ValueError:  # a quote that is not closed: an ellipsis was cut there
        return plain.split()


def command_faults(command, tree, program):
    words = words_of(command)
    if words[:2] == ["sudo", "-u"]:
        words = words[3:]
    if not words:
        return
    if words[0].split("/")[-1] == "counterpart":
        yield from program.faults(words[1:])
    elif words[0].removeprefix("./") in tree.files and not os.access(tree.root / words[0], os.X_OK):
        yield f"`{words[0]}` cannot be called by its name alone"
    elif words[0] == "python3" and len(words) > 1 and words[1] not in tree.files:
        yield f"`{words[1]}` is not there"


def lines_of(text):
    """(line number, language of the block that it stands in or None, line); the marks of blocks are left out."""
    language = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if not fence:
            yield number, language, line
        else:
            language = fence.group(1) if language is None else None


def commands_of(text):
    """(line number, command): the lines of blocks in sh, and those with a prompt in others; continued lines are joined."""
    begun = None
    for number, language, line in lines_of(text):
        if language is None:
            begun = None
            continue
        if begun:
            begun = (begun[0], begun[1] + " " + line.strip())
        elif line.startswith("$ ") or (language == "sh" and line.strip()):
            begun = (number, line.removeprefix("$ ").strip())
        if begun and begun[1].endswith("\\"):
            begun = (begun[0], begun[1][:-1].rstrip())
        elif begun:
            yield begun
            begun = None


def breaches(root, program):
    tree = Tree(root)
    if len((root / "README.md").read_bytes()) >= LONGEST:
        yield f"README.md:1: {LONGEST} bytes or more are too many for one sitting"
    for name in tree.files:
        if not name.endswith(".md") or (root / name).parent.name == "corpus":
            continue
        text = (root / name).read_text(encoding="utf-8")
        beside = os.path.dirname(name)
        for number, language, line in lines_of(text):
            if language is not None:
                continue
            for quoted in QUOTED.findall(line):
                lost = tree.lacks(quoted, beside)
                if lost:
                    yield f"{name}:{number}: {lost}"
                for fault in command_faults(quoted, tree, program) if " " in quoted else ():
                    yield f"{name}:{number}: {fault}"
            for link in LINK.findall(line):
                path = link.partition("#")[0]
                if path and "://" not in path and not (root / beside / path).exists():
                    yield f"{name}:{number}: the link to {path} leads nowhere"
        for number, command in commands_of(text):
            for fault in command_faults(command, tree, program):
                yield f"{name}:{number}: {fault}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent.parent).resolve()
    program = Program(sys.argv[1])
    if not program.verbs():
        sys.exit(f"{sys.argv[1]} --help lists no verbs")
    found = list(breaches(root, program))
    for line in found:
        print(line)
    print(f"{len(found)} breaches" if found else "the READMEs hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
