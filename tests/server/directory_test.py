"""The data directory as the program treats it: who may make one, who may read it, and what happens when it goes away.

    directory_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import os
import pathlib
import shutil
import stat
import sys
import tempfile
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
ROW = "id,kind,title,country,roles,offers\nd:1,company,Alpha,DE,technology_supplier,pumps\n"
# Verbs that read or change what is there, as they are called; SOMEWHERE is a folder, FILE a file of profiles.
READERS = """
match --text pumps
match --profile d:1
match --offering pumps
explain d:1 d:2
convene
assemble d:1
coverage
brief KE
duplicates
advice d:1
references d:1 FILE
erase d:1
export
export --with-private
refine
rematch
runs
runs list
digest
standing list
standing add --text pumps
standing remove q1
alerts
audit list
audit verify
token list
token revoke t
verify
backup SOMEWHERE/backups
""".split("\n")[1:-1]


def loose(folder):
    """Files and folders in it that others may read."""
    return [str(path) for path in [folder, *folder.rglob("*")] if not path.is_symlink() and path.stat().st_mode & 0o077]


class Directory(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.file = self.place / "f.csv"
        self.file.write_text(ROW)
        self.data = self.place / "data"
        self.umask = os.umask(0o022)
        self.addCleanup(os.umask, self.umask)

    def words(self, line):
        return [word.replace("SOMEWHERE", str(self.place)).replace("FILE", str(self.file)) for word in line.split()]

    def test_a_verb_that_reads_makes_no_directory(self):
        for line in READERS:
            with self.subTest(line):
                done = PROGRAM.run(self.data, *self.words(line))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("there is no such data directory", done.stderr)
                self.assertIn("--data", done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertFalse(self.data.exists())

    def test_a_verb_that_reads_makes_no_directory_of_another_one(self):
        self.data.mkdir()
        (self.data / "letter.txt").write_text("Dear Sir")
        for line in READERS:
            with self.subTest(line):
                done = PROGRAM.run(self.data, *self.words(line))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("holds no data of Counterpart", done.stderr)
                self.assertEqual([path.name for path in self.data.iterdir()], ["letter.txt"])

    def test_a_dry_run_without_a_directory_counts_as_the_import_would_and_makes_none(self):
        self.file.write_text(ROW + ROW.splitlines()[1] + "\nd:2,firm,Beta,KE,technology_supplier,mills\n")
        dry = PROGRAM.run(self.data, "import", "--dry-run", "--json", str(self.file))
        self.assertFalse(self.data.exists())
        self.assertIn("there is no data directory", dry.stderr)
        done = PROGRAM.run(self.data, "import", "--json", str(self.file))
        self.assertEqual(dry.returncode, done.returncode)
        counts = [{k: v for k, v in json.loads(run.stdout).items() if k not in ("dry_run", "possible_duplicates")} for run in (dry, done)]
        self.assertEqual(*counts)
        self.assertEqual((counts[0]["created"], counts[0]["refused"]), (1, 2))

    def test_a_dry_run_makes_no_directory_of_another_one(self):
        self.data.mkdir()
        (self.data / "letter.txt").write_text("Dear Sir")
        done = PROGRAM.run(self.data, "import", "--dry-run", str(self.file))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([path.name for path in self.data.iterdir()], ["letter.txt"])

    def test_an_import_of_no_file_that_can_be_read_makes_no_directory(self):
        done = PROGRAM.run(self.data, "import", str(self.place / "typo.csv"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("typo.csv", done.stderr)
        self.assertFalse(self.data.exists())

    def test_import_and_token_create_make_one_that_is_closed_to_others(self):
        for name, line in (("a", "import FILE"), ("b", "token create --role reader"), ("c", "network join --office rome")):
            with self.subTest(line):
                done = PROGRAM.run(self.place / name, *self.words(line))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(loose(self.place / name), [])

    def test_a_directory_that_was_there_and_open_is_closed_and_said_so(self):
        self.data.mkdir()
        self.data.chmod(0o755)
        server = Server(PROGRAM, self.data)
        self.addCleanup(server.kill)
        self.assertEqual(loose(self.data), [])
        self.assertTrue(any("closed to all but its owner" in line for line in server.said), server.said)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(loose(self.data), [])
        for path in [self.data, *self.data.rglob("*")]:  # as an older program, or a copy, leaves them
            path.chmod(0o755 if path.is_dir() else 0o644)
        done = PROGRAM.run(self.data, "export")
        self.assertEqual(done.returncode, 0)
        self.assertIn("closed to all but its owner", done.stderr)
        self.assertEqual(loose(self.data), [])
        self.assertEqual(PROGRAM.run(self.data, "export").stderr, "")

    def test_a_backup_is_closed_to_others_and_so_is_what_is_restored_of_it(self):
        self.assertEqual(PROGRAM.run(self.data, "import", str(self.file)).returncode, 0)
        folder = self.place / "backups"
        folder.mkdir()
        folder.chmod(0o755)
        self.assertEqual(PROGRAM.run(self.data, "backup", str(folder)).returncode, 0)
        self.assertEqual([path for path in loose(folder) if path != str(folder)], [])
        self.assertEqual(PROGRAM.run(self.place / "again", "restore", str(folder)).returncode, 0)
        self.assertEqual(loose(self.place / "again"), [])

    def test_a_directory_deleted_under_a_server_takes_nothing_more(self):
        server = Server(PROGRAM, self.data)
        self.addCleanup(server.kill)
        client = Client(server.port)
        self.addCleanup(client.close)
        profile = {"kind": "company", "title": "Alpha", "country": "DE", "offers": "pumps"}
        self.assertEqual(client.call("PUT", "/v1/profiles/d:1", profile)[0], 201)
        self.assertEqual(client.call("GET", "/readyz")[0], 200)
        shutil.rmtree(self.data)
        status, _, problem = client.call("GET", "/readyz")
        self.assertEqual(status, 503)
        self.assertIn("deleted", problem["detail"])
        self.assertEqual(client.call("GET", "/healthz")[0], 200)
        for method, target, body in (("PUT", "/v1/profiles/d:2", profile), ("POST", "/v1/profiles", profile),
                                     ("DELETE", "/v1/profiles/d:1", None),
                                     ("POST", "/v1/standing-queries", {"text": "pumps"})):
            with self.subTest(method + " " + target):
                self.assertEqual(client.call(method, target, body)[0], 507)
        self.assertEqual(client.call("GET", "/v1/profiles/d:1")[0], 200)
        client.call("POST", "/v1/runs", {"programme": "open"})
        while True:
            state = client.call("GET", "/v1/runs")[2]["status"]
            if state["state"] not in ("working", "paused"):
                break
        self.assertEqual(state["state"], "failed")
        server.stop()
        self.assertFalse(self.data.exists())


if __name__ == "__main__":
    unittest.main()
