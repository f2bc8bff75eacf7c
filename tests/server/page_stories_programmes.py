"""What a manager does with the page: who is missing, a panel from its draw to its invitations, what a night changed, reports,
a project's money. Mixed into page_test.py's Page, which has `visit`."""
import json
import pathlib

from page_views import settle

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def countries(*groups):
    head, *lines = (SOURCE / "datasets/taxonomy/countries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]
    return {row["code"] for row in rows if set(groups) & set(row["groups"].split(";"))}


def told(page):
    """What stands in the view, without the marks that keep names apart."""
    return page.inner_text("main").translate({0x2068: None, 0x2069: None})


class ProgrammeStories:
    def test_each_small_and_poor_country_has_a_square_and_arrows_reach_them(self):
        page = self.visit("/programmes/global-alliance")
        squares = page.eval_on_selector_all(".tiles a", "all => all.map((one) => one.dataset.code)")
        self.assertEqual(countries("LDC", "SIDS", "LLDC") - set(squares), set())
        self.assertEqual(len(squares), len(set(squares)))
        boxes = page.eval_on_selector_all(".tiles a", "all => all.map((one) => { const box = one.getBoundingClientRect(); return [box.left, box.top].map(Math.round).join(); })")
        self.assertEqual(len(set(boxes)), len(boxes))
        self.assertEqual(page.locator(".tiles a[tabindex='0']").count(), 1)
        page.locator(".tiles a[tabindex='0']").focus()
        reached = set()
        for key in ["ArrowDown"] * 20 + ["ArrowRight"] * 30 + ["ArrowUp"] * 20 + ["ArrowLeft"] * 30:
            page.keyboard.press(key)
            reached.add(page.evaluate("document.activeElement.dataset.code"))
        self.assertGreater(len(reached), 30)
        page.locator(".tiles [data-code=SB]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**country=SB**")
        self.assertIn("1 member, 1 on record", page.inner_text("main .notice"))
        page.go_back()
        settle(page)
        self.assertEqual(page.locator("main .notice").count(), 0)

    def test_the_map_s_numbers_are_the_table_s_also_on_a_phone(self):
        page = self.visit("/programmes/global-alliance", width=320)
        self.assertFalse(page.locator(".tiles").is_visible())
        rows = page.locator("table").first.locator("tbody tr")
        self.assertEqual(rows.first.inner_text().split(), ["Germany", "6", "14"])
        page.set_viewport_size({"width": 1280, "height": 900})
        self.assertIn("6 members, 14 on record", page.locator(".tiles [data-code=DE]").inner_text())
        page.set_viewport_size({"width": 673, "height": 900})  # a sheet of A4 without its margins
        page.emulate_media(media="print")
        self.assertTrue(page.locator(".tiles [data-code=DE] b").is_visible())
        page.emulate_media(media="screen")
        self.assertIn("Solomon Islands LDC SIDS", rows.last.evaluate("(row) => row.closest('table').innerText"))

    def test_who_could_fill_a_gap_leads_to_the_profile(self):
        page = self.visit("/programmes/global-alliance")
        page.get_by_role("complementary", name="Who could fill the gaps").get_by_role("link", name="Nordfrost").first.click()
        page.wait_for_url("**/profiles/s%3Anordfrost")

    def test_a_panel_is_drawn_certified_checked_and_invited(self):
        page = self.visit("/programmes/consultations")
        page.get_by_role("link", name="Convene a panel").click()
        page.get_by_label("Seats").fill("24")
        page.get_by_label("Number of the draw").fill("1975")
        page.get_by_label("An agenda of our own").check()
        page.reload()  # what is written is there
        settle(page)
        page.get_by_role("button", name="Draw", exact=True).click()
        page.wait_for_url("**seats=24&seed=1975&no_topics=1")
        settle(page)
        self.assertIn("One rule cannot be kept", page.inner_text("main"))
        self.assertIn("at least 2 of consumers", page.inner_text("main .notice"))
        drawn = page.inner_text("main table >> nth=-1")
        page.get_by_role("link", name="Draw 12 seats").click()
        page.wait_for_url("**seats=12**")
        settle(page)
        self.assertNotIn("cannot be kept", page.inner_text("main"))
        page.go_back()
        settle(page)
        self.assertEqual(page.inner_text("main table >> nth=-1"), drawn)

        with page.expect_download() as found:
            page.get_by_role("button", name="Make the certificate").click()
        file = pathlib.Path(found.value.path())
        certificate = json.loads(file.read_text(encoding="utf-8"))
        self.assertEqual((certificate["seed"], len(certificate["result"]["seats"])), (1975, 24))
        page.get_by_role("button", name="Draw again to check").click()
        page.get_by_text("It holds: drawn again it is the same.").wait_for()

        # One button asks who is invited; the letters go after a second one alone.
        ask = page.get_by_role("button", name="Who is invited")
        ask.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Not now").click()
        ask.click()
        dialog.get_by_role("button", name="Invite 24 experts").click()
        page.get_by_role("region", name="Seats").get_by_text("invited").first.wait_for()
        page.reload()
        settle(page)
        ask.click()
        page.get_by_text("Seat by seat").wait_for()
        self.assertEqual(page.get_by_role("region", name="Seats").get_by_text("invited", exact=True).count(), 24)
        self.assertEqual(dialog.count(), 0)

        # Whoever has the file finds the same; one who changed it is found out.
        certificate["result"]["seats"][0]["id"], certificate["result"]["seats"][1]["id"] = (certificate["result"]["seats"][i]["id"] for i in (1, 0))
        other = self.visit("/programmes/consultations/panels/new")
        put = lambda text: other.locator("input[type=file]").set_input_files({"name": "draw.json", "mimeType": "application/json", "buffer": text.encode()})
        put("{}")
        other.get_by_text("This file is no certificate of a draw.").wait_for()
        put(json.dumps(certificate))
        other.get_by_text("It does not hold.").wait_for()
        other.get_by_role("button", name="Put it away").click()
        put(file.read_text(encoding="utf-8"))
        other.get_by_text("It holds: drawn again it is the same.").wait_for()

    def test_a_drawn_panel_is_printed_with_its_certificate(self):
        page = self.visit("/programmes/consultations/panels/new?seats=12&seed=7")
        with page.expect_download():
            page.get_by_role("button", name="Make the certificate").click()
        page.get_by_text("Hash of the whole").wait_for()
        page.emulate_media(media="print")
        self.assertTrue(page.get_by_text("Hash of the whole").is_visible())
        self.assertFalse(page.get_by_label("Number of the draw").is_visible())
        self.assertFalse(page.get_by_role("button", name="Download").is_visible())

    def test_the_news_are_of_the_newest_run_and_the_address_has_what_is_chosen(self):
        page = self.visit("/news?office=dakar")
        page.wait_for_url("**/runs/itpo-000002?office=dakar")
        settle(page)
        whole = page.inner_text("main")
        self.assertIn("Kyl & Sol", whole)
        page.get_by_role("link", name="New and strong only").click()
        page.wait_for_url("**strong=1**")
        settle(page)
        self.assertNotIn("withdrawn", page.inner_text("main"))
        page.go_back()
        settle(page)
        self.assertEqual(page.inner_text("main"), whole)
        page.get_by_label("Office").select_option("bonn")
        page.wait_for_url("**office=bonn**")
        settle(page)
        self.assertIn("Северный холод", page.inner_text("main h2 >> nth=0"))
        with page.expect_download() as found:
            page.get_by_role("link", name="as CSV").first.click()
        self.assertIn("s:holod", pathlib.Path(found.value.path()).read_text(encoding="utf-8"))

    def test_reports_tell_what_their_figures_mean_and_are_taken_away(self):
        page = self.visit("/reports")
        text = told(page)
        self.assertIn("Only an acceptance or a refusal is an answer", text)
        self.assertIn("1 concluded: 800,000 EUR; jobs: 40", text)
        page.locator("#programme").select_option("itpo")
        page.wait_for_url("**programme=itpo**")
        page.locator("#quarter").select_option(index=1)
        page.wait_for_url("**quarter=**")
        settle(page)
        again = self.visit(page.url.split("/", 3)[3].join(["/", ""]))
        self.assertEqual(again.inner_text("main"), page.inner_text("main"))
        with page.expect_download() as found:
            page.get_by_role("link", name="workbook").first.click()
        self.assertEqual(pathlib.Path(found.value.path()).read_bytes()[:2], b"PK")

    def test_a_project_s_money_adds_up(self):
        page = self.visit("/projects/q:tannery/portfolio")
        text = told(page)
        self.assertIn("893,760 USD of 2,000,000 USD are committed.", text)
        self.assertIn("1,106,240 USD are still open.", text)
        self.assertIn("something is due: Alliance Works 7", text)
        page.get_by_role("link", name="Look for a set").click()
        page.wait_for_url("**assemble=1")
        settle(page)
        self.assertIn("Chosen among", page.inner_text("main"))
