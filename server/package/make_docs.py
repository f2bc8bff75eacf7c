#!/usr/bin/env python3
"""Manual page and completion for bash, made of the program's own --help, so that neither can fall behind it.

    make_docs.py COUNTERPART OUT_DIR    writes OUT_DIR/counterpart.1.gz and OUT_DIR/counterpart.bash

Standard library only.
"""
import gzip
import pathlib
import re
import subprocess
import sys


def help_of(program, *verbs):
    return subprocess.run([program, *verbs, "--help"], capture_output=True, text=True, check=True).stdout


def parsed(text):
    """Section -> [(what stands left, what it says)]; the first line stands under ''."""
    sections, rows = {"": []}, None
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z]\w+:", line):
            rows = sections.setdefault(line[:-1], [])
        elif rows is None:
            if line and not line.startswith("Usage:"):
                sections[""].append(line)
        elif line.startswith("  ") and not line.startswith("   "):
            left, _, right = line.strip().partition("  ")
            rows.append([left, right.strip()])
        elif line.strip() and rows:
            rows[-1][1] = (rows[-1][1] + " " + line.strip()).strip()
    return sections


def tree_of(program):
    """Verb -> its sections, those of its own verbs under 'verbs'."""
    top = parsed(help_of(program))
    verbs = {}
    for verb, says in top["Subcommands"]:
        sections = parsed(help_of(program, verb))
        sections["says"] = says
        sections["verbs"] = {sub: parsed(help_of(program, verb, sub)) for sub, _ in sections.get("Subcommands", [])}
        verbs[verb] = sections
    return top, verbs


def plain(text):
    """For roff: no backslash, no hyphen that a pager could break, no control line."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + text if text[:1] in (".", "'") else text


def rows_of(sections, skip=()):
    out = []
    for name in ("Positionals", "Options"):
        for left, right in sections.get(name, []):
            if left.split()[0].split(",")[-1] not in skip:
                out += [".TP", f"\\fB{plain(left)}\\fR", plain(right) or r"\&"]
    return out


def manual(program):
    top, verbs = tree_of(program)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    first = next(iter(verbs.values()))
    common = [row for row in first["Options"] if row[0].split()[0] in ("--config", "--data", "--datasets", "--models", "--key-file", "--model", "--fine", "--json")]
    skip = {row[0].split()[0] for row in common} | {"--help"}
    lines = [f'.TH COUNTERPART 1 "" "counterpart {version}" "User commands"', ".SH NAME",
             r"counterpart \- finds partners for companies and projects", ".SH SYNOPSIS",
             r".B counterpart", r"\fIVERB\fR [\fIoptions\fR]", ".SH DESCRIPTION", plain(" ".join(top[""])),
             ".PP", r"Every verb explains itself with \fB\-\-help\fR. While a server holds the data directory, the other verbs ask "
             "that server.", ".SH OPTIONS OF EVERY VERB"]
    for left, right in common:
        lines += [".TP", f"\\fB{plain(left)}\\fR", plain(right)]
    lines.append(".SH VERBS")
    for verb, sections in verbs.items():
        lines += [f".SS {plain(verb)}", plain(sections["says"])]
        lines += rows_of(sections, skip)
        for sub, its in sections["verbs"].items():
            says = dict(sections["Subcommands"])[sub]
            lines += [".TP", f"\\fB{plain(verb)} {plain(sub)}\\fR", plain(says)]
            its_own = [row for name in ("Positionals", "Options") for row in its.get(name, [])]
            for left, right in its_own:
                if left.split()[0].split(",")[-1] not in skip:
                    lines += [".br", f"\\fB{plain(left)}\\fR: {plain(right)}"]
    lines += [".SH EXIT STATUS", "0: done. 1: refused, or it failed; the reason is on standard error. 2: wrong usage.",
              ".SH ENVIRONMENT", r"\fBCOUNTERPART_DATA\fR, \fBCOUNTERPART_LISTEN\fR and so on: every setting that may stand in the "
              "configuration file; a flag goes before the environment, the environment before the file.", ".SH FILES", ".TP", r"\fI/etc/counterpart/counterpart.toml\fR", "Configuration of the system service and its timers.", ".TP",
              r"\fIDATA/MASTER\-KEY\fR", "The key of private members; keep a copy elsewhere.", ".TP",
              r"\fIDATA/server.json\fR", "Where the server that holds DATA answers, and the key by which verbs of this machine ask it.", ".TP",
              r"\fI/var/lib/counterpart\fR", "The data directory of the system service.", ".TP",
              r"\fI/usr/share/counterpart\fR", "Code lists, programmes, text models.", ".SH SEE ALSO",
              r"\fBsystemctl\fR(1): counterpart.service, counterpart\-rematch@.timer"]
    return "\n".join(lines) + "\n"


def options_in(sections):
    words = []
    for left, _ in sections.get("Options", []):
        words += [word for word in re.split(r"[ ,=]", left) if word.startswith("--")][:2 if left.startswith("-h") else 1]
    return words


def completion(program):
    top, verbs = tree_of(program)
    cases = []
    for verb, sections in verbs.items():
        words = options_in(sections) + list(sections["verbs"])
        for left, _ in sections.get("Positionals", []):
            found = re.search(r"\{([\w,]+)\}", left)
            words += found.group(1).split(",") if found else []
        cases.append(f'    {verb}) words="{" ".join(words)}" ;;')
        for sub, its in sections["verbs"].items():
            cases.append(f'    {verb}:{sub}) words="{" ".join(options_in(its) + options_in(sections))}" ;;')
    return f"""# Completion of counterpart for bash; made by server/package/make_docs.py.
_counterpart() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words=
  COMPREPLY=()
  case $before in
    --config | --data | --datasets | --models | --key-file | --out)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
  esac
  # The part of a verb, where it has any: `token create`.
  local verb=${{COMP_WORDS[1]}} part=
  if [ "$COMP_CWORD" -gt 2 ]; then part=:${{COMP_WORDS[2]}}; fi
  case $verb$part in
{chr(10).join(cases)}
  esac
  if [ -z "$words" ]; then
    case $verb in
{chr(10).join(case for case in cases if ":" not in case.split(")")[0])}
    esac
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then words="{" ".join(verbs)} --help --version"; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [ ${{#COMPREPLY[@]}} -eq 0 ]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -F _counterpart counterpart
"""


def main():
    program, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    # No time in it: the same program, the same bytes.
    (out / "counterpart.1.gz").write_bytes(gzip.compress(manual(program).encode(), mtime=0))
    (out / "counterpart.bash").write_text(completion(program))


if __name__ == "__main__":
    main()
