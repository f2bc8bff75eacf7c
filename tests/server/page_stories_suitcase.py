"""A desk's work taken along as one file that opens without a server, and what was written in it handed in. Mixed into page_test.py's
Page, which has guarded_server() and new_context()."""
import json
import pathlib
import re

from page_stories_admin import call, open_at
from page_views import PATIENCE, WIDTHS, axe_of, settle, too_wide

SOURCE = pathlib.Path(__file__).resolve().parents[2]
WITHIN = ["/", "/profiles", "/profiles/p%3Acasamance", "/profiles/p%3Aplanted-project/edit", "/matches/p%3Acasamance/s%3Anordfrost", "/cases/i-000003",
          "/cases/i-000005", "/countries", "/countries/SN", "/outbox", "/nowhere"]


class SuitcaseStories:
    def packed(self, page, base, folder):
        """A suitcase of the reader's desk, as a file; and its passphrase."""
        open_at(page, base + "/suitcase")
        page.get_by_role("button", name="Take along").click()
        phrase = page.get_by_role("textbox", name="Passphrase").input_value()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the file").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        self.assertNotIn(phrase, path.read_text())
        page.get_by_role("button", name="I have noted it").click()
        return path, phrase

    def without_a_link(self, path, phrase, **options):
        """The file, opened by its passphrase in a browser that reaches nobody."""
        context = self.browser_of().chromium.new_context(locale="en", reduced_motion="reduce", offline=True, **options)
        context.set_default_timeout(PATIENCE)
        self.addCleanup(context.close)
        page = context.new_page()
        page.faults, page.calls = [], []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
        page.on("request", lambda request: request.url.startswith(("file:", "blob:")) or page.calls.append(request.url))
        page.goto(path.as_uri())
        self.unlock(page, phrase)
        return page

    def unlock(self, page, phrase):
        page.locator("form input").fill(phrase)
        page.locator("form button").click()
        page.wait_for_selector("nav")

    def at(self, page, path, address):
        page.goto(path.as_uri() + "#" + address)
        page.wait_for_selector("h1")

    def story_folder(self, name):
        folder = self.data_of(name + "-files")
        folder.mkdir()
        return folder

    def test_a_suitcase_goes_where_there_is_no_link_and_comes_back(self):
        server, base = self.guarded_server("suitcase")
        awa, folder = self.officer(server, base, "awa", "dakar"), self.story_folder("suitcase")
        awa.get_by_role("link", name="Take along").click()
        path, phrase = self.packed(awa, base, folder)
        for private in ("Awa Ndiaye", "casamance@example.org", "Joal"):
            self.assertNotIn(private, path.read_text())

        page = self.without_a_link(path, phrase.upper())
        self.assertNotEqual(page.title(), "taken over")
        page.get_by_role("link", name="Profiles").click()
        page.get_by_role("link", name="Chambres froides solaires, Casamance").click()
        page.get_by_role("link", name="Soleil Froid").click()
        page.get_by_role("heading", name=re.compile("^Why they fit")).wait_for()
        self.assertGreater(page.locator("#why ~ ul li").count(), 0)
        self.assertGreater(page.locator("mark").count(), 0)
        # A case is answered, what is half written stays, and a profile is changed.
        self.at(page, path, "/cases/i-000003")
        page.get_by_role("radio", name="Accept").check()
        page.get_by_role("textbox", name="Note").fill("written by lamp light")
        page.wait_for_timeout(500)
        page.reload()
        self.unlock(page, phrase)
        self.assertEqual(page.get_by_role("textbox", name="Note").input_value(), "written by lamp light")
        page.get_by_role("button", name="Keep, to be handed in").click()
        self.at(page, path, "/profiles/p%3Ajoal/edit")
        page.get_by_role("textbox", name="Title").fill("Coopérative de Joal et Mbour")
        page.get_by_role("textbox", name="Person").fill("Binta Sarr")
        page.get_by_role("button", name="Keep, to be handed in").click()
        page.get_by_role("link", name="Written here").click()
        page.get_by_role("button", name="Take out").nth(1).wait_for()
        self.assertEqual(page.get_by_role("button", name="Take out").count(), 2)
        self.assertNotIn("lamp", page.evaluate("JSON.stringify(localStorage)"))
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a file").click()
        answers = folder / "answers.json"
        download.value.save_as(answers)
        self.assertNotIn("Binta", answers.read_text())
        self.assertEqual((page.faults, page.calls), ([], []))

        # Meanwhile the profile is changed on the server.
        _, theirs = call(server, "GET", "/v1/profiles/p:joal")
        theirs["title"], theirs["capacity"] = "Coopérative de Joal (GIE)", 7
        self.assertEqual(call(server, "PUT", "/v1/profiles/p:joal", theirs)[0], 200)
        open_at(awa, base + "/suitcase")
        awa.get_by_label("File of answers").set_input_files(answers)
        awa.get_by_role("heading", name="What became of it").wait_for()
        self.assertIn("Done: 1 · Changed meanwhile: 1", awa.inner_text("main"))
        title = awa.get_by_role("group", name="Name, as everybody may read it")
        self.assertIn("Coopérative de Joal (GIE)", title.inner_text())
        self.assertIn("Coopérative de Joal et Mbour", title.inner_text())
        for width in reversed(WIDTHS):
            awa.set_viewport_size({"width": width, "height": 900})
            self.assertEqual((too_wide(awa), axe_of(SOURCE)(awa)), ([], []))
        title.get_by_role("radio").nth(1).check()
        awa.get_by_role("button", name="Go on with these").click()
        awa.get_by_text("Done: 1 · Done before: 1").wait_for()
        _, now = call(server, "GET", "/v1/profiles/p:joal")
        self.assertEqual((now["title"], now["capacity"], now["contact"]["person"]), ("Coopérative de Joal et Mbour", 7, "Binta Sarr"))
        _, case = call(server, "GET", "/v1/cases/i-000003")
        self.assertEqual((case["state"], case["timeline"][-1]["note"], case["timeline"][-1]["desk"]), ("accepted", "written by lamp light", "awa"))
        # Handed in again, and by the command line's call, nothing is done twice.
        awa.get_by_label("File of answers").set_input_files([])
        awa.get_by_label("File of answers").set_input_files(answers)
        awa.get_by_text("Done before: 2").wait_for()
        # The stick is lost.
        open_at(awa, base + "/admin/suitcases")
        awa.get_by_role("button", name=re.compile("^Revoke")).click()
        awa.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        awa.get_by_text("Revoked").first.wait_for()
        status, refused = call(server, "POST", f"/v1/suitcases/{json.loads(answers.read_text())['suitcase']}:return", json.loads(answers.read_text()))
        self.assertEqual(status, 403, refused)

    def test_within_a_suitcase_all_is_accessible_and_fits(self):
        server, base = self.guarded_server("suitcase-look")
        folder, look = self.story_folder("suitcase-look"), axe_of(SOURCE)
        for language, scheme in (("en", "light"), ("ar", "dark")):
            _, made = call(server, "POST", "/v1/tokens", {"role": "officer", "office": "dakar", "desk": "awa"})
            _, packed = call(server, "POST", f"/v1/desk:suitcase?lang={language}", token=made["token"])
            path = folder / f"{language}.html"
            path.write_text(packed["html"], encoding="utf-8")
            page = self.without_a_link(path, packed["passphrase"], color_scheme=scheme)
            self.assertEqual(page.evaluate("[document.documentElement.lang, document.documentElement.dir]"), [language, "rtl" if language == "ar" else "ltr"])
            for address in WITHIN:
                self.at(page, path, address)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    with self.subTest(view=address, language=language, width=width):
                        self.assertNotIn("⟨", page.inner_text("body"))
                        self.assertEqual(page.locator("main script, main img").count(), 0)
                        self.assertEqual(too_wide(page), [])
                        self.assertEqual(look(page), [])
            self.assertEqual((page.faults, page.calls), ([], []))
