"""What the page weighs on the wire: bodies in Brotli, as the build made them, in the heaviest language."""
import dataclasses
import json

FIRST_VIEW, FURTHER_SCRIPT, OUTLINE = 40 * 1024, 15 * 1024, 15 * 1024  # bytes
LANGUAGES = ["en", "fr", "es", "ar", "zh", "ru"]


@dataclasses.dataclass
class Row:
    name: str
    bytes: int
    most: int


def table(build):
    """`build`: the folder of the program. A row for each view opened first, and for each view's own script."""
    made = json.loads((build / "server/page/sizes.json").read_text(encoding="utf-8"))
    brotli = {name: size["brotli"] for name, size in made["sizes"].items()}
    common = [name for name in brotli if name.startswith(("assets/style-", "assets/early-", "assets/icon-"))]

    def words(names, language):
        return [f"assets/{name}.{language}-{made['wordsHash']}.js" for name in names]

    rows = []
    for view, parts in made["views"].items():
        scripts = {*made["start"], *parts["scripts"]}
        # Names of countries and codes come when they are first needed; they are counted with every first view.
        fixed = sum(brotli[name] for name in {*common, *scripts, f"shell/{view}.html"})
        heaviest = max(sum(brotli[name] for name in words(["page", *parts["words"], "countries", "terms"], language)) for language in LANGUAGES)
        rows.append(Row(f"first view: {view}", fixed + heaviest, FIRST_VIEW))
    for view, parts in made["views"].items():
        own = [name for name in parts["scripts"] if name not in made["start"]]
        rows.append(Row(f"further view: script of {view}", sum(brotli[name] for name in own), FURTHER_SCRIPT))
    rows.append(Row("the world's outlines, when chosen", brotli[made["outline"]], OUTLINE))
    return rows


def show(build):
    for row in table(build):
        print(f"{row.name:44} {row.bytes:7,} bytes, at most {row.most:,}")
