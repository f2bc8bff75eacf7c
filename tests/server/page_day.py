"""The pictures of "How the day goes": the officers' page driven through a day, before a real server over a world of its own.

    page_day.py BINARY SOURCE MODELS [TARGET]     into server/page/day, or TARGET

build/venv's Python. The world is that of page_stage.py without the texts that are planted there.
"""
import base64
import pathlib
import sys
import tempfile

import page_stage
from page_views import Browser, settle
from serving import Program, Server

MOST = 60_000  # bytes of a picture
QUALITY = (0.9, 0.8, 0.65, 0.5)
DESK = {"width": 1100, "height": 760}
PHONE = {"width": 390, "height": 780}


def plain_world():
    """Names and texts that anybody could have, in scripts that every machine has letters for."""
    names = {"planted": "Alpenkälte", "planted-project": "Quay of Mbour", "hikari": "Hikari Cooling"}
    for rows in (page_stage.SUPPLIERS, page_stage.SEEKERS):
        rows[:] = [(name, names.get(name, title), country, "en" if lang == "zh" else lang) for name, title, country, lang in rows]
    page_stage.PLANTED = "Partners who stay for the years after the first."


def fill_interest(page):
    page.get_by_label("Cooperation").select_option("joint_venture")
    page.get_by_label("What is missing").fill("Which sizes can you deliver by June?")


# Name, address, language, size of the window, what is done before the picture.
PICTURES = [
    ("1-desk", "/?office=dakar", "en", DESK, None),
    ("2-match", "/matches/p:casamance/s:soleil", "en", DESK, None),
    ("3-interest", "/cases/new?kind=interest&from=p:tema&to=s:freddo&desk=awa", "en", DESK, fill_interest),
    ("4-case", "/cases/i-000001?desk=huber", "en", DESK, None),
    ("5-review", "/reviews/{p:ice}?desk=mbaye", "en", DESK, None),
    ("6-panel", "/programmes/consultations/panels/new?seats=24&seed=1975", "en", DESK, None),
    ("7-reports", "/reports", "en", DESK, None),
    ("8-phone", "/?office=dakar", "ar", PHONE, None),
]


def webp(page, png):
    """The picture as WebP, as well as fits. The browser that drew it packs it."""
    for quality in QUALITY:
        packed = page.evaluate("""async ([png, quality]) => {
          const image = new Image();
          image.src = 'data:image/png;base64,' + png;
          await image.decode();
          const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
          canvas.getContext('2d').drawImage(image, 0, 0);
          return canvas.toDataURL('image/webp', quality).split(',')[1];
        }""", [base64.b64encode(png).decode(), quality])
        content = base64.b64decode(packed)
        if len(content) <= MOST:
            return content
    raise SystemExit(f"a picture has {len(content)} bytes, over {MOST}")


def main():
    binary, source, models = sys.argv[1:4]
    target = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else pathlib.Path(source) / "server/page/day")
    target.mkdir(parents=True, exist_ok=True)
    plain_world()
    program = Program(binary, source, models)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, page_stage.build(program, pathlib.Path(folder)), "--drafts", "100")
        browser = Browser(server.port)
        packing = browser.chromium.new_page()
        try:
            for name, address, language, size, prepare in PICTURES:
                page = browser.visit(address, language, size["width"])
                page.set_viewport_size(size)
                if prepare:
                    prepare(page)
                settle(page)
                content = webp(packing, page.screenshot())
                (target / f"{name}.webp").write_bytes(content)
                print(f"{name}.webp {len(content):,} bytes")
                page.context.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
