#!/usr/bin/env python3
"""Is every source laid out as clang-format lays it out? Prints where not and ends with 1.

    format.py [--fix]    what clang-format (tests/packages.txt) makes of .clang-format; --fix writes it

A table that is wider than the lines is put between `// clang-format off` and `// clang-format on`. Standard library only.
"""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import layering

ROOT = pathlib.Path(__file__).resolve().parent.parent
AT_ONCE = 40  # files to one process


def main():
    if not shutil.which("clang-format"):
        print("clang-format is not there; tests/run installs it")
        return 1
    how = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "-Werror"]
    files = [name for name in layering.tracked(ROOT) if name.endswith(layering.SOURCES)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda at: subprocess.run(["clang-format", *how, *files[at:at + AT_ONCE]], cwd=ROOT, text=True,
                                                       capture_output=True), range(0, len(files), AT_ONCE)))
    print("".join(one.stderr for one in done), end="")
    if any(one.returncode for one in done):
        print("lay them out by tests/format.py --fix")
        return 1
    print(f"{len(files)} sources are laid out alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
