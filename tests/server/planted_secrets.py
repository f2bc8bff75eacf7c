"""Planted secrets: private members and tokens are looked for in everything that a served directory says and writes.

    planted_secrets.py COUNTERPART SOURCE_DIR MODELS

Profiles with private members that occur nowhere else are stored, replaced, refused, matched, run, alerted, backed up and
erased, by every role and by nobody. Afterwards no answer to whom they are not meant for, no line of a log at its most
talkative, no file of the directory and none of the backup may hold one of them as it is.
"""
import json
import pathlib
import sys
import tempfile

from serving import Client, Program, Server

SECRETS = {
    "person": "Wilhelmina Quastenflosser", "email": "wq@quastenflosser.example", "phone": "+43 1 5559917",
    "website": "https://quastenflosser.example/me", "address": "Quastenweg 17, 9917 Flossing"}
LEGAL_NAME = "Quastenflosser Geheimholding GmbH"
TEXT = "hydraulic ram pumps with xylophonic valves"  # public, but no log's business
PRIVATE = [*SECRETS.values(), LEGAL_NAME]

failures = []
checks = 0


def holds(what, content, secrets):
    global checks
    data = content if isinstance(content, bytes) else content.encode()
    for secret in secrets:
        checks += 1
        for spelt in (secret, json.dumps(secret)[1:-1], secret.lower()):
            if spelt.encode() in data:
                failures.append(f"{what} holds `{secret}`")
                break


def profile(name, office, **more):
    return {"id": name, "kind": "company", "title": "Pumps " + name, "country": "KE", "offers": TEXT, "seeks": "buyers of pumps",
            "office": office, "organisation": {"legal_name": LEGAL_NAME}, "contact": SECRETS, **more}


def ask_everything(role, client, may_see):
    """Every call that answers with something, well and badly made."""
    text = {"text": "pumps", "limit": 5, "explain": True}
    calls = [
        ("GET", "/v1/profiles?q=pumps&facets=country", None), ("GET", "/v1/profiles/b", None), ("GET", "/v1/profiles:export", None),
        ("GET", "/v1/profiles/b/advice", None), ("GET", "/v1/profiles/b/matches?programme=open", None),
        ("POST", "/v1/match", text), ("POST", "/v1/match", {"profile": "b", "explain": True}),
        ("POST", "/v1/match", {"draft": profile("draft", "tokyo")}), ("GET", "/v1/explain?a=a&b=b", None),
        ("GET", "/v1/duplicates", None), ("GET", "/v1/runs", None), ("GET", "/v1/alerts", None), ("GET", "/v1/standing-queries", None),
        ("GET", "/v1/programmes/global-alliance/coverage", None), ("GET", "/v1/countries/KE/brief", None), ("GET", "/metrics", None),
        ("GET", "/v1/desk?office=vienna", None), ("GET", "/v1/outbox", None), ("GET", "/v1/interests", None),
        ("GET", "/v1/interests/i-000001", None), ("POST", "/v1/interests/i-000001:note?desk=maier", {"note": "asked again"}),
        ("POST", "/v1/interests?desk=maier&preview=true", {"from": "a", "to": "b", "answers": {"cooperation": "equity"}}),
        ("GET", "/v1/introductions", None), ("GET", "/v1/introductions/i-000002", None), ("GET", "/v1/offices", None),
        ("POST", "/v1/introductions/i-000002:drop?desk=maier&preview=true", {"reason": "no_reply"}),
        ("GET", "/v1/tokens", None), ("GET", "/v1/audit", None), ("GET", "/v1/me", None),
        ("PUT", "/v1/profiles/c", profile("c", "tokyo", contact={**SECRETS, "email": "not-an-address " + SECRETS["email"]})),
        ("PUT", "/v1/profiles/c", profile("c", "tokyo", contact={**SECRETS, SECRETS["phone"]: "x"})),
        ("PUT", "/v1/profiles/c", profile("c", "tokyo", contact=SECRETS["person"])),
        ("POST", "/v1/profiles", profile("b", "tokyo", title="another")), ("POST", "/v1/verify", None),
        ("PUT", "/v1/profiles/d", profile("d", "tokyo", summary="ask " + SECRETS["person"])),
    ]
    for method, target, body in calls:
        status, headers, answer = client.call(method, target, body)
        said = json.dumps([headers, answer], ensure_ascii=False)
        if not (may_see and target == "/v1/profiles/b"):
            holds(f"{role}: {method} {target} ({status})", said, PRIVATE)
    lines = client.call("POST", "/v1/profiles:import", json.dumps(profile("b", "tokyo")) + "\n", media="application/x-ndjson")
    holds(f"{role}: import", json.dumps(lines), PRIVATE)


def open_casework(admin, port):
    """Two offices, and an introduction of which one key is turned."""
    offices = [{"id": name, "name": name, "languages": ["en"], "head": head, "duty": name == "vienna",
                "working_time": {"country": country, "time_zone": zone}}
               for name, head, country, zone in (("vienna", "maier", "AT", "Europe/Vienna"), ("tokyo", "kato", "JP", "Asia/Tokyo"))]
    desks = [{"id": office["head"], "name": office["head"], "language": "en", "office": office["id"]} for office in offices]
    interest = {"from": "a", "to": "b", "answers": {"cooperation": "equity"}}
    for method, target, body in (("PUT", "/v1/offices", {"offices": offices, "desks": desks}),
                                 ("POST", "/v1/interests?desk=maier", interest),
                                 ("POST", "/v1/interests/i-000001:accept?desk=kato", {})):
        status, _, answer = admin.call(method, target, body)
        assert status < 300, answer
    token = admin.call("POST", "/v1/tokens", {"role": "officer", "office": "tokyo", "desk": "kato"})[2]["token"]
    status, _, answer = Client(port, token).call("POST", "/v1/introductions/i-000002:release", {})
    assert status < 300, answer


def sign_in(admin, port):
    """What a link, the cookie that it gives and the token beside it hold, each used once."""
    link = admin.call("POST", "/v1/tokens:invite", {"role": "reader"})[2]
    status, headers, answer = Client(port).call("POST", "/v1/session", {"secret": link["secret"], "keep": True})
    assert status == 201, answer
    cookie = headers["set-cookie"].split(";")[0]
    status, _, again = Client(port).call("GET", "/v1/session", headers={"Cookie": cookie})
    assert status == 200 and again["session"]["current"], again
    unused = admin.call("POST", "/v1/tokens:invite", {"role": "reader"})[2]
    return [link["secret"], cookie.split("=", 1)[1], answer["token"], unused["secret"]]


def main():
    program = Program(*sys.argv[1:4])
    with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
        data, copies = pathlib.Path(folder) / "data", pathlib.Path(folder) / "copies"
        server = Server(program, data, "--log-level", "debug", "--budget", "0", guarded=True)
        admin = Client(server.port, server.token)
        tokens = [server.token]
        for name, office in (("a", "vienna"), ("b", "tokyo")):
            status, _, answer = admin.call("PUT", "/v1/profiles/" + name, profile(name, office))
            assert status == 201, answer
        assert SECRETS["email"] in json.dumps(admin.call("GET", "/v1/profiles/b")[2])
        open_casework(admin, server.port)
        admin.call("POST", "/v1/standing-queries", {"text": "pumps", "minimum": -1})
        said = [program.run(data, "rematch", "--programme", "open")]
        roles = {"admin": {}, "officer": {"office": "vienna"}, "owner": {"profiles": ["a"]}, "focal_point": {"country": "KE"},
                 "batch": {}, "reader": {}}
        for role, more in roles.items():
            made = admin.call("POST", "/v1/tokens", {"role": role, **more})[2]
            tokens.append(made["token"])
            ask_everything(role, Client(server.port, made["token"]), role == "admin")
        ask_everything("nobody", Client(server.port), False)
        tokens += sign_in(admin, server.port)
        for verb in (["export"], ["match", "--profile", "b"], ["token", "list"], ["session", "list"], ["audit", "list"], ["digest"], ["alerts"], ["desk", "--office", "vienna"],
                     ["interest", "list"], ["introduction", "show", "i-000002"], ["outbox", "list"],
                     ["backup", str(copies)], ["verify"], ["match", "--text", TEXT, "--explain"]):
            said.append(program.run(data, *verb))
        server.kill()
        logs = "".join(server.said)
        said += [program.run(data, "verify"), program.run(data, "export"), program.run(data, "erase", "b")]
        again = Server(program, data, guarded=True)
        again.stop()
        logs += "".join(again.said)
        for done in said:
            holds("the verb " + " ".join(done.args[1:2]), done.stdout + done.stderr, PRIVATE + tokens)
        holds("the log", logs, PRIVATE + tokens + [TEXT])
        files = [file for top in (data, copies) for file in top.rglob("*") if file.is_file()]
        for file in files:
            holds(str(file.relative_to(folder)), file.read_bytes(), PRIVATE + tokens + [token.split("_", 2)[2] for token in tokens])
    for failure in failures[:40]:
        print(failure)
    print(f"RESULT planted secrets | {checks} looks at answers, logs and {len(files)} files | "
          f"{'none found' if not failures else str(len(failures)) + ' found'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
