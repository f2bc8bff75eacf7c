"""Whatever is refused can be said in every language: each message and remedy that the sources compose has a pattern in the
catalogue (datasets/words, under `refusal`).

    refusals_said.py SOURCE            standard library only
    refusals_said.py SOURCE --list     prints what has none

It reads the sources as text: the literals and the values between them of every Error that is made in place, and of the helpers
that make one. A message that is handed on in a variable is met where it is composed. Exempt are codes whose text nobody is
shown (server/http/problem.h, without_internals) and files that only the command line and the start of a server reach.
"""
import itertools
import pathlib
import re
import sys
import tomllib

HIDDEN = {"kInternal", "kCorrupt", "kStorage"}
# Reached before there is anybody to answer, or by nobody but an administrator at the terminal.
AT_THE_TERMINAL = re.compile(
    r"server/(cli|client|evaluate|office_verbs|operations|words)/|server/http/(http_listener|http_client|tls)|server/post/|index/model/"
    r"|index/snapshot/|index/stream/|index/segment/|index/backup/backup_manifest|index/base/data_directory|index/store/(database|store_files|record)"
    r"|index/tail/|server/replica/(owner_link|copying)|engine/score/weights|engine/calendar/world_calendar|engine/taxonomy/taxonomy|engine/profile/advice"
    r"|engine/allocation/assignment|index/run/run_manifest|index/run/run_log|engine/base/(toml|file)|index/space/"
    r"|index/standing/standing_query\.cpp|index/casework/case_records\.cpp|engine/casework/case_json")
HELPERS = re.compile(r"\b(wrong|missing|refuse|give_up|remark|wrong_shape)\s*\(")
TABLES = re.compile(  # of what is right: a member's remedy, a parameter that must be given, a role's need, a field's help
    r'\.remedy = ("[^"]*")'
    r'|\{"\w+", kIdSchema, ("[^"]*"), true\}'
    r'|\{TokenRole::\w+, "\w+", [^,]+, ("[^"]*")\}'
    r'|\{"\w+",\s*((?:"[^"]*"\s*)+),\s*\[\]\(P p')
SENTENCE, NUMBER, TEXT = "\x02", "7", "x"
WORD = r"(?:`[^`]*`|[^\s,]+)"
GAPS = {  # server/words/pattern.h
    "number": r"([0-9,]+|x)",
    "code": r"(\S+)",
    "list": rf"({WORD}(?:, {WORD})*(?: or {WORD})?)",
    "choices": rf"({WORD}(?:, {WORD})*(?: or {WORD})?)",
}
CALLS = {  # what comes of helpers
    "quoted|in_quotes|named": ["`x`"],
    "to_string|text": [NUMBER],
    "range": ["from 7 to 7"],
    "joined_with_or": ["x or y"],
    "name_of": ["sent"],
}


def without_comments(text):
    pattern = r'R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*'
    return re.sub(pattern, lambda m: "" if m[0].startswith("//") else m[0], text)


def split(text, separators):
    """At each separator outside of brackets and literals."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(text):
        literal = re.match(r'R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', text[at:])
        if literal:
            at += literal.end()
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
        elif depth == 0 and text[at] in separators and text[at - 1:at + 1] != "::" and text[at:at + 2] != "::":
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [part.strip() for part in parts + [text[start:]]]


def arguments(text, opening):
    """Of the call or braces that open there."""
    depth, at = 0, opening
    while at < len(text):
        literal = re.match(r'R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', text[at:])
        if literal:
            at += literal.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return split(text[opening + 1:at], ",")
        at += 1
    return []


def literal_of(text):
    """The value of one or more literals side by side; None: something else."""
    raw = re.fullmatch(r'R"\(((?:.|\n)*)\)"', text)
    if raw:
        return raw[1]
    if not re.fullmatch(r'(?:"(?:\\.|[^"\\])*"\s*)+', text):
        return None
    body = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), body)


def called(text, names):
    found = re.fullmatch(r"(?:\w+::|\w+\.)*(" + names + r")\s*(\(.*\))", text, re.S)
    return arguments(found[2], 0) if found else None


def unwrapped(text):
    """Without brackets around all of it."""
    while text.startswith("("):
        inner = arguments(text, 0)
        if len(inner) != 1 or re.sub(r"\s+", "", text) != re.sub(r"\s+", "", f"({inner[0]})"):
            break
        text = inner[0]
    return text


def composed(text, source="", depth=0):
    """What an expression may come to, with stand-ins for values. `source`: where its names are looked up."""
    text = unwrapped(text.strip())
    if text in ("{}", '""', ""):
        return [""]
    if (value := literal_of(text)) is not None:
        return [value]
    if len(question := split(text, "?")) > 1:
        branches = split("?".join(question[1:]), ":")
        rest = ":".join(branches[1:]) if len(branches) > 2 else branches[-1]
        return composed(branches[0], source, depth) + composed(rest, source, depth)
    if len(parts := split(text, "+")) > 1:
        each = [composed(part, source, depth) for part in parts]
        return ["".join(one) for one in itertools.islice(itertools.product(*each), 40)]
    if text == "what" and "Reading::unknown" in source:
        return ["key of a gate", "key of x", "signal", "field"]
    if re.fullmatch(r"\w+", text) and depth < 3:
        return meanings(text, source, depth)
    if (inner := called(text, "string|string_view|move")) and inner[0]:
        return composed(inner[0], source, depth)
    for names, meant in CALLS.items():
        if called(text, names):
            return meant
    if (inner := called(text, "did_you_mean|country_meant")):
        return ["did you mean `x`?"] + composed(inner[-1], source, depth)
    if (inner := called(text, "allowed")):
        return ["did you mean `x`?"] + [one + TEXT for one in composed(inner[-1], source, depth)]
    return [SENTENCE] if re.search(r"error(\(\))?\.(message|remedy)$", text) else [TEXT]


def meanings(name, source, depth):
    """Of a variable, where it is made of words in the same file."""
    found = []
    for made in re.finditer(r"\b(?:std::string|std::string_view|auto|char)\s+(?:\w+ = [^;]*?, )?" + name + r"(?:\[\])?\s*=\s*", source):
        expression = split(source[made.end():made.end() + 600], ";,")[0]
        if has_words(expression):
            found += composed(expression, source, depth + 1)
    if not found:
        return [TEXT]
    grows = re.search(r"\b" + name + r"(?: \+=|\.append)", source)
    return found + [one + TEXT for one in found] if grows and not any(found_is_whole(one) for one in found) else found


def found_is_whole(text):
    return not text.endswith(" ")


def has_words(text):
    return any(literal_of(one) not in (None, "", " ") for one in re.findall(r'"(?:\\.|[^"\\])*"', text))


def texts_of(text):
    """(line, expression) of each message and remedy."""
    for found in re.finditer(r"[({]\s*ErrorCode::(\w+)\s*,|(?:->|\w)\s*\{\s*ErrorCode::(\w+)\s*,", text):
        if (found[1] or found[2]) in HIDDEN:
            continue
        opening = found.start() if text[found.start()] in "({" else text.index("{", found.start())
        given = arguments(text, opening)
        if len(given) > 3 and given[3].isdigit():  # the table of codes
            continue
        for one in given[2:4]:
            yield text.count("\n", 0, found.start()) + 1, one
    for found in re.finditer(r"\{\s*\{\}\s*,", text):  # an Error of HTTP itself: {{}, place, message, remedy}
        given = arguments(text, found.start())
        if len(given) == 4:
            for one in given[2:]:
                yield text.count("\n", 0, found.start()) + 1, one
    for found in HELPERS.finditer(text):
        given = arguments(text, found.end() - 1)
        if found[1] == "wrong_shape":
            given = [f'"must be " {given[0]} ", not a text"'] if literal_of(given[0]) else []
        elif given and given[0] == "ec":
            given = given[2:4]
        elif found[1] == "refuse":
            given = given[:2]
        else:
            given = given[:1] if len(given) == 1 else given[1:3]
        for one in given:
            yield text.count("\n", 0, found.start()) + 1, one
    for found in TABLES.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, next(one for one in found.groups() if one)
    if "Refusal::" in text:  # of the listener
        for found in re.finditer(r"return make\(", text):
            for one in arguments(text, found.end() - 1)[3:5]:
                yield text.count("\n", 0, found.start()) + 1, one


def patterns_of(words):
    """[(literals, names)] of the English texts under `refusal`."""
    def leaves(table):
        for value in table.values():
            if isinstance(value, dict):
                yield from leaves(value) if "en" not in value else [value["en"]]
    found = []
    for file in sorted(words.glob("*.toml")):
        for english in leaves(tomllib.loads(file.read_text(encoding="utf-8")).get("refusal", {})):
            plain = re.sub(r"'([{}])'?", lambda m: {"{": "\x03", "}": "\x04"}[m[1]], english)
            parts = re.split(r"\{(\w+)\}", plain)
            literals = [part.replace("\x03", "{").replace("\x04", "}") for part in parts[::2]]
            found.append((literals, parts[1::2]))
    return found


def fits(text, pattern, patterns, depth=0):
    literals, names = pattern
    if not names:
        return text == literals[0]
    expression = re.escape(literals[0])
    for before, name, literal in zip(literals, names, literals[1:]):
        quoted = before.endswith("`") and literal.startswith("`")
        typed = next((one for start, one in GAPS.items() if name.startswith(start)), "(.+?)")
        expression += ("(.*?)" if quoted else typed) + re.escape(literal)
    found = re.fullmatch(expression, text, re.S)
    if not found:
        return False
    for name, value in zip(names, found.groups()):
        if name.startswith("sentence") and value not in (SENTENCE, TEXT) and not (depth < 3 and said(value, patterns, depth + 1)):
            return False
        if not name.startswith("sentence") and name != "reason" and SENTENCE in value:
            return False
    return True


def said(text, patterns, depth=0):
    return any(fits(text, pattern, patterns, depth) for pattern in patterns)


def unsaid(root):
    patterns = patterns_of(root / "datasets/words")
    seen = 0
    missing = {}
    for layer in ("engine", "index", "server"):
        for file in sorted((root / layer).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.suffix not in (".cpp", ".h") or AT_THE_TERMINAL.search(name):
                continue
            text_of_file = without_comments(file.read_text(encoding="utf-8"))
            for line, expression in texts_of(text_of_file):
                if not has_words(expression) and not re.fullmatch(r"(std::move\()?\w+\)?|std::string\(\w+\)", expression):
                    continue
                for text in composed(expression, text_of_file):
                    seen += 1
                    if text.strip(f"{TEXT}{SENTENCE} ") and not said(text, patterns):
                        missing.setdefault(text, f"{name}:{line}")
    return seen, missing


def main():
    seen, missing = unsaid(pathlib.Path(sys.argv[1]))
    for text, place in missing.items():
        print(f"{place}: no pattern for {text!r}")
    print(f"{seen} messages and remedies, {len(missing)} without a pattern")
    if seen < 600:
        sys.exit("too few were found: the scan reads the sources no longer")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
