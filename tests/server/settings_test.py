"""Where a setting comes from: a flag goes before the environment, the environment before the file, the file before the default.

    settings_test.py BINARY SOURCE MODELS    standard library only
"""
import pathlib
import shutil
import sys
import tempfile
import unittest
from unittest import mock

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
ROW = "id,kind,title,country,roles,offers\nd:1,company,Alpha,DE,technology_supplier,pumps\n"
NOWHERE = "there is no such data directory"


def environment(**settings):
    return mock.patch.dict("os.environ", {"COUNTERPART_" + name: str(value) for name, value in settings.items()})


class Settings(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.file = self.place / "f.csv"
        self.file.write_text(ROW)
        self.config = self.place / "counterpart.toml"
        self.data, self.other = self.place / "data", self.place / "other"

    def import_into(self, data):
        done = PROGRAM.run(data, "import", str(self.file))
        self.assertEqual(done.returncode, 0, done.stderr)

    def show(self, *arguments):
        """What `config show` tells of each setting."""
        done = PROGRAM.run_as_is("config", "show", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)

    def test_the_directory_of_the_flag_is_made_not_that_of_the_environment(self):
        with environment(DATA=self.other):
            for data, line in (("a", ["import", str(self.file)]), ("b", ["token", "create", "--role", "reader"])):
                with self.subTest(line):
                    done = PROGRAM.run(self.place / data, *line)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertTrue((self.place / data).exists())
                    self.assertFalse(self.other.exists())

    def test_the_directory_of_the_flag_is_read_not_that_of_the_environment(self):
        self.import_into(self.data)
        with environment(DATA=self.other):
            exported = PROGRAM.run(self.data, "export")
            self.assertEqual(exported.returncode, 0, exported.stderr)
            self.assertIn("Alpha", exported.stdout)
            listed = PROGRAM.run(self.data, "audit", "list")
            self.assertEqual(listed.returncode, 0, listed.stderr)
        with environment(DATA=self.data):
            self.assertIn(NOWHERE, PROGRAM.run(self.other, "export").stderr)
            self.assertIn(NOWHERE, PROGRAM.run(self.other, "audit", "list").stderr)

    def test_a_server_and_a_restored_directory_stand_where_the_flag_says(self):
        self.import_into(self.data)
        folder = str(self.place / "backups")
        with environment(DATA=self.other):
            self.assertEqual(PROGRAM.run(self.data, "backup", folder).returncode, 0)
            self.assertEqual(PROGRAM.run(self.place / "again", "restore", folder).returncode, 0)
            self.assertTrue((self.place / "again").exists())
            server = Server(PROGRAM, self.data)
            self.addCleanup(server.kill)
            client = Client(server.port)
            self.addCleanup(client.close)
            self.assertEqual(client.call("GET", "/v1/profiles/d:1")[0], 200)
            self.assertEqual(server.stop(), 0)
            self.assertFalse(self.other.exists())

    def test_the_environment_goes_before_the_file_and_the_file_before_the_default(self):
        self.config.write_text(f'data = "{self.other}"\n')
        self.import_into(self.data)
        common = [*PROGRAM.common, "--config", str(self.config)]
        with environment(DATA=self.data):
            self.assertIn("Alpha", PROGRAM.run_as_is("export", *common).stdout)
        self.assertIn(str(self.other), PROGRAM.run_as_is("export", *common).stderr)
        self.assertIn(NOWHERE, PROGRAM.run_as_is("export", *PROGRAM.common, "--data", str(self.place / "none")).stderr)

    def test_config_show_tells_what_a_server_would_take(self):
        self.assertEqual(self.show()["data"], '"data"  # default')
        self.config.write_text('data = "of-file"\n[serve]\nlisten = "127.0.0.1:1"\nbudget = 1\n')
        of_file = ["--config", str(self.config)]
        self.assertEqual(self.show(*of_file)["data"], '"of-file"')
        with environment(DATA="of-environment", LISTEN="127.0.0.1:2", TRUSTED_PROXY="10.0.0.1,10.0.0.2"):
            for arguments in ([*of_file, "--data", "of-flag"], ["--data", "of-flag", *of_file]):
                shown = self.show(*arguments)
                self.assertEqual(shown["data"], '"of-flag"')
                self.assertEqual(shown["listen"], '"127.0.0.1:2"')
                self.assertEqual(shown["trusted_proxies"], '["10.0.0.1", "10.0.0.2"]')
                self.assertEqual(shown["budget"], "1")
            self.assertEqual(self.show(*of_file)["data"], '"of-environment"')

    def test_a_file_of_limits_and_a_mail_server_are_settings(self):
        self.config.write_text('limits = "days.toml"\n[serve]\nsmtp_url = "smtp://mail.example.org"\n')
        shown = self.show("--config", str(self.config))
        self.assertEqual((shown["limits"], shown["smtp_url"]), ('"days.toml"', '"smtp://mail.example.org"'))

        limits = self.place / "days.toml"
        self.config.write_text(f'limits = "{limits}"\n')
        for text, told in (("answer = 3\n\nanswr = 2\n", [":3", "did you mean `answer`?"]),
                           ('review = "ten"\n', [":1", "no whole number of days"]),
                           ("head = 0\n", [":1", "from 1 to 1000"]),
                           ("answer = 3\nanswer = 4\n", [":2"]),
                           ("answer 3\n", [":1"])):
            with self.subTest(text):
                limits.write_text(text)
                checked = PROGRAM.run_as_is("config", "check", "--config", str(self.config))
                self.assertEqual(checked.returncode, 1, checked.stdout)
                for words in told:
                    self.assertIn(words, checked.stderr)
        self.assertIn("days.toml:1", PROGRAM.run(self.data, "import", str(self.file), "--config", str(self.config)).stderr)
        limits.write_text("answer = 3\n")
        self.assertEqual(PROGRAM.run_as_is("config", "check", "--config", str(self.config)).returncode, 0)
        self.import_into(self.data)

    def test_a_setting_of_another_verb_is_not_read(self):
        self.import_into(self.data)
        with environment(BUDGET="much"):
            self.assertIn("Alpha", PROGRAM.run(self.data, "export").stdout)
            self.assertEqual(PROGRAM.run_as_is("config", "show").returncode, 2)
            refused = PROGRAM.run(self.data, "serve")
            self.assertEqual(refused.returncode, 2)
            self.assertIn("much", refused.stderr)


if __name__ == "__main__":
    unittest.main()
