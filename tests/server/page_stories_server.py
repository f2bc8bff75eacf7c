"""What the page does when the server has no time, and what officers are told of the page. Mixed into page_test.py's Page."""
import json
import pathlib
import re
import tomllib

import page_day

BUSY = json.dumps({"type": "about:overloaded", "title": "Overloaded", "status": 503, "detail": "too many requests are waiting"})
ROOT = pathlib.Path(__file__).resolve().parents[2]
ASKED = "/search?seek=solar+cold+rooms+for+fish"


class Overloaded:
    """Refuses as an overloaded server does, `times` times."""

    def __init__(self, page, pattern, times, retry_after="1"):
        self.left, self.asked, self.retry_after = times, 0, retry_after
        page.route(pattern, self.answer)

    def answer(self, route):
        self.asked += 1
        if self.left <= 0:
            return route.continue_()
        self.left -= 1
        route.fulfill(status=503, content_type="application/problem+json", headers={"Retry-After": self.retry_after}, body=BUSY)


class ServerStories:
    def test_an_overloaded_server_is_asked_again_and_then_answers(self):
        page = self.visit("/search")
        match = Overloaded(page, "**/v1/match", 2)
        page.get_by_label("What do you seek?").fill("solar cold rooms for fish")
        page.get_by_role("button", name="Search").click()
        page.wait_for_selector("main ol li")
        self.assertEqual(match.asked, 3)
        self.assertEqual(page.get_by_text("too busy").count(), 0)
        self.assertEqual(page.locator(".notice.bad").count(), 0)  # it answers: it is not gone

    def test_who_is_refused_again_and_again_is_told_and_can_ask_by_a_button(self):
        page = self.visit("/search")
        page.clock.install()
        match = Overloaded(page, "**/v1/match", 5)
        page.get_by_label("What do you seek?").fill("solar cold rooms for fish")
        page.get_by_role("button", name="Search").click()
        told = page.get_by_role("alert").filter(has_text="too busy")
        for _ in range(50):
            page.clock.fast_forward(15_000)
            page.wait_for_timeout(100)
            if told.count():
                break
        told.wait_for()
        self.assertIn("Nothing is lost", told.inner_text())
        self.assertEqual(match.asked, 5)
        told.get_by_role("button", name="Try again").click()
        page.wait_for_selector("main ol li")

    def test_who_shall_stay_away_for_long_is_told_at_once(self):
        page = self.visit(ASKED)
        before = page.inner_text("main ol")
        match = Overloaded(page, "**/v1/match", 1, "120")
        page.get_by_role("checkbox", name=re.compile("^Developed countries")).check()
        page.get_by_text("What you see is of").wait_for()
        self.assertEqual((match.asked, page.inner_text("main ol")), (1, before))
        page.get_by_role("button", name="Try again").click()
        page.get_by_text("What you see is of").wait_for(state="detached")

    def test_what_changes_something_is_never_sent_twice_by_itself(self):
        page = self.visit(ASKED)
        kept = Overloaded(page, "**/v1/standing-queries", 1)
        page.get_by_role("button", name=re.compile("^Keep")).first.click()
        page.get_by_text("too busy").wait_for()
        page.wait_for_timeout(3000)
        self.assertEqual(kept.asked, 1)

    def test_a_reason_is_a_word_and_its_measure_stands_in_the_record(self):
        for address in (ASKED, "/matches/p:casamance/s:soleil", "/compare?for=p:casamance&id=s:nordfrost&id=s:soleil&rows=all"):
            for language in ("en", "zh"):
                page = self.visit(address, language)
                told = page.locator("main li[dir=auto]").all_inner_texts()
                self.assertTrue(told, address)
                self.assertEqual([text for text in told if re.search(r"\d[.,]\d+ ?[)）]$", text)], [])
                page.context.close()

    def test_a_remedy_that_is_a_command_is_kept_from_officers(self):
        page = self.visit("/search", heard=False)
        for remedy, shown in (("`counterpart token list` shows them", False), ("use the command line, or start it without --open-local", False),
                              ("take another country", True)):
            page.unroute_all()
            page.route("**/v1/match", lambda route: route.fulfill(status=422, content_type="application/problem+json",
                                                                 body=json.dumps({"type": "about:x", "status": 422, "detail": "it cannot be", "remedy": remedy})))
            page.goto(page.url.split("?")[0] + "?seek=" + remedy[:12].replace("`", ""))
            page.get_by_text("it cannot be").wait_for()
            self.assertEqual(page.get_by_text(remedy).count() > 0, shown, remedy)
        nobody = self.visit("/search?seek=beekeeping&country=TV&programme=itpo")
        self.assertIn("What keeps the others away", nobody.inner_text("main"))
        self.assertNotIn("counterpart explain", nobody.inner_text("main"))

    def test_how_the_day_goes_shows_pictures_and_names_words_that_exist(self):
        folder = ROOT / "server/page/day"
        text = (folder / "README.md").read_text(encoding="utf-8")
        shown = re.findall(r"!\[.+?\]\((.+?)\)", text)
        self.assertEqual(shown, [name + ".webp" for name, *_ in page_day.PICTURES])
        self.assertEqual(sorted(shown), sorted(file.name for file in folder.glob("*.webp")))
        for name in shown:
            self.assertLessEqual((folder / name).stat().st_size, page_day.MOST)

        def english(table):
            return [table["en"]] if isinstance(table.get("en"), str) else [word for below in table.values() for word in english(below)]
        files = [*(ROOT / "datasets/words").glob("page*.toml"), *(ROOT / "datasets/words" / name for name in ("terms.toml", "columns.toml"))]
        known = {word.lower() for file in files for word in english(tomllib.loads(file.read_text(encoding="utf-8")))}
        named = set(re.findall(r"\*\*(.+?)\*\*", text))
        self.assertGreater(len(named), 5)
        self.assertEqual({word for word in named if word.lower() not in known}, set())
