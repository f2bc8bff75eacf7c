#!/usr/bin/env python3
"""Breaks what READMEs say in a small tree in every way readme.py knows and sees each breach reported."""
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import readme  # noqa: E402

HELP = {
    (): "Usage\n\nOptions:\n  --version   says it\n\nSubcommands:\n  match       finds\n  standing    waits\n",
    ("match",): "Options:\n  --text TEXT   what\n  --limit UINT\n",
    ("standing",): "Options:\n  --json\n\nSubcommands:\n  add         keeps\n  list        shows\n",
    ("standing", "add"): "Options:\n  --office TEXT\n",
    ("standing", "list"): "Options:\n  --help\n",
}


class FakeProgram(readme.Program):
    def __init__(self):
        super().__init__("counterpart")

    def help(self, *verbs):
        return HELP.get(verbs)


class Readme(unittest.TestCase):
    def breaches(self, files):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in {"README.md": "", "engine/base/fold.h": "", "tests/engine/base/x.cpp": "", "tests/run.py": "", **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(readme.breaches(root, FakeProgram()))

    def refused(self, text, expected, name="README.md"):
        found = self.breaches({name: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])
        self.assertRegex(found[0], rf"^{re.escape(name)}:\d+: ")

    def test_what_holds_is_no_breach(self):
        self.assertEqual(self.breaches({
            "README.md": "`engine/base/fold.h`, `engine/base`, `tests/<layer>/<room>/`, `fold.h`, [its text](engine/README.md), "
                         "`/v1/match`, `other/place.md`, [far](https://example.org/x), `counterpart standing add\\|list`\n"
                         "```sh\ncounterpart match --text \"a --where b\" \\\n  --limit 3  # --none\nls --all\n```\n"
                         "```console\n$ build/release/counterpart standing add --office rome\nit says --anything\n```\n",
            "engine/README.md": "`base/fold.h`, `engine/base/*.h`, `counterpart VERB --version`\n",
        }), [])

    def test_paths_that_are_not_there(self):
        self.refused("see `engine/fold.h`\n", "`engine/fold.h` is not there")
        self.refused("see `tests/<layer>/<room>/<file>.py`\n", "is not there")
        self.refused("see `base/cold.h`\n", "`engine/base/cold.h` is not there", "engine/README.md")
        self.refused("see `cold.h`\n", "no file of the tree is named `cold.h`")
        self.refused("see [this](engine/notes.md)\n", "the link to engine/notes.md leads nowhere")

    def test_commands_that_the_program_does_not_know(self):
        self.refused("`counterpart march --text x`\n", "`march` is no verb")
        self.refused("`counterpart match --texts x`\n", "`match` knows no --texts")
        self.refused("`counterpart standing drop`\n", "`standing drop` is no verb")
        self.refused("`counterpart standing list --office rome`\n", "`standing` knows no --office")
        self.refused("\n```sh\ncounterpart match \\\n  --most 3\n```\n", "README.md:3: `match` knows no --most")
        self.refused("```console\n$ sudo -u counterpart counterpart match --most 3\n```\n", "`match` knows no --most")

    def test_scripts_that_cannot_be_called(self):
        self.refused("```sh\n./tests/run.py\n```\n", "cannot be called by its name alone")
        self.refused("`python3 tests/walk.py x`\n", "`tests/walk.py` is not there")

    def test_a_first_page_that_is_too_long(self):
        self.refused("x" * 10_000, "too many for one sitting")


if __name__ == "__main__":
    unittest.main()
