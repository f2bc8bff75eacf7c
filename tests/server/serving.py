"""The real program served over a directory, as the tests that crash and measure it need it. Standard library alone."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def wait_for(done, what, patience=60):
    """What `done` finds, within so many seconds."""
    until = time.monotonic() + patience
    while not (found := done()):
        if time.monotonic() > until:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.1)
    return found


class Program:
    def __init__(self, binary, source, models, fine="none"):
        self.binary = binary
        self.patience = 600  # seconds that one command may take
        self.common = ["--datasets", source + "/datasets", "--models", models, "--fine", fine]

    def run(self, data, verb, *arguments):
        return self.run_as_is(verb, "--data", str(data), *self.common, *arguments)

    def run_as_is(self, *arguments):
        return subprocess.run([self.binary, *arguments], capture_output=True, text=True, timeout=self.patience)

    def answer(self, data, verb, *arguments):
        done = self.run(data, verb, *arguments, "--json")
        if done.returncode not in (0, 1) or not done.stdout:
            sys.exit(f"{verb} {arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
        return json.loads(done.stdout)


class Gone(Exception):
    """The server died, or the connection did: whether the call was done is not known."""


class Server:
    """Asks for no token unless `guarded`: then `token` is the administrator's, if this start made one. `environment` is added."""

    def __init__(self, program, data, *options, guarded=False, environment=None, port=0):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [program.binary, "serve", "--data", str(data), *program.common, "--listen", f"127.0.0.1:{port}",
             *([] if guarded else ["--open-local", "--log-level", "warn"]), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        self.said = []
        self.port = None
        for line in self.process.stderr:
            self.said.append(line)
            found = re.match(r"listening on .*:(\d+)$", line.strip())
            if found:
                self.port = int(found.group(1))
                break
        if self.port is None and self.process.wait() == -signal.SIGKILL:
            raise Gone("killed before it listened")
        if self.port is None:
            sys.exit("the server did not start:\n" + "".join(self.said[-20:]))
        self.seconds_to_open = time.monotonic() - began
        self.token = None
        if any("administrator's token" in line for line in self.said):
            self.token = self.process.stdout.readline().strip()
        # What follows is read on, so that the server's log never fills the pipe.
        threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True).start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


class Client:
    """One connection, one thread."""

    def __init__(self, port, token=None):
        self.port = port
        self.connection = None
        self.authorization = {"Authorization": "Bearer " + token} if token else {}

    def open(self):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self.connection

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def call(self, method, target, body=None, headers=None, media="application/json"):
        """Status, headers by lower-case name, JSON or text."""
        text = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        try:
            connection = self.open()
            connection.request(method, target, text, {"Content-Type": media, **self.authorization, **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone(str(error)) from error
        kind = answer.headers.get("Content-Type", "")
        said = content.decode()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, json.loads(said) if "json" in kind and "ndjson" not in kind and said else said

    def pages(self, target):
        """Status and answer of each page, to the last or to one that is not 200."""
        cursor = ""
        while True:
            status, _, page = self.call("GET", target + (f"&cursor={cursor}" if cursor else ""))
            yield status, page
            cursor = page.get("next_cursor") if status == 200 else None
            if not cursor:
                return

    def lines(self, target, body):
        """Each line of a streamed answer as it arrives."""
        try:
            connection = self.open()
            connection.request("POST", target, body, {"Content-Type": "application/x-ndjson", **self.authorization})
            answer = connection.getresponse()
            if answer.status != 200:
                answer.read()
                return
            for line in answer:
                if line.endswith(b"\n"):
                    yield json.loads(line)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone(str(error)) from error
