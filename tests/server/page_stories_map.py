"""The map of the world in its two pictures. Mixed into page_test.py's Page."""
import pathlib
import re

from page_views import LANGUAGES, axe_of, settle

TILES = pathlib.Path(__file__).resolve().parents[2] / "datasets/taxonomy/tiles.txt"
COVERAGE = "/programmes/global-alliance"
SHAPES = "svg.map [data-code]"
# The sentence of the United Nations, by a part of it.
DISCLAIMER = {"en": "delimitation of its frontiers", "fr": "tracé de leurs frontières", "es": "delimitación de sus fronteras", "ar": "الأمانة العامة للأمم المتحدة",
              "zh": "联合国秘书处", "ru": "Организации Объединенных Наций"}


class MapStories:
    def test_every_country_is_an_area_or_a_dot_of_the_outlines(self):
        page = self.visit(COVERAGE + "?map=outline")
        shown = page.locator(SHAPES).evaluate_all("(all) => all.map((one) => one.dataset.code)")
        self.assertEqual(set(shown), set(re.findall("[A-Z]{2}", TILES.read_text(encoding="utf-8"))))
        for code in ("TV", "NR", "MV", "ST", "GF", "SJ", "GI"):
            self.assertEqual(page.locator(f"svg.map .dot[data-code={code}]").count(), 1, code)
        # Each is within the picture, and the small ones do not hide each other.
        places = page.locator("svg.map .dot").evaluate_all("(all) => all.map((one) => [one.getBBox().x, one.getBBox().y])")
        width, height = page.evaluate("[document.querySelector('svg.map').viewBox.baseVal.width, document.querySelector('svg.map').viewBox.baseVal.height]")
        for i, (x, y) in enumerate(places):
            self.assertTrue(-12 < x < width - 12 and -12 < y < height - 12, (x, y))
            for other in places[:i]:
                self.assertGreater((x - other[0]) ** 2 + (y - other[1]) ** 2, 12 ** 2, (x, y, other))

    def test_the_outlines_are_fetched_when_they_are_chosen_and_the_choice_is_in_the_address(self):
        page = self.visit(COVERAGE)
        fetched = []
        page.on("request", lambda request: "outline" in request.url and fetched.append(request.url))
        page.reload()
        settle(page)
        self.assertEqual(fetched, [])
        page.get_by_role("link", name="Outlines").click()
        page.wait_for_selector("svg.map")
        self.assertIn("map=outline", page.url)
        self.assertEqual(len(fetched), 1)
        self.assertTrue(page.get_by_role("img", name="Members by country").is_visible())
        page.reload()
        page.wait_for_selector("svg.map")
        page.locator("svg.map [data-code=BR]").click()
        page.get_by_role("status").filter(has_text="Brazil").wait_for()
        self.assertIn("country=BR", page.url)
        self.assertIn("map=outline", page.url)
        page.get_by_role("link", name="Equal squares").click()
        page.wait_for_selector(".tiles")
        self.assertNotIn("map=", page.url)

    def test_the_outlines_tell_the_numbers_of_the_table(self):
        page = self.visit(COVERAGE + "?map=outline")
        page.get_by_text("The same numbers in a table").click()
        rows = page.locator("main table").first.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))")
        self.assertGreater(len(rows), 5)
        titles = page.locator(SHAPES + " title").all_text_contents()
        for name, members, record in rows:
            place = re.split(r"\s(?:LDC|LLDC|SIDS)", name)[0].strip()
            mine = [title for title in titles if re.fullmatch(re.escape(place) + "(, (LDC|LLDC|SIDS))*", title.rsplit(": ", 1)[0])]
            self.assertTrue(mine, name)
            for title in mine:
                self.assertEqual(re.findall(r"\d+", title.rsplit(": ", 1)[1])[:2], [members, record], title)

    def test_nothing_in_the_outlines_stops_the_tabulator_and_the_picture_is_never_mirrored(self):
        page = self.visit(COVERAGE + "?map=outline", "ar")
        self.assertEqual(page.locator("svg.map a, svg.map [tabindex]").count(), 0)
        left = lambda code: page.locator(f"svg.map [data-code={code}]").first.bounding_box()["x"]
        self.assertLess(left("BR"), left("KE"))
        self.assertLess(left("KE"), left("AU"))

    def test_no_land_has_a_line_round_it_but_of_its_own_colour(self):
        for scheme in ("light", "dark"):
            page = self.visit(COVERAGE + "?map=outline", scheme=scheme)
            drawn = page.locator("svg.map path").evaluate_all("(all) => all.map((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke])")
            self.assertEqual([pair for pair in drawn if pair[0] != pair[1]], [])
            self.assertGreater(len({fill for fill, _ in drawn}), 2)

    def test_the_disclaimer_of_the_united_nations_stands_under_it_in_each_language(self):
        for language in LANGUAGES:
            page = self.visit(COVERAGE + "?map=outline", language)
            self.assertIn(DISCLAIMER[language], page.inner_text("main"))
            page.context.close()

    def test_a_square_is_never_too_small_to_be_pressed(self):
        look = axe_of(pathlib.Path(__file__).resolve().parents[2])
        for address in (COVERAGE, "/search?seek=solar+cold+rooms+for+fish&map=squares"):
            page = self.visit(address)
            for width in (320, 600, 768, 800, 900, 992, 1024, 1100, 1280, 1600):
                page.set_viewport_size({"width": width, "height": 900})
                with self.subTest(address=address, width=width):
                    boxes = page.locator(".tiles a").evaluate_all(
                        "(all) => all.map((one) => one.getBoundingClientRect()).filter((box) => box.width).map((box) => Math.min(box.width, box.height))")
                    # Either all are there or none, and then it is said where the numbers are.
                    self.assertEqual(page.get_by_text("The squares need a wider screen").is_visible(), not boxes)
                    self.assertGreaterEqual(min(boxes, default=24), 24)
                    self.assertEqual(look(page, ["target-size"]), [])
            self.assertTrue(boxes)
