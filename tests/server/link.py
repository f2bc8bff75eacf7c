"""A link between two programs on one machine, which a test can cut. Standard library alone."""
import socket
import threading


class Link:
    """A TCP port that leads to another one, as long as it is not cut."""

    def __init__(self, target):
        self.target, self.is_cut, self.swallows, self.pairs = target, False, False, set()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            self.pairs.add((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while data := one.recv(65536):
                if not self.swallows:
                    other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs = {pair for pair in self.pairs if one not in pair}

    def cut(self):
        self.is_cut = True
        self.drop()

    def drop(self):
        for pair in list(self.pairs):
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def swallow(self):
        """Nothing is closed, and nothing arrives."""
        self.swallows = True

    def heal(self):
        if self.swallows:
            self.drop()  # what was swallowed is missing in the middle of a stream
        self.is_cut = self.swallows = False
