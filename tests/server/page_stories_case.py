"""Stories of the pipeline and of a case: an interest from a match to an introduction, a colleague's change, one thing done with many."""
import json
import re

from page_views import settle, signed_in
from serving import Client


class CaseStories:
    """Mixed into the tests of page_test.py, whose visit(), port and browser they use. Each has a pair of profiles of its own."""

    def call(self, method, target, body=None):
        client = Client(self.port())
        self.addCleanup(client.close)
        status, _, answer = client.call(method, target, body)
        self.assertIn(status, (200, 201), answer)
        return answer

    def interest(self, one, other, desk="awa"):
        return self.call("POST", f"/v1/cases?desk={desk}", {"kind": "interest", "from": one, "to": other, "programme": "open",
                                                            "facts": {"cooperation": "training"}})["id"]

    def act(self, page, name):
        page.get_by_role("radio", name=name).check()

    def go_on(self, page):
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("group", name="Before it goes").wait_for()
        return page.get_by_role("group", name="Before it goes").inner_text()

    def send(self, page):
        page.get_by_role("button", name=re.compile("^Send:")).click()
        page.wait_for_selector(".notice.good")
        settle(page)

    def officer(self, server, base, desk, office):
        """A browser of that desk's officer."""
        client = Client(server.port, server.token)
        status, _, made = client.call("POST", "/v1/tokens", {"role": "officer", "office": office, "desk": desk, "label": desk})
        client.close()
        self.assertEqual(status, 201, made)
        context = self.new_context()
        page = signed_in(context, base, made["token"])
        page.goto(base + "/")
        settle(page)
        return page

    def test_an_interest_goes_from_a_match_to_an_introduction_with_contacts(self):
        server, base = self.guarded_server("casework")
        awa, huber = self.officer(server, base, "awa", "dakar"), self.officer(server, base, "huber", "bonn")
        awa.goto(base + "/matches/p:joal/s:hikari")
        awa.get_by_role("link", name="Ask for an introduction").click()
        awa.get_by_label("Cooperation").select_option("joint_venture")
        awa.get_by_label("What is missing").fill("The price of one unit")
        awa.reload()  # what was typed stays
        settle(awa)
        self.assertEqual(awa.get_by_label("What is missing").input_value(), "The price of one unit")
        awa.get_by_role("button", name="Go on").click()
        awa.wait_for_selector("form .notice")
        self.assertIn("Huber (Bonn)", awa.inner_text("form .notice"))
        awa.get_by_role("button", name=re.compile("^Send:")).click()
        awa.wait_for_url("**/cases/i-*")
        settle(awa)
        self.assertIn("Coopérative de Joal asks to meet 光冷蔵", awa.inner_text("h1"))
        self.assertIn("working days", awa.inner_text("main"))

        huber.goto(awa.url)
        settle(huber)
        self.assertIn("It is with you.", huber.inner_text("main"))
        self.act(huber, "Accept")
        self.assertIn("Awa (Dakar)", self.go_on(huber))
        self.send(huber)
        huber.get_by_role("link", name="A case was opened by it").click()
        settle(huber)
        self.assertIn("Bonn: yours", huber.inner_text("aside"))
        self.act(huber, re.compile("Turn the key"))
        self.go_on(huber)
        self.send(huber)
        self.assertRegex(huber.inner_text("aside"), r"Bonn, \w+ \d+")
        self.assertEqual(huber.locator("#contacts").count(), 0)
        awa.goto(huber.url)
        settle(awa)
        self.act(awa, re.compile("Turn the key"))
        self.go_on(awa)
        self.send(awa)
        self.assertIn("Both keys are turned", awa.inner_text("aside"))
        huber.reload()
        settle(huber)
        self.assertIn("joal@example.org", huber.inner_text("section[aria-labelledby=contacts]"))

    def test_a_refusal_has_a_reason_and_whoever_asked_is_told_whom_to_ask_instead(self):
        case = self.interest("p:joal", "s:freddo")
        page = self.visit(f"/cases/{case}?desk=huber")
        self.act(page, "Decline, with a reason")
        page.get_by_role("button", name="Go on").click()
        self.assertTrue(page.get_by_label("Reason", exact=True).evaluate("(one) => one.matches(':invalid')"))
        page.get_by_label("Reason", exact=True).select_option("other_country")
        self.assertIn("declined", self.go_on(page))
        self.send(page)
        self.assertIn("you do not work with this country", page.inner_text(".notice.good"))
        page.get_by_role("button", name="Not now").click()
        page = self.visit(f"/cases/{case}?desk=awa")
        self.assertIn("another country is looked for", page.inner_text("main"))
        self.assertGreater(page.locator("section[aria-labelledby=instead] li").count(), 0)

    def test_a_change_of_a_colleague_is_shown_beside_what_was_written_and_nothing_is_lost(self):
        case = self.interest("o:01", "p:tema", "huber")
        page = self.visit(f"/cases/{case}?desk=awa", heard=False)
        self.act(page, "Decline, with a reason")
        page.get_by_label("Reason", exact=True).select_option("no_capacity")
        page.get_by_role("textbox", name=re.compile("Note")).fill("Until the summer we have no engineer")
        self.call("POST", f"/v1/cases/{case}:receive?desk=mbaye", {})
        page.get_by_role("button", name="Go on").click()
        told = page.locator("section[aria-labelledby=meanwhile]")
        told.wait_for()
        for text in ("no capacity at present", "Until the summer", "Acknowledge receipt", "Mbaye", "received"):
            self.assertIn(text, told.inner_text())
        page.reload()
        settle(page)
        self.assertEqual(page.get_by_role("textbox", name=re.compile("Note")).input_value(), "Until the summer we have no engineer")
        self.assertIn("Acknowledge receipt", told.inner_text())
        page.get_by_role("button", name="I have seen it").click()
        told.wait_for(state="detached")
        self.go_on(page)
        self.send(page)
        self.assertIn("Until the summer", page.inner_text("section[aria-labelledby=history]"))

    def test_what_became_impossible_meanwhile_says_so_and_keeps_the_text(self):
        case = self.interest("o:02", "p:praia", "huber")
        page = self.visit(f"/cases/{case}?desk=awa", heard=False)
        self.act(page, "Ask something back")
        page.get_by_role("textbox", name="Note").fill("Which size?")
        self.call("POST", f"/v1/cases/{case}:withdraw?desk=huber", {})
        page.get_by_role("button", name="Go on").click()
        page.locator("section[aria-labelledby=meanwhile]").wait_for()
        self.assertIn("withdrawn", page.inner_text("section[aria-labelledby=meanwhile]"))
        self.assertIn("Which size?", page.inner_text("section[aria-labelledby=meanwhile]"))

    def test_a_filter_says_how_many_it_hides(self):
        page = self.visit("/pipeline?desk=awa")
        all_cards = page.locator(".column li").count()
        page.get_by_role("link", name=re.compile("^Late")).click()
        settle(page)
        self.assertIn("state=late", page.url)
        self.assertIn("hidden by the filters", page.inner_text("main"))
        page.get_by_role("link", name="Take all away").click()
        settle(page)
        self.assertEqual(page.locator(".column li").count(), all_cards)
        page.go_back()
        settle(page)
        self.assertIn("hidden by the filters", page.inner_text("main"))

    def test_many_are_handed_over_after_a_look_and_taken_back(self):
        cases = [self.interest("o:03", "p:tema", "huber"), self.interest("o:04", "p:praia", "huber")]
        page = self.visit("/pipeline?view=table&desk=huber")
        for name in ("Tools and Mills 4", "Tools and Mills 5"):
            page.get_by_role("checkbox", name=re.compile(f"Choose: .*{name}.* –")).check()
        page.get_by_label("Desk", exact=True).select_option("maier")
        page.get_by_role("button", name="See what would be").click()
        page.get_by_text("2 would be done.").wait_for()
        self.assertIn("Maier (Bonn)", page.inner_text("form table"))
        page.get_by_role("button", name="Do it with 2 cases").click()
        undo = page.get_by_role("button", name="Take back")
        undo.wait_for()
        whose = lambda: {self.call("GET", f"/v1/cases/{case}")["desks"]["asking"]["desk"] for case in cases}
        self.assertEqual(whose(), {"maier"})
        undo.click()
        page.get_by_text("2 put back.").wait_for()
        self.assertEqual(whose(), {"huber"})

    def hand_over_two(self, *numbers):
        """Two cases of Huber's handed to Maier in the pipeline; the page, and whose they are."""
        cases = [self.interest(f"o:{number:02}", "p:tema", "huber") for number in numbers]
        page = self.visit("/pipeline?view=table&desk=huber", heard=False)
        for number in numbers:
            page.get_by_role("checkbox", name=re.compile(f"Choose: .*Tools and Mills {number + 1} –")).check()
        page.get_by_label("Desk", exact=True).select_option("maier")
        page.get_by_role("button", name="See what would be").click()
        page.get_by_role("button", name="Do it with 2 cases").click()
        page.get_by_role("button", name="Take back").wait_for()
        return page, lambda: {self.call("GET", f"/v1/cases/{case}")["desks"]["asking"]["desk"] for case in cases}

    def test_what_was_done_with_many_is_taken_back_after_a_reload_too(self):
        page, whose = self.hand_over_two(10, 11)
        page.reload()
        undo = page.get_by_role("button", name="Take back")
        undo.wait_for()
        self.assertIn("2 done.", page.inner_text(".toast"))
        # The server is gone for a moment: the offer stays.
        page.route("**/v1/bulk/*", lambda route: route.abort())
        undo.click()
        page.locator(".toast").filter(has_text="does not answer").wait_for()
        kept = page.evaluate("sessionStorage.getItem('bulk')")
        self.assertIn('"done":2', kept)
        page.unroute("**/v1/bulk/*")
        undo.click()
        page.get_by_text("2 put back.").wait_for()
        self.assertEqual(whose(), {"huber"})
        page.reload()
        settle(page)
        self.assertEqual(undo.count(), 0)

    def test_an_offer_to_take_back_ends_when_it_is_put_away_or_no_longer_possible(self):
        page, whose = self.hand_over_two(14, 15)
        kept = page.evaluate("sessionStorage.getItem('bulk')")
        page.locator(".toast").get_by_role("button", name="Put this message away").click()
        page.reload()
        settle(page)
        undo = page.get_by_role("button", name="Take back")
        self.assertEqual((undo.count(), whose()), (0, {"maier"}))
        page.evaluate("(kept) => sessionStorage.setItem('bulk', kept)", kept)
        self.call("POST", f"/v1/bulk/{json.loads(kept)['id']}:undo?desk=huber")
        page.reload()
        undo.click()
        page.locator(".toast").filter(has_not=undo).wait_for()
        self.assertIsNone(page.evaluate("sessionStorage.getItem('bulk')"))

    def test_one_is_moved_by_its_form_over_the_board_by_keyboard_alone(self):
        case = self.interest("o:05", "p:joal", "huber")
        page = self.visit("/pipeline?desk=awa&owner=me")
        link = page.get_by_role("link", name=re.compile("Move or note ?: .*Mills 6"))
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="Acknowledge receipt").focus()
        page.keyboard.press("Space")
        dialog.get_by_role("button", name="Go on").focus()
        page.keyboard.press("Enter")
        dialog.get_by_role("group", name="Before it goes").wait_for()
        dialog.get_by_role("button", name=re.compile("^Send:")).focus()
        page.keyboard.press("Enter")
        dialog.wait_for(state="detached")
        settle(page)
        self.assertNotIn("move=", page.url)
        self.assertEqual(self.call("GET", f"/v1/cases/{case}")["state"], "received")
