#!/usr/bin/env python3
"""Breaks the structure in a small tree in every way layering.py knows and sees each breach reported."""
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import layering  # noqa: E402


class Layering(unittest.TestCase):
    def breaches(self, files):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(layering.breaches(root, least=1))

    def refused(self, name, text, expected):
        found = self.breaches({name: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])
        self.assertRegex(found[0], rf"^{re.escape(name)}:\d+: ")

    def test_a_sound_tree_has_no_breach(self):
        self.assertEqual(self.breaches({
            "engine/base/a.cpp": '#include "engine/base/a.h"\n#include <vector>\n',
            "index/vector/clusters.cpp": '#include <faiss/IndexFlat.h>\n#include "engine/base/a.h"\n',
            "server/http/http_server.cpp": '#include <boost/beast.hpp>\n#include "index/base/a.h"\n',
            "tests/support/catch.h": "#include <catch2/catch.hpp>\n",
            "README.md": "reads /healthz and ~/work/x, see https://example.org/work\n",
        }), [])

    def test_backward_includes_are_refused(self):
        self.refused("engine/base/a.cpp", '#include "index/store/store.h"\n', "engine must not include index/store/store.h")
        self.refused("index/base/a.h", '# include "server/cli/cli.h"\n', "index must not include server/cli/cli.h")
        self.refused("server/http/a.h", '#include "tests/support/catch.h"\n', "must not include tests/")

    def test_a_room_includes_no_room_above_it(self):
        self.refused("engine/base/a.cpp", '#include "engine/match/matcher.h"\n', "room base must not include engine/match/matcher.h")
        self.assertEqual(self.breaches({"index/run/a.cpp": '#include "index/store/store.h"\n#include "index/layer.h"\n',
                                        "index/layer.h": "#pragma once\n"}), [])

    def test_every_source_has_a_room_of_some_size(self):
        self.refused("engine/a.cpp", "", "lies in no room of engine")
        self.refused("engine/cellar/a.cpp", "", "lies in no room of engine")
        found = self.breaches({f"engine/base/{n}.cpp": "" for n in range(27)})
        self.assertEqual(len(found), 1, found)
        self.assertIn("engine/base holds 27 sources", found[0])

    def test_libraries_stay_in_their_place(self):
        self.refused("engine/base/a.cpp", "#include <boost/asio.hpp>\n", "belongs in server/ alone")
        self.refused("server/http/a.cpp", "#include <rocksdb/db.h>\n", "belongs in index/ alone")
        self.refused("server/api/routes.cpp", "#include <boost/beast/http.hpp>\n", "belongs in server/http/ alone")
        self.refused("tests/engine/a.cpp", "#include <catch2/catch.hpp>\n", "include tests/support/catch.h")
        self.refused("index/base/a.h", "#include <faiss/Index.h>\n", "stay out of headers")

    def test_a_library_is_included_by_one_file_only(self):
        found = self.breaches({f"index/base/{n}.cpp": "#include <faiss/Index.h>\n" for n in "ab"})
        self.assertEqual(found, [f"index/base/{n}.cpp:1: faiss/ is included by 2 files; 1 may" for n in "ab"])

    def test_includes_start_from_the_root(self):
        self.refused("engine/base/a.cpp", '#include "a.h"\n', "from the root")

    def test_files_stay_short(self):
        self.refused("engine/base/a.cpp", "\n" * 401, "401 lines")
        self.assertEqual(self.breaches({"tests/engine/a.cpp": "\n" * 600}), [])

    def test_places_outside_the_project_are_refused(self):
        for place in ["/wo" + "rk/main", "/tm" + "p/x", "/ho" + "me/me", "py" + "pi.org"]:
            self.refused("server/start", f"cd {place}\n", "names a place outside")


if __name__ == "__main__":
    unittest.main()
