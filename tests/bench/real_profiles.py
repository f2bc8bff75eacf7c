"""real_profiles.py SHARED_DATA_DIR: every profile with a text that somebody wrote; never commit what it prints.

The committed samples, the listed companies of financedatabase, World Bank's projects and Techstars' companies, each once, in the
order of their ids' hashes. None is repeated or altered as make_scale.py does it for benches of size.
"""

import hashlib
import json
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "datasets/scripts"
sys.path.insert(0, str(SCRIPTS))

import convert_companies_financedatabase  # noqa: E402
import convert_techstars  # noqa: E402
import convert_wb  # noqa: E402
from common import to_line  # noqa: E402
from converting import compact  # noqa: E402


def profiles():
    for path in sorted((SCRIPTS.parent / "samples").glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
    for module in (convert_companies_financedatabase, convert_wb, convert_techstars):
        converter = module.Converter()
        for row in module.rows():
            profile = compact(converter.profile(row))
            if not module.reason(profile):
                yield profile


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: real_profiles.py SHARED_DATA_DIR")
    found = {}
    for profile in profiles():
        found.setdefault(profile["id"], profile)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for profile in sorted(found.values(), key=lambda one: hashlib.sha256(one["id"].encode()).digest()):
        sys.stdout.write(to_line(profile) + "\n")


if __name__ == "__main__":
    main()
