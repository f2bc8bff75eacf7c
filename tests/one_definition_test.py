#!/usr/bin/env python3
"""The test of one_definition.py: small programs with and without a name that means two things.

    one_definition_test.py COMPILER    standard library only
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import one_definition

COMPILER = sys.argv.pop(1) if len(sys.argv) > 1 else "c++"

SHARED = "#pragma once\nnamespace counterpart {\nstruct Shared { int a = 1; };\ninline int doubled(int x) { return 2 * x; }\n}\n"
USE = "namespace counterpart { int %s() { Shared shared; return doubled(shared.a)%s; } }\n"


def breaches(one, other):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "shared.h").write_text(SHARED)
        (place / "one.cpp").write_text('#include "shared.h"\n' + one + USE % ("one", "+ helper()" if "helper" in one else ""))
        (place / "other.cpp").write_text('#include "shared.h"\n' + other + USE % ("other", "+ helper()" if "helper" in other else "") +
                                         "namespace counterpart { int one(); }\nint main() { return counterpart::one() + counterpart::other(); }\n")
        subprocess.run([COMPILER, "-std=c++20", "-g", "-O1", "one.cpp", "other.cpp", "-o", "program"], cwd=place, check=True)
        return one_definition.examine(str(place / "program"))[1]


class OneDefinition(unittest.TestCase):
    def test_what_a_header_gives_to_both_is_one_thing(self):
        self.assertEqual(breaches("", ""), [])

    def test_two_types_of_one_name_are_found(self):
        one = "namespace counterpart { struct Chosen { double x[4]; }; Chosen chosen; int helper() { return int(chosen.x[0]); } }\n"
        other = "\nnamespace counterpart { struct Chosen { int x; }; static Chosen kept; static int taken() { return kept.x; } int also() { return taken(); } }\n"
        found = breaches(one, other)
        self.assertEqual(len(found), 1)
        self.assertIn("type counterpart::Chosen", found[0])
        self.assertIn("one.cpp", found[0])
        self.assertIn("other.cpp", found[0])

    def test_two_inline_functions_of_one_name_are_found(self):
        one = "namespace counterpart { __attribute__((noinline)) inline int helper() { return 1; } }\n"
        found = breaches(one, "\n\n" + one.replace("return 1", "return 2"))
        self.assertEqual(len(found), 1)
        self.assertIn("function", found[0])

    def test_a_file_may_have_names_of_its_own(self):
        one = "namespace counterpart { namespace { struct Own { double x[4]; }; Own own; int helper() { return int(own.x[0]); } } }\n"
        self.assertEqual(breaches(one, "\n" + one.replace("double x[4]", "int x[2]")), [])


if __name__ == "__main__":
    unittest.main()
