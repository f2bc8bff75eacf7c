"""Names that two keys release, looked for in every exit, before and after.

    planted_names.py COUNTERPART SOURCE_DIR MODELS

Two profiles with contacts and legal names that occur nowhere else meet in an introduction. At each step, from the enquiry to the
conclusion, every role asks everything: before both keys are turned each office sees its own profile's names and nobody else any;
afterwards the two offices see both, in the introduction alone. Then letters, logs, metrics, match runs, the audit log, the
answers of the command line, and every file of the directory and of a backup are searched. At last one side is erased for good,
and what it said, was told about it or noted between the offices stands in no file of the directory and in no answer.
"""
import email
import email.policy
import json
import os
import pathlib
import sys
import tempfile
import time

import crash_cases
from serving import Client, Program, Server


def names_of(word, digits):
    return {"contact": {"person": f"Wilhelmina {word}", "email": f"w.{word}@{word}.example", "phone": f"+43 1 {digits}",
                        "website": f"https://{word}.example/me", "address": f"{word} street 17"},
            "organisation": {"legal_name": f"{word} Geheimholding GmbH"}}


SIDES = {"a": ("dakar", names_of("quastenflosser", "5559917")), "b": ("riyadh", names_of("zwiebelturm", "5551183"))}
SECRETS = {name: [*made["contact"].values(), made["organisation"]["legal_name"]] for name, (_, made) in SIDES.items()}
# What each role may see of which profile by itself.
OWN = {"officer of dakar": "a", "officer of riyadh": "b", "owner of a": "a", "owner of b": "b"}
SAID = "xylophonic"  # a word of the texts of a, of earlier ones, and of what the offices noted about it
INTEREST, INTRODUCTION = "/v1/interests/i-000001", "/v1/introductions/i-000002"

failures = []
looks = 0


def look(where, content, allowed=""):
    """In `content` stand names of no other profiles than `allowed` ("ab": both)."""
    global looks
    data = content if isinstance(content, bytes) else content.encode()
    for name, secrets in SECRETS.items():
        for secret in secrets if name not in allowed else []:
            looks += 1
            if any(spelt.encode() in data for spelt in (secret, json.dumps(secret)[1:-1], secret.upper())):
                failures.append(f"{where} holds `{secret}` of {name}")


def calls():
    text = {"text": "pumps", "limit": 5, "explain": True}
    gets = ["/v1/profiles?q=pumps&facets=country", "/v1/profiles?q=quastenflosser", "/v1/profiles:export", "/v1/profiles/c",
            "/v1/profiles/a/advice", "/v1/profiles/b/matches?programme=open", "/v1/explain?a=a&b=b", "/v1/duplicates", "/v1/runs",
            "/v1/runs/1", "/v1/runs/1/digest", "/v1/runs/1/digest?format=csv", "/v1/runs/1/digest?format=excel", "/v1/alerts",
            "/v1/standing-queries", "/v1/programmes/global-alliance/coverage", "/v1/countries/KE/brief", "/metrics", "/v1/me",
            "/v1/tokens", "/v1/audit?limit=1000", "/v1/outbox", "/v1/outbox?case=i-000002", "/v1/interests", INTEREST,
            "/v1/introductions", "/v1/offices", "/v1/desks", "/v1/desk", "/v1/reports/response-times",
            "/v1/reports/funnel", "/v1/reports/cases", "/v1/outcomes", *(f"/v1/desk?office={office}" for office in crash_cases.OFFICES),
            *(f"/v1/desk?desk={desk}" for desk in ("awa", "omar", "maier"))]
    posts = [("/v1/match", text), ("/v1/match", {"profile": "b", "explain": True}), ("/v1/verify", None),
             ("/v1/panels", {"programme": "global-alliance", "members": ["a", "b"]}),
             *((f"{case}:{verb}?preview=true&desk={desk}", {"note": "asked", "reason": "no_reply"}) for case in (INTEREST, INTRODUCTION)
               for verb in ("note", "release", "drop", "accept") for desk in ("awa", "omar", "maier"))]
    return [("GET", target, None) for target in gets] + [("POST", target, body) for target, body in posts]


def ask_everything(role, client, step, released):
    own = OWN.get(role, "")
    for method, target, body in calls():
        status, headers, answer = client.call(method, target, body)
        look(f"{step}: {role}: {method} {target} ({status})", json.dumps([headers, answer], ensure_ascii=False))
    for name in SIDES:
        answer = client.call("GET", "/v1/profiles/" + name)
        look(f"{step}: {role}: its profile {name}", json.dumps(answer, ensure_ascii=False), "ab" if role == "admin" else own)
    for desk in ("", "?desk=awa", "?desk=omar", "?desk=maier"):
        status, _, answer = client.call("GET", INTRODUCTION + desk)
        seen = json.dumps(answer, ensure_ascii=False)
        side = role in ("officer of dakar", "officer of riyadh") or (role == "admin" and desk in ("?desk=awa", "?desk=omar"))
        look(f"{step}: {role}: the introduction {desk} ({status})", seen, "ab" if released and side else "")
        if released and side and status == 200 and not all(secret in seen for secrets in SECRETS.values() for secret in secrets):
            failures.append(f"{step}: {role} does not see what was released: {seen[:300]}")
        if isinstance(answer, dict):
            answer.pop("contacts", None)
            look(f"{step}: {role}: the introduction beside its contacts", json.dumps(answer, ensure_ascii=False))


def shown(file):
    """A letter as a mail program shows it."""
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return message, "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


def said_in(data):
    """Files in which the word stands, letters as they are read."""
    return [str(file.relative_to(data)) for file in data.rglob("*") if file.is_file()
            and (SAID in file.read_bytes().decode("latin-1").lower() or (file.suffix == ".eml" and SAID in shown(file)[1].lower()))]


def look_after_erasing(program, data):
    before = said_in(data)
    if not any(name.startswith("store") for name in before) or not any(name.startswith("outbox") for name in before):
        failures.append(f"before the erasure the word stands in {before} alone")
    receipt = program.run(data, "erase", "a")
    if receipt.returncode != 0 or "letters in the outbox" not in receipt.stdout:
        failures.append(f"the erasure: {receipt.stdout} {receipt.stderr}")
    for name in said_in(data):
        failures.append(f"after the erasure {name} holds what was said")
    answers = [program.run(data, *verb) for verb in (
        ["export"], ["interest", "list"], ["introduction", "list"], ["outbox", "list"], ["audit", "list", "--limit", "1000"],
        ["desk", "--office", "riyadh"], ["digest"], ["alerts"], ["match", "--text", "pumps", "--explain"], ["verify"])]
    for done in answers:
        if SAID in done.stdout.lower():
            failures.append(f"after the erasure {done.args[1]} tells what was said")
    look("what is told after the erasure", "".join(done.stdout for done in answers), "")


def look_at_letters(data, expected):
    """Each as a mail program shows it; of the names only its own reader's address and person, in the letter to an owner."""
    letters = []
    for _ in range(100):
        letters = sorted((data / "outbox").glob("new/*"))
        if len(letters) >= expected:
            break
        time.sleep(0.1)
    owners = []
    for file in letters:
        message, text = shown(file)
        own = [name for name in SIDES if SECRETS[name][1] in message["To"]]
        owners += own
        for name in own:
            for secret in SECRETS[name][:2]:
                text = text.replace(secret, "")
        look(f"letter {file.name}", text)
    if sorted(owners) != ["a", "b"]:
        failures.append(f"of {len(letters)} letters those to owners are of {owners}")
    return len(letters)


def main():
    program = Program(*sys.argv[1:4])
    with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
        data, copies = pathlib.Path(folder) / "data", pathlib.Path(folder) / "copies"
        os.environ["COUNTERPART_CLOCK"] = str(pathlib.Path(folder) / "clock")
        crash_cases.Clock(pathlib.Path(folder) / "clock")
        server = Server(program, data, "--log-level", "debug", "--budget", "0", guarded=True)
        admin = Client(server.port, server.token)

        def must(method, target, body=None, by=admin):
            status, _, answer = by.call(method, target, body)
            if status >= 300:
                sys.exit(f"{target}: {status} {answer}")
            return answer

        must("PUT", "/v1/offices", crash_cases.directory())
        for name, title in (("a", "Xylophonic pumps of old"), ("a", "Xylophonic pumps"), ("b", "Pumps b"), ("c", "Pumps c")):
            office, private = SIDES.get(name, ("vienna", {}))
            must("PUT", "/v1/profiles/" + name, {"kind": "company", "title": title, "country": "KE", "offers": "ram pumps",
                                                 "seeks": "buyers of pumps", "office": office, "capacity": 5, **private})
        must("POST", "/v1/standing-queries", {"text": "pumps", "minimum": -1})
        said = [program.run(data, "rematch", "--programme", "open")]
        roles = {"officer of dakar": {"role": "officer", "office": "dakar", "desk": "awa"},
                 "officer of riyadh": {"role": "officer", "office": "riyadh", "desk": "omar"},
                 "officer of vienna": {"role": "officer", "office": "vienna", "desk": "maier"},
                 "officer without a desk": {"role": "officer", "office": "vienna"},
                 "owner of a": {"role": "owner", "profiles": ["a"]}, "owner of b": {"role": "owner", "profiles": ["b"]},
                 "owner of c": {"role": "owner", "profiles": ["c"]}, "focal point": {"role": "focal_point", "country": "KE"},
                 "batch": {"role": "batch"}, "reader": {"role": "reader"}}
        clients = {role: Client(server.port, must("POST", "/v1/tokens", asked)["token"]) for role, asked in roles.items()}
        clients |= {"admin": admin, "nobody": Client(server.port)}
        conclusion = {"amount": 1, "currency": "EUR", "instrument": "loan", "jobs": 1, "sdg": "9"}
        story = [("asked", "/v1/interests?desk=awa", {"from": "a", "to": "b", "answers": {"cooperation": "equity"}}),
                 ("noted", INTEREST + ":note?desk=omar", {"note": "a xylophonic remark between the offices"}),
                 ("accepted", INTEREST + ":accept?desk=omar", {}), ("one key", INTRODUCTION + ":release", {}, "officer of riyadh"),
                 ("both keys", INTRODUCTION + ":release", {}, "officer of dakar"), ("met", INTRODUCTION + ":first_contact?desk=omar", {}),
                 ("promoted", INTRODUCTION + ":promote?desk=awa", {}), ("negotiated", INTRODUCTION + ":negotiate?desk=awa", {}),
                 ("concluded", INTRODUCTION + ":conclude?desk=awa", {"facts": conclusion})]
        for number, (step, target, body, *by) in enumerate(story):
            must("POST", target, body, clients[by[0]] if by else admin)
            if step in ("noted", "promoted", "negotiated"):
                continue
            for role, client in clients.items():
                ask_everything(role, client, step, released=number >= 4)
        for verb in (["export"], ["match", "--profile", "b"], ["token", "list"], ["audit", "list", "--limit", "1000"], ["digest"],
                     ["digest", "--json"], ["alerts"], ["desk", "--office", "vienna"], ["desk", "--desk", "awa"], ["interest", "list"],
                     ["introduction", "list"], ["introduction", "show", "i-000002"], ["introduction", "show", "i-000002", "--desk", "maier"],
                     ["outbox", "list"], ["backup", str(copies)], ["verify"], ["match", "--text", "pumps", "--explain"]):
            said.append(program.run(data, *verb))
        expected = len(admin.call("GET", "/v1/outbox?limit=200")[2]["letters"])
        server.kill()
        logs = "".join(server.said)
        again = Server(program, data, guarded=True)  # letters leave with its first round
        letters = look_at_letters(data, expected)
        again.stop()
        for done in said:
            look("the verb " + " ".join(done.args[1:2]), done.stdout + done.stderr)
        look("the log", logs + "".join(again.said))
        files = [file for top in (data, copies) for file in top.rglob("*") if file.is_file() and "outbox" not in file.parts]
        for file in files:
            look(str(file.relative_to(folder)), file.read_bytes())
        look_after_erasing(program, data)
    for failure in failures[:40]:
        print(failure)
    print(f"RESULT planted names | {looks} looks at answers of {len(clients)} roles, {letters} letters, logs and {len(files)} files | "
          f"{'where both keys released them, and nowhere else; of an erased side nothing' if not failures else str(len(failures)) + ' found'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
