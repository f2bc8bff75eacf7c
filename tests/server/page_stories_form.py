"""Stories of writing: a profile with its checks, two who write the same, a company without an account, a review, versions."""
import email
import email.policy
import re
import time
import urllib.parse

from page_views import settle
from serving import Client

CHECKED = re.compile("and on the server")


def letter_to(data, reader):
    """The text of the last letter to this reader in the spool of `data`."""
    for _ in range(600):
        letters = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sorted((data / "outbox" / "new").glob("*"))]
        found = [one.get_body().get_content() for one in letters if reader in one["To"]]
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {reader}")


class FormStories:
    """Mixed into the tests of page_test.py."""

    def saved(self, page):
        """What was typed is on the server, and what it found is shown."""
        page.get_by_text(CHECKED).wait_for()
        settle(page)

    def step(self, page, name):
        page.get_by_role("list", name="Steps").get_by_role("link", name=name).click()
        page.get_by_role("form", name=name).wait_for()

    def test_a_profile_is_checked_as_it_is_written_and_nothing_typed_is_lost(self):
        page = self.visit("/profiles/new")
        page.get_by_label("Kind (needed)").select_option("company")
        page.get_by_label("Name, as everybody").fill("Coopérative de Joal")
        page.get_by_label("Country (needed)").select_option("SN")
        self.saved(page)
        page.get_by_text("A profile of this name is there already").wait_for()
        page.get_by_text("counterparts would see it").wait_for()
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("What do you seek?").fill("Call me: +221 33 800 00 00")
        page.reload()  # before it is saved anywhere but here
        settle(page)
        self.assertEqual(page.get_by_label("What do you seek?").input_value(), "Call me: +221 33 800 00 00")
        page.wait_for_selector("mark")
        self.assertEqual(page.inner_text("mark"), "+221 33 800 00 00")
        page.locator("#language").select_option("ar")
        page.wait_for_function("() => document.documentElement.dir === 'rtl'")
        page.wait_for_selector("mark")
        self.assertIn("رقم هاتف", page.inner_text("main"))
        page.locator("#language").select_option("en")
        page.wait_for_function("() => document.documentElement.lang === 'en'")

        self.step(page, "Contact and consent")
        page.get_by_role("button", name="Hand in").click()
        problems = page.locator(".problems")
        problems.wait_for()
        self.assertIn("1 thing to mend", problems.inner_text())
        self.assertTrue(problems.evaluate("(box) => box === document.activeElement"))
        problems.get_by_role("link").click()
        page.wait_for_function("() => document.activeElement?.id === 'f-seeks'")
        page.keyboard.press("Control+A")
        page.keyboard.type("Ice machines of five tonnes a day")
        page.wait_for_selector("mark", state="detached")
        self.step(page, "Contact and consent")
        page.get_by_role("button", name="Hand in").click()
        page.wait_for_url(re.compile("/profiles/p-"))
        settle(page)
        self.assertIn("Ice machines of five tonnes a day", page.inner_text("main"))
        page.goto(page.url.split("/profiles")[0] + "/profiles/new")
        settle(page)
        self.assertEqual(page.get_by_label("Name, as everybody").input_value(), "")

    def test_two_who_change_one_profile_choose_member_by_member(self):
        page = self.visit("/profiles/o:01/edit?step=2", heard=False)  # a 412 is no fault
        page.get_by_label("What do you seek?").fill("Distributors with a workshop")
        page.get_by_role("checkbox", name="franchise").check()
        there = self.call("GET", "/v1/profiles/o:01")
        self.call("PUT", "/v1/profiles/o:01", {**there, "seeks": "Distributors in ten cities", "capacity": 9})
        self.step(page, "Contact and consent")
        page.get_by_role("button", name="Save the changes").click()
        choice = page.get_by_role("alert").filter(has_text="Somebody changed this profile")
        choice.wait_for()
        self.assertIn("Distributors in ten cities", choice.inner_text())
        self.assertIn("Introductions at once", choice.inner_text())  # which only the other changed
        self.assertIn("1 choice is left", choice.inner_text())
        choice.get_by_role("radio", name="Yours").check()
        choice.get_by_role("button", name="Go on with these").click()
        page.get_by_role("button", name="Save the changes").click()
        page.wait_for_url(re.compile("/profiles/o:01$|/profiles/o%3A01$"))
        now = self.call("GET", "/v1/profiles/o:01")
        self.assertEqual((now["seeks"], now["capacity"], now["cooperation"]), ("Distributors with a workshop", 9, ["franchise"]))

    def test_a_company_writes_without_an_account_and_follows_its_profile(self):
        server, base = self.guarded_server("company")
        client = Client(server.port, server.token)
        known = client.call("GET", "/v1/offices/dakar")[2]  # letters have a sender
        status, _, answer = client.call("PUT", "/v1/offices/dakar", {"office": {**known["office"], "mail": "dakar@office.example"}, "desks": known["desks"]})
        self.assertEqual(status, 200, answer)
        client.close()
        company = self.new_context().new_page()
        company.goto(base + "/drafts/new")
        settle(company)
        self.assertEqual(company.get_by_role("dialog").count(), 0)  # nobody asks for a key
        company.get_by_label("Kind (needed)").select_option("project")
        company.get_by_label("Country (needed)").select_option("SN")
        name = company.get_by_label("Name, as everybody")
        name.focus()
        company.keyboard.type("Ice for all", delay=40)
        company.wait_for_url(re.compile("/drafts/p-"))
        company.keyboard.type(" of Joal", delay=40)  # the form is the same one, under its own address
        self.saved(company)
        self.assertEqual(name.input_value(), "Ice for all of Joal")
        self.assertNotIn("cpd_", company.url)
        link = company.get_by_role("textbox", name="Your secret link").input_value()
        self.assertIn("#cpd_", link)
        lost = self.new_context().new_page()  # without the part behind the #
        lost.goto(base + link.split(str(server.port))[-1].split("#")[0] if str(server.port) in link else link.split("#")[0])
        lost.get_by_role("heading", name="opened by its secret link").wait_for()
        other = self.new_context().new_page()
        other.goto(link)
        settle(other)
        self.assertEqual(other.get_by_label("Name, as everybody").input_value(), "Ice for all of Joal")
        self.assertNotIn("cpd_", other.url)
        self.step(other, "Offer and seek")
        other.get_by_label("What do you seek?").fill("A machine of five tonnes of ice a day")
        self.step(other, "Contact and consent")
        other.get_by_label("Email").fill("joal@example.org")
        other.get_by_role("button", name="Send the letter").click()
        other.get_by_text("The letter is on its way").wait_for()
        letter = letter_to(self.data_of("company"), "joal@example.org")
        confirming = self.new_context().new_page()
        confirming.goto(base + re.search(r"/#confirm=\S+", letter)[0])
        confirming.get_by_role("button", name="Yes, this address is mine").click()
        confirming.get_by_text("The address is confirmed").wait_for()
        other.get_by_role("button", name="look again").click()
        other.get_by_text("Confirmed", exact=True).wait_for()
        other.get_by_role("button", name="Hand in to be reviewed").click()
        other.get_by_text("With the office:").wait_for()
        company.reload()
        company.get_by_text("With the office:").wait_for()

        mbaye = self.officer(server, base, "mbaye", "dakar")
        case = re.search(r"p-\d{6}", mbaye.evaluate(
            "fetch('/v1/reviews?open=true').then((answer) => answer.text())"
            ".then((text) => JSON.parse(text).cases.find((one) => one.from.title === 'Ice for all of Joal').id)"))[0]
        mbaye.goto(f"{base}/reviews/{case}")
        settle(mbaye)
        for criterion in ("advantages", "clarity", "cooperation", "rules"):
            mbaye.get_by_role("radio", name=re.compile(f"^.?{criterion}.*4.* of 5")).check()
        mbaye.get_by_role("button", name="Publish").click()
        mbaye.get_by_role("dialog").get_by_role("button", name="Do it").click()
        mbaye.get_by_text("published", exact=True).first.wait_for()
        company.reload()
        company.get_by_text("Version 1 is published since").wait_for()
        company.get_by_role("button", name="Erase for good").click()
        company.get_by_role("dialog").get_by_role("button", name="Erase for good").click()
        company.get_by_role("heading", name="Receipt: it is erased").wait_for()

    def test_a_review_asks_for_what_it_needs_and_sends_back_with_comments_beside_the_members(self):
        page = self.visit("/reviews/{p:ice}?desk=mbaye")
        page.get_by_role("button", name="Publish").click()
        self.assertIn("Give points to each of the four", page.get_by_role("alert").inner_text())
        page.locator("summary").filter(has_text=re.compile("Comment on: .?Seeks")).click()
        page.get_by_label(re.compile("Seeks.*what is to be mended")).fill("Of which size?")
        page.reload()
        settle(page)
        self.assertEqual(page.get_by_label(re.compile("Seeks.*what is to be mended")).input_value(), "Of which size?")
        page.get_by_role("button", name="Send back").click()
        told = page.get_by_role("dialog")
        told.wait_for()
        self.assertIn("Awa", told.inner_text())  # who would be written to
        told.get_by_role("button", name="Do it").click()
        page.locator("header .badge", has_text="to be revised").wait_for()
        self.assertIn("Of which size?", page.inner_text("aside"))
        page.get_by_role("link", name="Mend the text").click()
        settle(page)
        self.assertIn("not published yet", page.inner_text("main"))
        self.assertIn("Ice for Joal", page.get_by_label("Name, as everybody").input_value())

    def test_versions_tell_what_changed_word_by_word_and_an_old_one_comes_back(self):
        page = self.visit("/profiles/o:00/versions")
        page.get_by_role("link", name=re.compile("from .?2.? to .?3")).click()
        page.wait_for_selector("ins")
        self.assertIn("for ten years", page.inner_text("ins >> nth=0"))
        self.assertTrue(page.url.endswith("/versions/2..3"))
        page.get_by_label("From version").select_option("1")
        page.wait_for_url("**/versions/1..3")
        settle(page)
        page.get_by_role("button", name=re.compile("Make version .?1.? the next one")).click()
        page.get_by_role("dialog").get_by_role("button", name="Make it the next one").click()
        page.get_by_text(re.compile("Version .?4")).first.wait_for()
        self.assertEqual(self.call("GET", "/v1/profiles/o:00")["offers"], "Grain mills and oil presses, line 1")

    def test_each_day_has_a_label_and_stands_in_words_beside_its_field(self):
        addresses = {"/admin/offices?office=dakar": 2, "/admin/desks?desk=awa": 3, "/profiles/p:tema/edit?step=3": 1}
        for language, month in {"en": "Dec", "fr": "déc", "es": "dic", "ar": "ديسمبر", "zh": "12月", "ru": "дек"}.items():
            page = self.visit("/", language)
            for address, least in addresses.items():
                page.goto(urllib.parse.urljoin(page.url, address))
                settle(page)
                page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                fields = page.locator("main input[type=date]")
                with self.subTest(address=address, language=language):
                    self.assertGreaterEqual(fields.count(), least)
                    names = fields.evaluate_all("(all) => all.map((one) => one.ariaLabel || one.labels[0]?.textContent || '')")
                    self.assertTrue(all(names) and len(set(names)) == len(names), names)
                    for i in range(fields.count()):
                        # By script: who may not change it sees it all the same.
                        fields.nth(i).evaluate("(one) => { one.value = '2026-12-03'; one.dispatchEvent(new Event('input', {bubbles: true})); }")
                        page.wait_for_function("(one) => one.nextElementSibling.textContent", arg=fields.nth(i).element_handle(), timeout=5000)
                        beside = fields.nth(i).locator("xpath=following-sibling::output").inner_text()
                        self.assertIn(month, beside)
                        self.assertIn("2026", beside)
            page.context.close()
