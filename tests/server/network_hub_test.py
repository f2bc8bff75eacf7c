"""A hub of three NATS nodes and the leaves of two offices, as server/nats ships their configuration, over TLS by certificates that
`counterpart network certificate` made: bundles arrive whatever node goes, and whoever has no right certificate is refused.

    network_hub_test.py BINARY SOURCE MODELS    standard library only; ends with 77 where no NATS server can be had
"""
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from nats_hub import PROGRAM, Direct, Hub, Leaf, NatsProcess, certificate, free_port, wait_for
from network_wire_test import Office


class OverAHub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.place, True)
        cls.hub = Hub(cls.place)
        cls.addClassCleanup(cls.hub.end)
        cls.hub.start()
        cls.leaves = [Leaf(cls.hub, name) for name in ("lagos", "cairo")]
        for leaf in cls.leaves:
            leaf.start()
            cls.addClassCleanup(leaf.kill)
        cls.rome, cls.lagos, cls.cairo = (Office(cls.place, name) for name in ("rome", "lagos", "cairo"))
        for one in (cls.rome, cls.lagos, cls.cairo):
            for other in {"rome", "lagos", "cairo"} - {one.name}:
                one.say("network", "add", str(cls.place / f"{other}.card"))
        for office, wire in ((cls.rome, Direct(cls.hub, "rome")), (cls.lagos, cls.leaves[0]), (cls.cairo, cls.leaves[1])):
            office.serve(wire)
            cls.addClassCleanup(office.server.kill)

    def arrives(self, text):
        for office in (self.lagos, self.cairo):
            wait_for(lambda: office.says("rome:0") == text, f"`{text}` at {office.name}")

    def test_bundles_arrive_over_tls_whatever_node_goes(self):
        self.arrives("solar pumps")
        self.assertIn(b'"num_replicas":3', self.leaves[0].ask("$JS.API.STREAM.INFO.COUNTERPART"))
        leader = self.hub.leader()
        leader.kill()
        self.rome.put(0, "without the leader")
        self.arrives("without the leader")
        leader.launch()
        wait_for(self.hub.is_whole, "the hub to be whole again")
        for link in self.leaves[0].links:
            link.cut()
        self.rome.put(0, "while Lagos was cut off")
        wait_for(lambda: self.cairo.says("rome:0") == "while Lagos was cut off", "Cairo to have it")
        self.lagos.put(0, "by Lagos alone")  # its work goes on
        for link in self.leaves[0].links:
            link.heal()
        self.arrives("while Lagos was cut off")
        wait_for(lambda: self.rome.says("lagos:0") == "by Lagos alone", "Lagos's own to arrive")

    # --- Whoever shows the wrong certificate, or is shown one.

    def refused(self, *options, **replaced):
        settings = {"url": f"tls://127.0.0.1:{self.hub.nodes[0].clients}", "monitor": self.hub.monitors(),
                    "ca": self.hub.keys / "hub-ca.pem", "cert": self.hub.keys / "rome.pem", "key": self.hub.keys / "rome.key", **replaced}
        data = self.place / "alone"
        if not data.exists():
            Office(self.place, "alone")
        words = [word for name, value in settings.items() if value for word in (f"--network-{name}", str(value))]
        server = subprocess.Popen([PROGRAM.binary, "serve", "--open-local", "--data", str(data), *PROGRAM.common, "--listen", "127.0.0.1:0",
                                   "--log-level", "warn", *words, *options], stderr=subprocess.PIPE, text=True)
        said = ""
        try:
            for line in server.stderr:
                said += line
                if "network" in line or "NATS" in line:
                    break
        finally:
            server.kill()
            server.wait()
            server.stderr.close()
        return said

    def refused_at_the_door(self, **replaced):
        said = self.refused(**replaced)
        self.assertIn("connecting: ", said)
        self.assertIn("that --network-ca signed that certificate; and that this office's own is given, of the hub's authority", said)

    def plain_url(self):
        return f"nats://127.0.0.1:{self.hub.nodes[0].clients}"

    def test_a_missing_or_a_wrong_certificate_is_refused_with_its_remedy(self):
        others = self.place / "others"
        certificate(others, "rome")
        certificate(others, "hub-0", "127.0.0.1")
        self.refused_at_the_door(cert=None, key=None)
        self.refused_at_the_door(cert=others / "rome.pem", key=others / "rome.key")
        self.refused_at_the_door(ca=others / "hub-ca.pem")
        self.assertIn("where it wants TLS, give --network-ca", self.refused(ca=None, cert=None, key=None, url=self.plain_url()))
        readable = self.place / "readable.key"
        shutil.copy(self.hub.keys / "rome.key", readable)
        readable.chmod(0o644)
        self.assertIn("everybody on this machine may read the key", self.refused(key=readable))
        self.assertIn("a certificate needs its key", self.refused(key=None))
        self.assertIn("of two replicas neither knows which is right", self.refused("--network-replicas", "2"))
        # An office's certificate does not make it a hub, and a node's is good for its own hosts alone.
        certificate(self.hub.keys, "hub-9", "hub9.example.org")
        for name in ("rome", "hub-9"):
            false = self.false_hub(name)
            self.addCleanup(false.kill)
            self.refused_at_the_door(url=f"tls://127.0.0.1:{self.false_port}")
            false.kill()

    def false_hub(self, name):
        """A server of its own, without JetStream, that shows that certificate."""
        false = NatsProcess(self.place / f"false-{name}", "hub.conf", name)
        self.false_port = free_port()
        keys = self.hub.keys
        false.config.write_text(f"server_name: {name}\nlisten: 127.0.0.1:{self.false_port}\nmax_payload: 8MB\n"
                                f"tls {{ ca_file: \"{keys}/hub-ca.pem\", cert_file: \"{keys}/{name}.pem\", key_file: \"{keys}/{name}.key\" }}\n")
        false.launch()
        wait_for(lambda: self.listens(self.false_port), "it to listen")
        return false

    @staticmethod
    def listens(port):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
