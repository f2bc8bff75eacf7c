"""THE table of the page's views as the tests look at them, and how a browser is led to one. Playwright, and axe-core from npm."""
import json
import pathlib
import re
import time
import urllib.request

from playwright.sync_api import sync_playwright

# Name, address in the world of page_stage.py, as Browser.at() reads it. Each state of a view that looks different has a row.
VIEWS = [
    ("home", "/?office=dakar"),
    ("home_nobody", "/"),
    ("search_opening", "/search"),
    ("search", "/search?seek=solar+cold+rooms+for+fish&country=developed"),
    ("search_outline", "/search?seek=solar+cold+rooms+for+fish&map=outline"),
    ("search_profile", "/search?profile=p:casamance&bands=strong,good,possible,weak"),
    ("search_nobody", "/search?seek=beekeeping&country=TV&programme=itpo"),
    ("profile", "/profiles/s:nordfrost"),
    ("profile_planted", "/profiles/p:planted-project"),
    ("profile_matches", "/profiles/p:casamance/matches?weak=1"),
    ("profile_gone", "/profiles/nobody"),
    ("match", "/matches/p:casamance/s:soleil"),
    ("match_apart", "/matches/p:casamance/p:joal?programme=itpo"),
    ("programmes", "/programmes"),
    ("coverage", "/programmes/global-alliance?country=SB"),
    ("coverage_outline", "/programmes/global-alliance?country=SB&map=outline"),
    ("coverage_assumed", "/programmes/itpo?by=region"),
    ("members", "/programmes/global-alliance?part=members"),
    ("programme_gone", "/programmes/nothing"),
    ("panel_opening", "/programmes/consultations/panels/new"),
    ("panel", "/programmes/consultations/panels/new?seats=24&seed=1975"),
    ("panel_none", "/programmes/itpo/panels/new?seed=1"),
    ("runs", "/runs"),
    ("run", "/runs/itpo-000002"),
    ("run_gone", "/runs/itpo-000099"),
    ("reports", "/reports"),
    ("portfolio", "/projects/q:tannery/portfolio?assemble=1"),
    ("portfolio_empty", "/projects/p:tema/portfolio"),
    ("pipeline", "/pipeline?desk=awa"),
    ("pipeline_table", "/pipeline?view=table&desk=awa&kind=interest"),
    ("pipeline_none", "/pipeline?state=late&office=riyadh"),
    ("pipeline_closed", "/pipeline?state=closed"),
    ("pipeline_move", "/pipeline?desk=huber&move=i-000001"),
    ("case", "/cases/i-000001?desk=huber"),
    ("case_other", "/cases/i-000003?desk=noura"),
    ("case_released", "/cases/i-000005?desk=mbaye"),
    ("case_declined", "/cases/i-000006?desk=awa"),
    ("case_membership", "/cases/m-000007?desk=huber"),
    ("case_gone", "/cases/i-009999"),
    ("case_new", "/cases/new?kind=interest&from=p:tema&to=s:freddo&desk=awa"),
    ("case_new_nothing", "/cases/new"),
    ("compare", "/compare?for=p:casamance&id=s:nordfrost&id=s:soleil&id=s:planted"),
    ("compare_all", "/compare?id=s:nordfrost&id=nobody&rows=all"),
    ("compare_nobody", "/compare?for=p:planted-project"),
    ("brief", "/countries/SN"),
    ("brief_edit", "/countries/SN?edit=tax"),
    ("brief_gone", "/countries/QQ"),
    ("import", "/import"),
    ("access_closed", "/admin/access"),
    ("offices", "/admin/offices"),
    ("office", "/admin/offices?office=dakar"),
    ("desks", "/admin/desks"),
    ("desk", "/admin/desks?desk=awa"),
    ("letters", "/admin/letters"),
    ("suitcase", "/suitcase"),
    ("suitcases", "/admin/suitcases"),
    ("network_alone", "/admin/network"),
    ("audit_closed", "/admin/audit"),
    ("system", "/admin/system"),
    ("form_new", "/profiles/new"),
    ("form_new_texts", "/profiles/new?step=2"),
    ("form_change", "/profiles/p:planted-project/edit?step=3"),
    ("form_change_contact", "/profiles/p:ice/edit?step=4"),
    ("form_gone", "/profiles/nobody/edit"),
    ("draft_new", "/drafts/new"),
    ("draft_without_its_link", "/drafts/nobody"),
    ("draft_confirm", "/#confirm=nobody.nothing"),
    ("versions", "/profiles/o:00/versions"),
    ("versions_two", "/profiles/o:00/versions/1..3"),
    ("review_new", "/reviews/{p:ice}?desk=mbaye"),
    ("review_change", "/reviews/{o:03}?desk=maier"),
    ("sign_in", "/sign-in#cpi_secret"),
    ("sign_in_no_link", "/sign-in"),
    ("nothing", "/nowhere"),
]
LANGUAGES = ["en", "fr", "es", "ar", "zh", "ru"]
WIDTHS = [1280, 320]
CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
EXPECTED = re.compile("status of (403|404|503) ")  # not theirs, not there, or not at this moment: shown in words
PATIENCE = 30_000  # ms

# The view is drawn and nothing is waited for.
READY = "() => document.querySelector('main h1') && !document.querySelector('[aria-busy=true]')"


class Browser:
    """One Chromium; each visit is a context of its own, with nothing kept from another. What the console said is a fault."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.playwright = sync_playwright().start()
        program = next((path for path in CHROMIUM if pathlib.Path(path).exists()), None)
        self.chromium = self.playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        self.faults = []

    def visit(self, address, language="en", width=1280, scheme="light", heard=True, **options):
        context = self.chromium.new_context(viewport={"width": width, "height": 900 if width > 600 else 640}, locale=language,
                                            color_scheme=scheme, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch(page)
        if heard:
            note = lambda text: self.faults.append(f"{address} {language}: {text}")
            page.on("pageerror", lambda error: note(error))
            page.on("console", lambda said: said.type == "error" and not EXPECTED.search(said.text) and note(said.text))
        page.goto(self.at(address))
        settle(page)
        return page

    def at(self, address):
        """The whole address; {p:ice} stands for the review of that profile, whatever number its case got."""
        def number(found):
            with urllib.request.urlopen(f"{self.base}/v1/reviews?open=true&profile={found[1]}", timeout=60) as answer:
                return json.load(answer)["cases"][0]["id"]
        return self.base + re.sub(r"\{(.+?)\}", number, address)

    def close(self):
        self.chromium.close()
        self.playwright.stop()


def watch(page):
    """Counts what is asked for and not there yet, so that settle() need not wait for a silence."""
    page.asked = set()
    page.on("request", lambda request: page.asked.add(request))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda request: page.asked.discard(request))


def signed_in(context, base, token):
    """A page of somebody who signed in with this token."""
    begun = context.request.post(base + "/v1/session", data={"secret": token})
    assert begun.status == 201, begun.text()
    context.add_init_script("localStorage.setItem('signed-in', '1')")
    page = context.new_page()
    watch(page)
    return page


def settle(page):
    """Until the view is drawn, everything has come and been drawn too."""
    quiet, until = 0, time.monotonic() + 5  # a request that was given up may never be told of
    while quiet < 2 and time.monotonic() < until:
        page.wait_for_function(READY)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 10)))")
        quiet = 0 if page.asked else quiet + 1


def axe_of(source):
    """Gives a function: what axe finds on a page, by `rules` alone where they are given."""
    script = (source / "build/page/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

    def look(page, rules=None):
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(script)
        options = {"resultTypes": ["violations"], "preload": False, "iframes": False}
        options |= {"runOnly": {"type": "rule", "values": rules}} if rules else {
            "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
        found = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
        return [f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})" for one in found for node in one["nodes"][:3]]

    return look


def too_wide(page):
    """What does not fit: the page itself, and what is cut off where nobody can scroll to it."""
    return page.evaluate("""() => {
      const found = [];
      const root = document.documentElement;
      if (root.scrollWidth > root.clientWidth) found.push('the page: ' + root.scrollWidth + ' in ' + root.clientWidth);
      for (const box of document.querySelectorAll('main *')) {
        const style = getComputedStyle(box);
        if (style.overflowX !== 'hidden' || style.clipPath !== 'none' || box.clientWidth === 0) continue;
        if (box.scrollWidth > box.clientWidth + 1) found.push(box.tagName + '.' + box.className + ': ' + box.textContent.slice(0, 60));
      }
      return found;
    }""")


def sizes_of(build):
    return json.loads((build / "server/page/sizes.json").read_text(encoding="utf-8"))
