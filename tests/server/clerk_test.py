"""A clerk's day: the office's workbook of 400 rows, in French, goes in with 30 faulty rows, comes back with verdicts, is mended
there and sent again, over HTTP and on the command line.

    clerk_test.py COUNTERPART SOURCE_DIR MODELS

Standard library only. Exit status 1 on the first answer that is another than expected.
"""
import csv
import io
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from xml.etree import ElementTree
from xml.sax.saxutils import escape

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HEADINGS = ["Identifiant", "nature", "Intitulé", "PAYS", "Offre", "Recherche", "Secteurs", "Rôles", "Coopération", "Courriel"]
SHEET = "xl/worksheets/sheet1.xml"
ROWS, FAULTY = 400, 30


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


def name_of(column):
    return chr(ord("A") + column)


def good_row(number):
    return [f"dk:{number}", "entreprise", f"Atelier {number}", "Sénégal", f"pompes solaires de {number} kW", "distributeurs",
            "C28", "Fournisseur de technologie; acheteur", "coentreprise" if number % 2 else "licence",
            f"atelier{number}@example.org"]


def faulty_row(number):
    row = good_row(number)
    if number % 3 == 0:
        row[3], row[7] = "Atlantide", "fournisseur de tout"
    elif number % 3 == 1:
        row[2], row[6] = "", "C99"
    else:
        row[1] = "boutique"
    return row


def rows_of_day():
    return [faulty_row(n) if n <= FAULTY else good_row(n) for n in range(1, ROWS + 1)]


def cell(row, column, text):
    return f'<c r="{name_of(column)}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""


def workbook(rows):
    """As an office keeps it: a second sheet, a drop-down list, a format of its own, a note of how far the sheet goes."""
    lines = "".join(f'<row r="{n}" spans="1:10">' + "".join(cell(n, c, text) for c, text in enumerate(row)) + "</row>"
                    for n, row in enumerate([HEADINGS] + rows, 1))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r">'
                           '<sheets><sheet name="Fiches" sheetId="1" r:id="a"/><sheet name="Notes" sheetId="2" r:id="b"/></sheets>'
                           '</workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/>'
                                      '<Relationship Id="b" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
                         '<xf numFmtId="0"/></cellXfs><dxfs count="0"/><tableStyles count="0"/></styleSheet>',
        SHEET: '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:J401"/>'
               f'<sheetData>{lines}</sheetData><autoFilter ref="A1:J401"/><dataValidations count="1"><dataValidation type="list" '
               'sqref="B2:B401"><formula1>"entreprise,projet,expert"</formula1></dataValidation></dataValidations></worksheet>',
        "xl/worksheets/sheet2.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>'
                                    '</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_of(data):
    """{row: {column: text}}"""
    found = {}
    for row in ElementTree.fromstring(parts_of(data)[SHEET]).iter(MAIN + "row"):
        cells = found.setdefault(int(row.get("r")), {})
        for one in row.iter(MAIN + "c"):
            cells[re.match("[A-Z]+", one.get("r"))[0]] = "".join(text.text or "" for text in one.iter(MAIN + "t"))
    return found


def mended(data):
    """The workbook that came back, its faulty cells written anew in place."""
    ElementTree.register_namespace("", MAIN[1:-1])
    parts = parts_of(data)
    root = ElementTree.fromstring(parts[SHEET])
    for row in root.iter(MAIN + "row"):
        number = int(row.get("r"))
        if not 2 <= number <= FAULTY + 1:
            continue
        kept = [one for one in row if re.match("[A-Z]+", one.get("r"))[0] > name_of(len(HEADINGS) - 1)]
        for one in list(row):
            row.remove(one)
        for column, text in enumerate(good_row(number - 1)):
            row.append(ElementTree.fromstring(cell(number, column, text).replace("<c ", f'<c xmlns="{MAIN[1:-1]}" ')))
        row.extend(kept)
    parts[SHEET] = ElementTree.tostring(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def check_answer(sent, answer):
    before, after = sheet_of(sent), sheet_of(answer)
    expect((after[1]["K"], after[1]["L"]) == ("Verdict", "À corriger"), after[1])
    for number, cells in before.items():
        expect({k: v for k, v in after[number].items() if k < "K"} == cells, f"row {number} is as it was sent: {after[number]}")
    verdicts = [after[n]["K"] for n in range(2, ROWS + 2)]
    expect(verdicts == ["refusé"] * FAULTY + ["nouveau"] * (ROWS - FAULTY), verdicts[:40])
    both = after[4]["L"]  # number 3: two faults at once, each with its member and what would be right
    expect("Pays: " in both and "Rôle 1: " in both and "`Atlantide`" in both and both.startswith("1) ") and "2) " in both, both)
    expect("L" not in after[ROWS], "nothing is said of a good row")
    parts = parts_of(answer)
    sheet = parts[SHEET].decode()
    expect("xl/worksheets/sheet2.xml" in parts and "entreprise,projet,expert" in sheet, "all else stays")
    expect(sheet.index("<autoFilter") < sheet.index("<conditionalFormatting") < sheet.index("<dataValidations"), "in order")
    expect('"A2:L2 ' in sheet and "<dxf>" in parts["xl/styles.xml"].decode() and "D4" in sheet, "faulty rows are coloured")


def check_mended(answer):
    after = sheet_of(answer)
    expect(sorted(after[1])[-1] == "L", after[1])
    verdicts = [after[n]["K"] for n in range(2, ROWS + 2)]
    expect(verdicts == ["nouveau"] * FAULTY + ["inchangé"] * (ROWS - FAULTY), verdicts[:40])
    expect("<conditionalFormatting" not in parts_of(answer)[SHEET].decode(), "no row is coloured any more")


class Directory:
    def __init__(self, folder):
        self.folder = folder
        self.options = ["--data", str(folder / "data"), "--datasets", SOURCE + "/datasets", "--models", MODELS, "--fine", "none"]

    def run(self, *words, status=0):
        done = subprocess.run([COUNTERPART, *words, *self.options], capture_output=True, text=True, timeout=600)
        expect(done.returncode == status, f"{words} ended with {done.returncode}, not {status}: {done.stderr[-2000:]}")
        return done

    def sent(self, data, status, ending="xlsx"):
        file, answer = self.folder / f"fiches.{ending}", self.folder / f"verdicts.{ending}"
        file.write_bytes(data)
        totals = json.loads(self.run("import", str(file), "--verdicts", str(answer), "--json", status=status).stdout)
        expect(totals["verdicts"] == str(answer), totals)
        return totals, answer.read_bytes()

    def serve(self):
        server = subprocess.Popen([COUNTERPART, "serve", "--listen", "127.0.0.1:0", *self.options], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        token = server.stdout.readline().strip()
        for line in server.stderr:
            if line.startswith("listening on "):
                return server, token, "http://" + line.split()[-1]
        expect(False, "the server did not come up")


def called(base, token, body, media, accept, path="/v1/profiles:import", **headers):
    request = urllib.request.Request(base + path, method="GET" if body is None else "POST", data=body,
                                     headers={"Authorization": "Bearer " + token, "Content-Type": media, "Accept": accept, **headers})
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers["Content-Type"], refused.read()


def on_the_command_line(folder):
    desk = Directory(folder)
    sent = workbook(rows_of_day())
    totals, answer = desk.sent(sent, 1)
    expect((totals["accepted"], totals["refused"]) == (ROWS - FAULTY, FAULTY), totals)
    check_answer(sent, answer)
    profile = json.loads(next(line for line in desk.run("export").stdout.splitlines() if '"dk:31"' in line))
    expect((profile["kind"], profile["country"], profile["roles"], profile["cooperation"]) ==
           ("company", "SN", ["technology_supplier", "buyer"], ["joint_venture"]), profile)
    totals, answer = desk.sent(mended(answer), 0)
    expect((totals["created"], totals["unchanged"], totals["refused"]) == (FAULTY, ROWS - FAULTY, 0), totals)
    check_mended(answer)
    return desk


def over_http(desk):
    server, token, base = desk.serve()
    try:
        sent = workbook(rows_of_day())
        status, media, answer = called(base, token, sent, XLSX, XLSX)
        expect((status, media) == (200, XLSX), (status, media, answer[:500]))
        check_answer(sent, answer)
        status, media, again = called(base, token, mended(answer), XLSX, XLSX)
        check_mended(again)
        # The verdict on each row alone, in another language.
        status, media, lines = called(base, token, sent, XLSX, "application/x-ndjson", **{"Accept-Language": "ru"})
        verdicts = [json.loads(line) for line in lines.splitlines()]
        expect((len(verdicts), verdicts[0]["line"], verdicts[0]["status"]) == (ROWS, 2, "refused"), verdicts[0])
        expect(len(verdicts[2]["also"]) == 1, "both faults of the row are told")

        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows([HEADINGS] + rows_of_day()[:40])
        status, media, answer = called(base, token, text.getvalue().encode(), "text/csv", "text/csv")
        expect(media == "text/csv" and answer.startswith(b"\xef\xbb\xbf"), (status, media))
        rows = list(csv.reader(io.StringIO(answer.decode("utf-8-sig")), delimiter=";"))
        expect(rows[0] == HEADINGS + ["Verdict", "À corriger"] and rows[1][-2] == "refusé" and rows[40][-2] == "inchangé", rows[:2])
        expect([row[:-2] for row in rows[1:]] == rows_of_day()[:40], "rows are as they were sent")

        # Nothing of a file that is cut off is taken in, and the answer says so; nor of one whose sender goes away.
        new = workbook([[f"new:{n}"] + good_row(n)[1:] for n in range(1, 50)])
        status, media, answer = called(base, token, new[:-200], XLSX, XLSX)
        expect(status == 400 and json.loads(answer)["detail"], (status, answer))
        host, port = base.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"POST /v1/profiles:import HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
                         f"Content-Type: {XLSX}\r\nContent-Length: {len(new)}\r\n\r\n".encode() + new[:2000])
        status, media, answer = called(base, token, None, "", "", "/v1/profiles/new:1")
        expect(status == 404, (status, answer))
        status, media, answer = called(base, token, text.getvalue().encode(), "text/csv", XLSX)
        expect(status == 415 and json.loads(answer)["member"] == "Accept", (status, answer))
        wrong = "Identifiant;Nature;Langues;Intitulé\n".encode()
        status, media, answer = called(base, token, wrong, "text/csv", "text/csv", **{"Accept-Language": "fr"})
        expect(status == 400 and "organisation.languages" in json.loads(answer)["remedy"], (status, answer))
        status, media, answer = called(base, token, "Identifiant;Nature;Intitulle\n".encode(), "text/csv", "text/csv")
        expect(status == 400 and "`Intitulé`" in json.loads(answer)["remedy"], (status, answer))
    finally:
        server.terminate()
        server.wait(60)


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        for part in ("line", "http"):
            (pathlib.Path(name) / part).mkdir()
        on_the_command_line(pathlib.Path(name) / "line")
        over_http(Directory(pathlib.Path(name) / "http"))
    print("ok")


main()
