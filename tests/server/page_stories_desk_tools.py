"""What an officer does beside searching: compares, keeps a country's brief, takes a workbook in. Mixed into page_test.py's Page."""
import io
import re
import zipfile
from xml.sax.saxutils import escape

import page_stage
from page_stories_admin import call, open_at
from page_views import settle, signed_in

COMPARED = "/compare?for=p:casamance&id=s:nordfrost&id=s:soleil"
BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
ROWS = [["id", "kind", "title", "country", "lang", "roles", "offers"],
        ["x:new", "company", "Neue Pumpen", "DE", "de", "technology_supplier", "Pumpen für tiefe Brunnen"],
        ["", "company", page_stage.SCRIPT, "FR", "fr", "technology_supplier", "Moulins à grain"],
        ["x:wrong", "company", "Nowhere Ltd", "XX", "en", "technology_supplier", "Mills"]]


def workbook(rows):
    """The bytes of a workbook with one sheet, packed as spreadsheet programs do."""
    def cell(column, number, text):
        return f'<c r="{chr(ord("A") + column)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    body = "".join(f'<row r="{n}">' + "".join(cell(i, n, text) for i, text in enumerate(row)) + "</row>" for n, row in enumerate(rows, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
                               '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{BOOK}" xmlns:r="{OFFICE}"><sheets><sheet name="Profiles" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{BOOK}"><sheetData>{body}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


class DeskToolStories:
    def test_compare_shows_what_differs_and_keeps_notes(self):
        page = self.visit(COMPARED)
        heads = page.locator("main thead th").all_inner_texts()
        self.assertEqual(heads, ["What", "Nordfrost Kältetechnik", "Soleil Froid"])
        names = page.locator("main tbody th").all_inner_texts()
        self.assertIn("Country", names)
        self.assertNotIn("Kind", names)  # both are companies
        page.get_by_role("link", name="All rows").click()
        page.get_by_role("rowheader", name="Kind").wait_for()
        page.get_by_label(re.compile("Note on .*Soleil Froid")).fill("asked in Accra")
        page.reload()
        settle(page)
        self.assertEqual(page.get_by_label(re.compile("Note on .*Soleil Froid")).input_value(), "asked in Accra")
        page.get_by_role("link", name="Freddo Mare Impianti").click()
        page.wait_for_function("() => document.querySelectorAll('main thead th').length === 4")
        page.get_by_role("link", name=re.compile("^Take out.*Nordfrost")).click()
        page.wait_for_function("() => document.querySelectorAll('main thead th').length === 3")
        page.go_back()
        page.wait_for_function("() => document.querySelectorAll('main thead th').length === 4")
        page.emulate_media(media="print")
        self.assertFalse(page.get_by_role("link", name=re.compile("^Take out")).first.is_visible())
        self.assertTrue(page.locator("main table").is_visible())

    def test_an_office_keeps_a_section_of_a_brief_and_a_colleagues_text_is_shown_first(self):
        server, base = self.guarded_server("briefs")
        _, made = call(server, "POST", "/v1/tokens", {"role": "officer", "office": "dakar", "desk": "awa"})
        page = signed_in(self.new_context(), base, made["token"])
        open_at(page, base + "/countries/GM")
        page.get_by_role("link", name="+ Taxes and duties").click()
        page.get_by_label("English").fill("Corporate tax is 30 per cent.")
        page.get_by_role("button", name="+ French").click()
        page.get_by_label("Français").last.fill("L’impôt sur les sociétés est de 30 %.")
        page.get_by_role("button", name="Add a source").click()
        page.get_by_label("Source 1: title").fill("Code général des impôts")
        page.get_by_label("Source 1: address").fill("https://example.org/cgi")
        page.get_by_label("Source 1: date").fill("2025-01-01")
        page.reload()  # what was typed stays
        settle(page)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/countries/GM")
        page.get_by_text("Corporate tax is 30 per cent.").wait_for()
        self.assertEqual(page.get_by_role("link", name="Code général des impôts").get_attribute("rel"), "noopener noreferrer external")
        page.get_by_role("link", name=re.compile("^Edit")).click()
        page.get_by_label("English").fill("It is 30 %.")
        self.assertEqual(page.get_by_label("Français").last.input_value(), "L’impôt sur les sociétés est de 30 %.")
        address = "/v1/countries/GM/brief/tax"
        self.assertEqual(call(server, "PUT", address, {"en": "It is 25 % since today."}, made["token"])[0], 200)
        page.get_by_role("button", name="Save").click()
        page.get_by_text("It is 25 % since today.").wait_for()
        self.assertEqual(page.get_by_label("English").input_value(), "It is 30 %.")
        page.get_by_role("button", name="Put mine in its place").click()
        page.wait_for_url("**/countries/GM")
        page.get_by_text("It is 30 %.").wait_for()
        _, other = call(server, "POST", "/v1/tokens", {"role": "officer", "office": "bonn", "desk": "huber"})
        stranger = signed_in(self.new_context(), base, other["token"])
        open_at(stranger, base + "/countries/GM")
        self.assertEqual(stranger.get_by_role("link", name=re.compile("^Edit")).count(), 0)  # another office keeps it

    def test_a_workbook_is_taken_in_once_and_comes_back_with_its_verdicts(self):
        server, base = self.guarded_server("workbooks")
        page = signed_in(self.new_context(), base, server.token)
        open_at(page, base + "/import")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download the workbook").click()
        self.assertEqual(waiting.value.suggested_filename, "profiles-en.xlsx")
        sent = []
        page.on("request", lambda request: request.method == "POST" and ":import" in request.url and sent.append(request.url))
        book = {"name": "autumn.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(ROWS)}
        page.get_by_label("Workbook or file").set_input_files(book)
        page.get_by_role("button", name="Take it in").click()
        page.get_by_role("heading", name=re.compile("autumn.xlsx.*3 rows")).wait_for()
        self.assertEqual(len(sent), 1)
        rows = page.locator("main tbody tr").all_inner_texts()
        self.assertEqual([re.split(r"\s*\t\s*", row)[0] for row in rows], ["2", "3", "4"])
        self.assertIn("new", rows[0])
        self.assertIn(page_stage.SCRIPT, rows[1])
        self.assertIn("refused", rows[2])
        self.assertIn("`XX`", rows[2])
        page.get_by_role("link", name="refused 1").click()
        page.wait_for_function("() => document.querySelectorAll('main tbody tr').length === 1")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download it with the verdicts").click()
        with zipfile.ZipFile(waiting.value.path()) as archive:
            self.assertIn("`XX`", archive.read("xl/worksheets/sheet1.xml").decode())
        self.assertEqual(call(server, "GET", "/v1/profiles/x:new")[0], 200)

    def test_lines_of_csv_and_of_json_are_told_row_by_row(self):
        server, base = self.guarded_server("lines")
        page = signed_in(self.new_context(), base, server.token)
        text = "\n".join(";".join(row[:2] + ['"' + row[2].replace('"', '""') + '"'] + row[3:]) for row in ROWS)
        lines = '{"id":"x:json","kind":"company","title":"Lines","country":"DE","lang":"en","offers":"Pumps"}\n{"id":"x:bad"}\n'
        for name, content, told in (("rows.csv", text, ["new", "new", "refused"]), ("rows.jsonl", lines, ["new", "refused"])):
            open_at(page, base + "/import")
            page.get_by_label("Workbook or file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content.encode()})
            page.get_by_role("button", name="Take it in").click()
            page.get_by_role("heading", name=name).wait_for()
            self.assertEqual(page.locator("main tbody td:nth-child(3)").all_inner_texts(), told)
        page.get_by_label("Workbook or file").set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"})
        page.get_by_role("button", name="Take it in").click()
        page.get_by_text("It must end in .xlsx").wait_for()
