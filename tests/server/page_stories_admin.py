"""What an administrator does with the page instead of a shell: access, offices, absences, letters, the audit log, backups.
Mixed into page_test.py's Page, which has guarded_server() and new_context()."""
import json
import pathlib
import re
import tempfile

from page_views import WIDTHS, axe_of, settle, signed_in, too_wide
from serving import Client

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GUARDED = ["/admin/access", "/admin/access?new=1", "/admin/offices?new=1", "/admin/desks?new=1", "/admin/letters?state=all", "/admin/network", "/admin/audit",
           "/admin/system", "/countries/SN?edit=agencies", "/import"]


def open_at(page, address):
    page.goto(address)
    settle(page)
    return page


def call(server, method, target, body=None, token=None):
    client = Client(server.port, token or server.token)
    try:
        status, _, answer = client.call(method, target, body)
    finally:
        client.close()
    return status, answer


class Office:
    """One of a network, on sticks. Where a server has the directory, the verbs ask it."""

    def __init__(self, program, data, name, profiles=()):
        self.program, self.data, self.name, self.place = program, data, name, data.parent / (name + "-sticks")
        self.place.mkdir()
        if profiles:
            directory = {"offices": [{"id": name, "name": name.title(), "languages": ["en"], "head": name + "-a", "duty": True,
                                      "working_time": {"country": "NG", "time_zone": "Africa/Lagos"}}],
                         "desks": [{"id": name + "-a", "name": "Desk A", "language": "en", "office": name}]}
            (self.place / "offices.json").write_text(json.dumps(directory))
            self.run("office", "import", str(self.place / "offices.json"))
            self.take_in(profiles)
        self.run("network", "join", "--office", name, "--name", "ITPO " + name.split("-")[0].title())
        self.run("network", "card", "--output", str(self.place / "card"))

    def run(self, *words):
        done = self.program.run(self.data, *words)
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr}"

    def take_in(self, profiles):
        (self.place / "rows.jsonl").write_text("".join(json.dumps(one) + "\n" for one in profiles))
        self.run("import", str(self.place / "rows.jsonl"))

    def meet(self, other):
        self.run("network", "add", str(other.place / "card"))
        other.run("network", "add", str(self.place / "card"))

    def hand_over(self, other):
        stick = pathlib.Path(tempfile.mkdtemp(dir=self.place))
        self.run("network", "export", "--to", other.name, str(stick))
        other.run("network", "apply", *(str(file) for file in sorted(stick.iterdir())))


class AdminStories:
    def administrator(self, name):
        server, base = self.guarded_server(name)
        return server, base, signed_in(self.new_context(), base, server.token)

    def test_what_only_an_administrator_sees_is_accessible_and_fits(self):
        server, base, page = self.administrator("admin-look")
        look = axe_of(SOURCE)
        for address in GUARDED:
            for language in ("en", "ar"):
                open_at(page, base + "/")
                page.evaluate("(language) => localStorage.setItem('language', language)", language)
                open_at(page, base + address)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    with self.subTest(view=address, language=language, width=width):
                        self.assertNotIn("⟨", page.inner_text("body"))
                        self.assertEqual(too_wide(page), [])
                        self.assertEqual(look(page), [])
                        page.emulate_media(color_scheme="dark")
                        self.assertEqual(look(page, ["color-contrast"]), [])
                        page.emulate_media(color_scheme="light")

    def test_a_person_is_let_in_by_a_link_and_out_again(self):
        server, base, page = self.administrator("admin-links")
        open_at(page, base + "/admin/access?new=1")
        page.get_by_label("Person or system").fill("A. Ndiaye")
        page.get_by_label("Office", exact=True).select_option("dakar")
        page.get_by_label("Desk", exact=True).select_option("awa")
        page.get_by_role("button", name="Make the link").click()
        link = page.get_by_label("Link", exact=True).input_value()
        self.assertIn("/sign-in#", link)
        page.get_by_text("link not opened yet, until").wait_for()
        status, begun = call(server, "POST", "/v1/session", {"secret": link.split("#")[1]})
        self.assertEqual((status, begun["desk"]), (201, "awa"))
        page.reload()
        settle(page)
        self.assertEqual(page.get_by_label("Link", exact=True).count(), 0)
        page.get_by_text("link opened").wait_for()
        page.get_by_role("button", name=re.compile("^End.*A. Ndiaye")).click()
        page.get_by_role("button", name=re.compile("^End.*A. Ndiaye")).wait_for(state="detached")
        page.get_by_role("button", name=re.compile("^New link.*A. Ndiaye")).click()
        self.assertNotEqual(page.get_by_label("Link", exact=True).input_value(), link)

    def test_access_is_given_shown_once_and_taken_away(self):
        server, base, page = self.administrator("admin-access")
        open_at(page, base + "/admin/access")
        page.get_by_role("link", name="Give access").click()
        page.get_by_label("Person or system").fill("M. Sarr")
        page.get_by_label("Office", exact=True).select_option("dakar")
        page.get_by_label("Desk", exact=True).select_option("mbaye")
        page.get_by_label("By a key").check()
        page.reload()  # what was typed stays
        settle(page)
        self.assertEqual(page.get_by_label("Person or system").input_value(), "M. Sarr")
        page.get_by_role("button", name="Make the key").click()
        secret = page.get_by_label("access key").input_value()
        status, me = call(server, "GET", "/v1/me", token=secret)
        self.assertEqual((status, me["desk"]), (200, "mbaye"))
        open_at(page, base + "/admin/access")
        self.assertNotIn(secret, page.content())
        self.assertNotIn(secret, page.evaluate("JSON.stringify([localStorage, sessionStorage])"))
        page.get_by_role("button", name=re.compile("Take away.*M. Sarr")).click()
        page.get_by_role("dialog").get_by_role("button", name="Take away").click()
        page.wait_for_function("() => !document.querySelector('main table').innerText.includes('M. Sarr')")
        self.assertEqual(call(server, "GET", "/v1/me", token=secret)[0], 401)

    def test_an_office_is_made_and_changed_and_a_colleagues_change_is_not_lost(self):
        server, base, page = self.administrator("admin-offices")
        open_at(page, base + "/admin/offices?new=1")
        page.get_by_label("Short name", exact=True).fill("accra")
        page.get_by_label("Name", exact=True).fill("Accra")
        page.get_by_label("Country", exact=True).select_option("GH")
        page.get_by_label("Time zone").fill("Africa/Accra")
        page.get_by_label("Who heads it").fill("Kofi Mensah")
        page.get_by_label("Short name of that desk").fill("kofi")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Accra").click()
        page.get_by_label("Mail of the office").fill("accra@example.org")
        _, there = call(server, "GET", "/v1/offices/accra")
        there["office"]["name"] = "Accra (colleague)"
        self.assertEqual(call(server, "PUT", "/v1/offices/accra", there)[0], 200)
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Somebody changed this in the meantime").wait_for()
        self.assertIn("Accra (colleague)", page.inner_text("main form .warn"))
        page.get_by_role("button", name="Put mine in its place").click()
        page.wait_for_url("**/admin/offices")
        _, there = call(server, "GET", "/v1/offices/accra")
        self.assertEqual((there["office"]["mail"], there["office"]["name"]), ("accra@example.org", "Accra"))
        page.get_by_role("link", name="Accra").click()
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        page.wait_for_url("**/admin/offices")
        self.assertEqual(call(server, "GET", "/v1/offices/accra")[0], 404)

    def test_an_absence_shows_who_has_the_work_before_it_is_said(self):
        server, base, page = self.administrator("admin-desks")
        open_at(page, base + "/admin/desks")
        page.get_by_role("link", name="Awa", exact=True).click()
        page.get_by_label("First day").fill("2031-03-03")
        page.get_by_label("Last day").fill("2031-03-14")
        page.get_by_label("Who sits in").select_option("mbaye")
        page.get_by_text("its work is then with").wait_for()
        self.assertNotIn("absence", call(server, "GET", "/v1/desks/awa")[1])
        page.get_by_role("button", name="Say that it is away").click()
        page.get_by_role("button", name="It is back").wait_for()
        self.assertEqual(call(server, "GET", "/v1/desks/awa")[1]["absence"]["deputy"], "mbaye")
        page.get_by_role("button", name="It is back").click()
        page.get_by_role("button", name="It is back").wait_for(state="detached")
        self.assertNotIn("absence", call(server, "GET", "/v1/desks/awa")[1])

    def test_a_letter_that_did_not_leave_is_tried_again(self):
        server, base, page = self.administrator("admin-letters")
        open_at(page, base + "/admin/letters")
        page.get_by_role("button", name=re.compile("^Try again .*")).first.wait_for()
        self.assertIn("no mail address", page.inner_text("main"))
        page.get_by_role("link", name="Bonn").first.click()
        page.get_by_label("Mail of the office").fill("bonn@example.org")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/admin/offices")
        open_at(page, base + "/admin/letters?office=bonn")
        page.get_by_role("button", name=re.compile("^Try again.*Nordfrost")).click()
        page.get_by_text("1 letter is under way again").wait_for()
        _, letters = call(server, "GET", "/v1/outbox?office=bonn")
        self.assertNotEqual(next(one for one in letters["letters"] if one["office"] == "bonn")["state"], "refused")

    def test_the_audit_log_is_paged_from_its_end_and_narrowed_to_one(self):
        server, base, page = self.administrator("admin-audit")
        for days in range(1, 30):
            call(server, "POST", "/v1/tokens", {"role": "reader", "days": days})
        open_at(page, base + "/admin/audit")
        page.get_by_text(re.compile("The chain of .* entries is whole")).wait_for()
        rows = page.locator("main tbody tr")
        self.assertEqual(rows.count(), 50)
        self.assertIn("gave access", rows.first.inner_text())
        newest = int(rows.first.locator("th").inner_text())
        page.get_by_role("link", name="Older").click()
        settle(page)
        page.wait_for_function("(newest) => Number(document.querySelector('main tbody th').innerText) === newest - 50", arg=newest)
        page.get_by_label("Of which profile, case or key").fill("p:casamance")
        page.get_by_role("button", name="Search").click()
        page.wait_for_function("() => document.querySelectorAll('main tbody tr').length === 1")
        self.assertIn("stored the profile", rows.first.inner_text())

    def test_the_system_is_told_in_words_compared_and_backed_up(self):
        server, base, page = self.administrator("admin-system")
        open_at(page, base + "/admin/system")
        self.assertIn("never", page.inner_text("main"))
        page.get_by_role("button", name="Compare now").click()
        page.get_by_text("They agree:").wait_for()
        with tempfile.TemporaryDirectory() as folder:
            page.get_by_label("Folder").fill("no path")
            page.get_by_label("Folder").evaluate("field => field.removeAttribute('pattern')")
            page.get_by_role("button", name="Back up now").click()
            page.get_by_text("no absolute path").wait_for()
            page.get_by_label("Folder").fill(folder + "/copies")
            page.get_by_role("button", name="Back up now").click()
            page.get_by_text("is complete").wait_for()
            self.assertTrue(any(pathlib.Path(folder, "copies").iterdir()))

    def test_the_network_is_told_in_words_and_a_shared_case_says_whether_it_arrived(self):
        server, base, page = self.administrator("admin-network")
        open_at(page, base + "/admin/network")
        page.get_by_role("heading", name="This office works by itself").wait_for()
        self.assertIn("counterpart network join --office ID", page.inner_text("main"))
        bonn = Office(self.program(), self.data_of("admin-network"), "bonn-net")
        page.reload()
        page.get_by_role("heading", name="No other office is known yet").wait_for()
        lagos = Office(self.program(), self.data_of("lagos"), "lagos", [
            {"id": "l:ice", "kind": "company", "title": "Ice of Lagos", "country": "NG", "office": "lagos", "offers": "Ice plants for fish"}])
        bonn.meet(lagos)
        page.reload()
        card = page.locator("section.card", has=page.get_by_role("heading", name="ITPO Lagos"))
        card.get_by_text("everything, from the beginning").wait_for()
        self.assertIn("never", card.inner_text())
        for _ in range(2):
            lagos.hand_over(bonn)
            bonn.hand_over(lagos)
        lagos.hand_over(bonn)
        page.reload()
        card.get_by_text("nothing: it has everything").wait_for()
        self.assertRegex(card.inner_text(), r"Profiles\s+1\b")
        self.assertRegex(card.inner_text(), r"Here as of\s+(now|1 minute ago|[2-9] minutes ago)")
        page.get_by_text("none waits for an office").wait_for()

        status, sent = call(server, "POST", "/v1/interests?desk=huber", {"from": "s:nordfrost", "to": "l:ice", "programme": "open", "answers": {"cooperation": "joint_venture"}})
        self.assertIn(status, (200, 201), sent)
        open_at(page, base + f"/cases/{sent['id']}?desk=huber")
        page.get_by_text("Shared with").wait_for()
        page.get_by_text("waits to be sent, or is on its way").wait_for()
        bonn.hand_over(lagos)
        lagos.hand_over(bonn)
        page.reload()
        page.get_by_text("What was said here is there: confirmed on").wait_for()

        # An erasure whose receipt waits for that office, and a profile of it that cannot be taken in, for its id is taken.
        call(server, "POST", "/v1/erasures", {"profiles": ["o:05"]})
        taken = {"id": "x:taken", "kind": "company", "title": "The same id", "country": "NG", "offers": "Ice"}
        call(server, "PUT", "/v1/profiles/x:taken", taken)
        lagos.take_in([taken])
        lagos.hand_over(bonn)
        open_at(page, base + "/admin/network")
        page.get_by_text("1 profile: an office has not confirmed yet").wait_for()
        card.get_by_text("1 waits for it").wait_for()
        card.get_by_text("1 thing could not be taken in").wait_for()
        card.get_by_text("What, and why").click()
        card.get_by_text("x:taken").wait_for()
        look = axe_of(SOURCE)
        for language in ("ar", "ru"):
            page.evaluate("(language) => localStorage.setItem('language', language)", language)
            for address in ("/admin/network", f"/cases/{sent['id']}?desk=huber", "/profiles/l:ice"):
                open_at(page, base + address)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    with self.subTest(view=address, language=language, width=width):
                        self.assertNotIn("⟨", page.inner_text("body"))
                        self.assertEqual(too_wide(page), [])
                        self.assertEqual(look(page), [])

    def test_an_officer_sees_the_parts_of_the_administration_that_are_an_officers(self):
        server, base = self.guarded_server("admin-officer")
        _, made = call(server, "POST", "/v1/tokens", {"role": "officer", "office": "dakar", "desk": "mbaye"})
        page = signed_in(self.new_context(), base, made["token"])
        open_at(page, base + "/admin/desks?desk=mbaye")
        tabs = page.get_by_role("navigation", name="Parts of the administration")
        self.assertEqual(tabs.locator("a").all_inner_texts(), ["Offices", "Desks", "Letters", "Suitcases"])
        self.assertFalse(page.get_by_role("button", name="Save").is_visible())
        page.get_by_label("First day").fill("2031-05-05")
        page.get_by_label("Last day").fill("2031-05-09")
        page.get_by_label("Who sits in").select_option("awa")
        page.get_by_role("button", name="Say that it is away").click()
        page.get_by_role("button", name="It is back").wait_for()
        open_at(page, base + "/admin/access")
        page.get_by_text("This is not open to you").wait_for()
