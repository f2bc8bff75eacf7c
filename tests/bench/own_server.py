"""A server of our own, started and ended by a bench, with one kept-alive connection to it."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

READY_WITHIN_S = 600


class Server:
    """Ended with the `with`. `ready_after`: seconds from the start of the process until /readyz was answered with 200."""

    def __init__(self, command):
        self.command = [str(part) for part in command]

    def __enter__(self):
        start = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        watchdog = threading.Timer(READY_WITHIN_S, self.process.kill)
        watchdog.start()
        try:
            self.connect()
            self.ready_after = time.monotonic() - start
        except BaseException:
            self.__exit__()
            raise
        finally:
            watchdog.cancel()
        # Nobody else empties the pipe, and a full one would stop the server.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        return self

    def connect(self):
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"listening on 127\.0\.0\.1:(\d+)", line)
            if found:
                break
        else:
            sys.exit(f"the server did not start:\n{said}")
        self.port = int(found[1])
        self.open()
        while not self.ready():
            time.sleep(0.01)

    def open(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ready(self):
        self.connection.request("GET", "/readyz")
        answer = self.connection.getresponse()
        answer.read()
        return answer.status == 200

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, target, body, wanted=200):
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):  # idle for a minute: the server has ended it
            self.open()
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != wanted:
            sys.exit(f"{method} {target} {body} was answered with {answer.status}: {text.decode()[:500]}")
        return text

    def time_calls(self, bodies):
        """Milliseconds of each POST /v1/match, one after the other."""
        times = []
        for body in bodies:
            sent = json.dumps(body).encode()
            start = time.perf_counter()
            self.call("POST", "/v1/match", sent)
            times.append((time.perf_counter() - start) * 1000)
        return times

    def run_status(self):
        return json.loads(self.call("GET", "/v1/runs", None))["status"]

    def memory(self):
        """VmRSS and VmHWM in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return {name: int(kib) * 1024 / 1e6 for name, kib in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}
