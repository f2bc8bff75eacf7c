"""Holds a running server to its own description: schemathesis_run.py COUNTERPART [options of serve]

Starts COUNTERPART serve over an empty data directory on a free port, then sends what the description allows and what it
forbids. Three rules cannot be said in JSON Schema (codes of long lists, min <= max, the path's id); there the
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

FILTERS = {
    "country": ["KE", "LDC", "002"], "countries_of_activity": ["KE", "africa"], "kind": ["company", "project"],
    "roles": ["investor"], "sectors": ["C", "C27"], "products": ["84"], "sdgs": ["9", "9.4"], "cooperation": ["equity"],
    "stage": ["idea"], "trl": ["1", "9"], "ipr": ["none"], "size": ["small"], "women_owned": ["true", "false"],
    "women_led": ["true"], "lang": ["fr"], "languages": ["ar", "pt-BR"], "programmes": ["itpo", "*"],
    "office": ["nairobi"], "finance_offered_instruments": ["loan"], "finance_sought_instruments": ["grant"],
    "has": ["offers"],
}
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 404, 409, 412]
"""


def narrowed(document):
    schemas = document["components"]["schemas"]
    schemas["Profile"]["properties"]["products"]["items"] = {"type": "string", "enum": ["84", "8413", "841381"]}
    money = schemas["Finance"]["properties"]
    money["min"]["maximum"] = money["max"]["minimum"] = 1000
    values = lambda name: {"type": "array", "minItems": 1, "items": {"type": "string", "enum": FILTERS[name]}}
    where = schemas["MatchRequest"]["properties"]["where"]
    where.clear()
    where.update(type="object", additionalProperties=False, properties={name: values(name) for name in FILTERS})
    schemas["MatchRequest"]["properties"]["programme"] = {"type": "string", "enum": ["open", "itpo"]}

    search = document["paths"]["/v1/profiles"]["get"]
    own = {"q", "limit", "facets"}  # a cursor is not made up
    search["parameters"] = [p for p in search["parameters"] if p["name"] in own or p["name"] in FILTERS]
    for parameter in search["parameters"]:
        if parameter["name"] in FILTERS:
            parameter["schema"] = values(parameter["name"])

    schemas["ProfileOfPath"] = json.loads(json.dumps(schemas["Profile"]))
    del schemas["ProfileOfPath"]["properties"]["id"]
    body = document["paths"]["/v1/profiles/{id}"]["put"]["requestBody"]["content"]["application/json"]
    body["schema"] = {"$ref": "#/components/schemas/ProfileOfPath"}
    del document["paths"]["/v1/profiles:import"]
    return document


def start(program, data, options):
    server = subprocess.Popen([program, "serve", "--open-local", "--listen", "127.0.0.1:0", "--data", data, *options],
                              stderr=subprocess.PIPE, text=True)
    seen = []
    for line in server.stderr:
        seen.append(line)
        if line.startswith("listening on "):
            # What follows is read on, so that the server's log never fills the pipe.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            return server, "http://" + line.split()[2]
    sys.exit("the server did not start:\n" + "".join(seen))


def check(url, work):
    with urllib.request.urlopen(url + "/openapi.json") as answer:
        document = narrowed(json.load(answer))
    (work / "openapi.json").write_text(json.dumps(document))
    (work / "schemathesis.toml").write_text(CONFIG)
    schemathesis = pathlib.Path(sys.executable).parent / "schemathesis"
    examples = os.environ.get("COUNTERPART_EXAMPLES", "15")
    return subprocess.run([schemathesis, "--config-file", work / "schemathesis.toml", "run", work / "openapi.json",
                           "--url", url, "--checks", "all", "--max-examples", examples, "--seed", "1", "--workers", "1",
                           "--no-color"], cwd=work).returncode


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
        work = pathlib.Path(folder)
        server, url = start(sys.argv[1], str(work / "data"), sys.argv[2:])
        try:
            failed = check(url, work)
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(timeout=30)
        if stopped != 0:
            print(f"the server ended with status {stopped}")
        return failed or stopped


if __name__ == "__main__":
    sys.exit(main())
