"""Holds a running server to its own description: schemathesis_run.py COUNTERPART [options of serve]

Starts COUNTERPART serve over an empty data directory on a free port, takes its first token, then sends what the description allows and what it
forbids. Some rules cannot be said in JSON Schema (codes of long lists, min <= max, the path's id, a is not b); there the
description is narrowed to cases whose outcome is known, so that every answer can be judged. The import's lines are
tested by routes_test.cpp.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.request

SLUG = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$"}
TAG = {"type": "string", "enum": ["*", '"1"', 'W/"2"', '"1", "2"']}
PAIR = {"a": ["one-a", "two-a"], "b": ["one-b", "two-b"]}
PRODUCT = {"type": "string", "enum": ["84", "8413", "841381"]}
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 404, 409, 412]
"""
# A directory of offices must be consistent, which is told in words.
UNASKED = ["PUT /v1/offices", "PUT /v1/offices/{id}", "PUT /v1/desks/{id}", "POST /v1/drafts"]
# What they take hangs on what is stored, which no schema tells, or is a secret.
UNASKED += ["POST /v1/session", "POST /v1/tokens/{id}:link", "POST /v1/desk:suitcase", "POST /v1/suitcases/{id}:return"]
UNASKED += ["GET /v1/cases", "POST /v1/cases", "GET /v1/reports/funnel", "GET /v1/reports/response-times", "GET /v1/reports/cases",
            "POST /v1/panels:check", "POST /v1/panels:invite", "POST /v1/profiles/{id}:merge", "POST /v1/profiles/{id}:unmerge",
            "POST /v1/profiles/{id}:check", "POST /v1/profiles/{id}:state-condition", "GET /v1/projects/{id}/portfolio"]
CONFIG += "".join(f'[[operations]]\ninclude-name = "{name}"\nenabled = false\n' for name in UNASKED)


def filters_of(schemas):
    """Field -> schema of one value; the description itself says only that it is a text. Of a long list a few codes do:
    each one makes a request of its own."""
    ref = lambda name: {"$ref": "#/components/schemas/" + name}
    few = lambda schema: {"type": "string", "enum": schema["enum"][:3]}
    profile = schemas["Profile"]["properties"]
    filters = {name: profile[name] for name in ("kind", "gender", "stage", "ipr")}
    filters |= {name: few(profile[name]["items"]) for name in ("roles", "technologies", "themes", "sdgs", "cooperation")}
    filters |= {name: {"type": "string", "enum": ["true", "false"]} for name in ("women_owned", "women_led")}
    filters |= {name: filters["cooperation"] for name in ("finance_offered_instruments", "finance_sought_instruments")}
    return filters | {
        "country": few(schemas["CountryOrGroup"]), "countries_of_activity": few(schemas["CountryOrGroup"]),
        "sectors": few(schemas["Sector"]),
        "products": PRODUCT, "lang": ref("Language"), "languages": ref("Language"), "office": SLUG, "programmes": SLUG,
        "trl": {"type": "string", "enum": [str(level) for level in range(1, 10)]},
        "has": {"type": "string", "enum": ["summary", "offers", "seeks"]},
    }


def narrowed(document):
    schemas = document["components"]["schemas"]
    paths = document["paths"]
    schemas["Profile"]["properties"]["products"]["items"] = PRODUCT
    for rule in ("if", "then"):  # a gender is an expert's: told apart by profile_json_test
        del schemas["Profile"][rule]
    filters = filters_of(schemas)
    del schemas["Profile"]["properties"]["gender"]
    del schemas["Finance"]["properties"]["max"], schemas["Finance"]["anyOf"]
    schemas["Finance"]["required"] = ["currency", "min"]

    values = {name: {"type": "array", "minItems": 1, "maxItems": 300, "items": one} for name, one in filters.items()}
    match = schemas["MatchRequest"]["properties"]
    match["where"] = {"type": "object", "additionalProperties": False, "properties": values}
    match["programme"] = {"type": "string", "enum": ["open", "itpo"]}
    panel = schemas["PanelRequest"]["properties"]
    panel["where"] = match["where"]
    standing = schemas["StandingQueryRequest"]["properties"]
    standing["where"] = match["where"]
    standing["programme"] = schemas["RematchRequest"]["properties"]["programme"] = match["programme"]
    panel["programme"] = {"type": "string", "enum": ["consultations", "consultations-africa-asia"]}
    search = paths["/v1/profiles"]["get"]
    search["parameters"] = [p for p in search["parameters"] if p["name"] in filters or p["name"] in ("q", "limit", "facets")]
    for parameter in search["parameters"]:
        parameter["schema"] = values.get(parameter["name"], parameter["schema"])

    for parameter in paths["/v1/explain"]["get"]["parameters"]:  # a profile is no counterpart of itself
        name = parameter["name"]
        if name in PAIR:
            parameter["schema"] = {"type": "string", "enum": PAIR[name]}
        elif name == "programme":
            parameter["schema"] = match["programme"]
    for operations in paths.values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in ("If-Match", "If-None-Match"):
                    parameter["schema"] = TAG
                if parameter["name"] == "desk":  # who must name one is told in words; there are none here
                    parameter.update(required=True, schema={"type": "string", "enum": ["none"]})
    desk = paths["/v1/desk"]["get"]
    desk["parameters"] = [p for p in desk["parameters"] if p["name"] != "office"]

    for parameter in paths["/v1/programmes/{programme}/coverage"]["get"]["parameters"]:  # keys of lists, shares up to 1
        if parameter["name"] == "shares":
            parameter["schema"] = {"type": "string", "enum": ["LDC=0.3", "LDC=0.3,C=0.5,women_led:true=1"]}

    # Which member a role needs is told in words.
    for request in ("TokenRequest", "InvitationRequest"):
        asked = schemas[request]["properties"]
        asked["role"] = {"enum": ["reader", "batch"]}
        asked["where"] = match["where"]
        for name in ("office", "desk", "country", "profiles"):
            del asked[name]

    schemas["ProfileOfPath"] = json.loads(json.dumps(schemas["Profile"]))
    del schemas["ProfileOfPath"]["properties"]["id"]
    body = paths["/v1/profiles/{id}"]["put"]["requestBody"]["content"]["application/json"]
    body["schema"] = {"$ref": "#/components/schemas/ProfileOfPath"}
    for path, operations in paths.items():  # what follows the colon of a case's path is a verb
        if path.startswith(("/v1/cases/", "/v1/interests/", "/v1/introductions/", "/v1/reviews/")):
            for operation in operations.values():
                for parameter in operation["parameters"]:
                    if parameter["name"] in ("id", "verb") and parameter["in"] == "path":
                        parameter["schema"] = {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"}
    for operations in paths.values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "version" and parameter["in"] == "path":  # as far as a number goes
                    parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 1000}
    del paths["/v1/profiles:import"]
    del paths["/v1/backups"]  # writes wherever it is told to
    del schemas["NetworkBundleRequest"]["properties"]["from"]  # as the answer before gave it
    for path in ("/v1/network/offices", "/v1/network/bundles:receive"):  # what they take is signed
        del paths[path]
    del paths["/v1/replica:fence"]  # nothing could be written any more
    del paths["/v1/replica/tail"]  # where a follower stands no schema tells; and one that stands by holds writes up
    for path in [path for path in paths if path.startswith("/v1/drafts/")]:  # a draft is opened by its own secret
        del paths[path]
    return document


def start(program, data, options):
    server = subprocess.Popen([program, "serve", "--budget", "0", "--listen", "127.0.0.1:0", "--data", data, *options],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    token = server.stdout.readline().strip()
    seen = []
    for line in server.stderr:
        seen.append(line)
        if line.startswith("listening on "):
            # What follows is read on, so that the server's log never fills the pipe.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            return server, "http://" + line.split()[2], token
    sys.exit("the server did not start:\n" + "".join(seen))


def store(url, token, name):
    body = {"kind": "company", "title": name, "country": "KE", "seeks": "solar pumps", "offers": "local assembly"}
    request = urllib.request.Request(f"{url}/v1/profiles/{name}", json.dumps(body).encode(), method="PUT",
                                     headers={"Content-Type": "application/json", "Authorization": "Bearer " + token})
    urllib.request.urlopen(request).close()


def described(url):
    with urllib.request.urlopen(url + "/openapi.json") as answer:
        return json.load(answer)


def check(url, token, work):
    for name in PAIR["a"] + PAIR["b"]:
        store(url, token, name)
    return judge(url, token, narrowed(described(url)), work)


def judge(url, token, document, work):
    (work / "openapi.json").write_text(json.dumps(document))
    (work / "schemathesis.toml").write_text(CONFIG)
    schemathesis = pathlib.Path(sys.executable).parent / "schemathesis"
    examples = os.environ.get("COUNTERPART_EXAMPLES", "15")
    return subprocess.run([schemathesis, "--config-file", work / "schemathesis.toml", "run", work / "openapi.json",
                           "--url", url, "--header", "Authorization: Bearer " + token, "--checks", "all", "--max-examples", examples, "--seed", "1", "--workers", "1",
                           "--no-color"], cwd=work).returncode


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
        work = pathlib.Path(folder)
        server, url, token = start(sys.argv[1], str(work / "data"), sys.argv[2:])
        try:
            failed = check(url, token, work)
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(timeout=30)
        if stopped != 0:
            print(f"the server ended with status {stopped}")
        return failed or stopped


if __name__ == "__main__":
    sys.exit(main())
