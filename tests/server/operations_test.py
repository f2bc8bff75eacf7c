"""Dashboard and alert rules ask for metrics that the server has, by labels that these have.

    operations_test.py ROOT    standard library only
"""
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".")
OPERATIONS = ROOT / "server" / "operations"
SOURCE = "".join((OPERATIONS / name).read_text() for name in ("metrics.cpp", "network_metrics.cpp", "replica_metrics.cpp"))
HISTOGRAMS = re.findall(r'head\(out, "(\w+)", "histogram"', SOURCE)
GIVEN = set(re.findall(r'"((?:counterpart|process)_\w+)"', SOURCE)) | {"counterpart_build_info", "up"}
GIVEN |= {name + part for name in HISTOGRAMS for part in ("_bucket", "_sum", "_count")}
# Prometheus itself adds job and instance.
LABELS = set(re.findall(r'(\w+)=\\"', SOURCE)) | set(re.findall(r'label\("(\w+)"', SOURCE)) | {"job", "instance", "le"}


def expressions():
    dashboard = json.loads((OPERATIONS / "grafana-dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    rules = (OPERATIONS / "alerts.yml").read_text()
    for name, body in re.findall(r"- alert: (\w+)\n\s+expr: (.*?)\n\s+(?:for|labels):", rules, re.S):
        yield name, body


class Operations(unittest.TestCase):
    def test_every_metric_asked_for_is_given(self):
        asked = list(expressions())
        self.assertGreater(len(asked), 30)
        for where, expression in asked:
            plain = re.sub(r'"[^"]*"', '""', expression)
            for name in re.findall(r"\b(?:counterpart_\w+|process_\w+|up)\b", plain):
                self.assertIn(name, GIVEN, where)
            for label in re.findall(r"(\w+)\s*=~?", re.sub(r".*?(\{[^}]*\}|$)", r"\1", plain)):
                self.assertIn(label, LABELS, where)

    def test_every_alert_says_what_to_do(self):
        rules = (OPERATIONS / "alerts.yml").read_text()
        alerts = rules.split("- alert: ")[1:]
        self.assertGreater(len(alerts), 10)
        for alert in alerts:
            for part in ("expr:", "severity:", "summary:", "remedy:"):
                self.assertIn(part, alert, alert.splitlines()[0])

    def test_every_metric_is_on_the_dashboard_or_in_an_alert(self):
        text = " ".join(expression for _, expression in expressions())
        unseen = {name for name in set(re.findall(r'"((?:counterpart|process)_\w+)"', SOURCE)) if name not in text}
        self.assertEqual(unseen, {"counterpart_store_sequence", "counterpart_index_sequence", "counterpart_match_run_seconds"})

    def test_no_unit_opens_the_data_directory_to_others(self):
        for unit in sorted((ROOT / "server" / "systemd").glob("*.service")):
            text = unit.read_text()
            with self.subTest(unit.name):
                self.assertEqual("StateDirectory=" in text, "StateDirectoryMode=0700" in text)
                self.assertNotRegex(text, r"UMask=(?!0077)")


if __name__ == "__main__":
    unittest.main()
