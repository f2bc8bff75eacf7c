"""A link between two programs on one machine, which a test can cut or make slow. Standard library alone."""
import socket
import threading
import time


class Link:
    """A TCP port that leads to another one, as long as it is not cut."""

    PIECE, ROOM = 65536, None  # bytes at once, and of what the system keeps of them on the way; None: as it likes

    def __init__(self, target):
        self.target, self.is_cut, self.swallows, self.pairs, self.opened = target, False, False, set(), 0
        self.listener = socket.socket()
        self.narrow(self.listener)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def narrow(self, end):
        if self.ROOM:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.ROOM)

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
            self.narrow(far)
            self.opened += 1
            self.pairs.add((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while data := one.recv(self.PIECE):
                self.carry(data, other)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs = {pair for pair in self.pairs if one not in pair}

    def carry(self, data, other):
        if not self.swallows:
            other.sendall(data)

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


class SlowLink(Link):
    """So many bytes a second each way, with little room on the way."""
    PIECE, ROOM = 1024, 8192

    def __init__(self, target, rate):
        self.rate, self.carried = rate, 0
        super().__init__(target)

    def carry(self, data, other):
        time.sleep(len(data) / self.rate)
        super().carry(data, other)
        self.carried += len(data)
