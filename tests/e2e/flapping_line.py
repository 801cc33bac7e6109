"""A line between a browser and a server that does to each request what a test tells it to do.

Every request has a connection of its own, on 127.0.0.1 alone, and nothing waits longer than WAIT seconds.
"""

import contextlib
import socket
import socketserver
import threading
import time
from collections import Counter
from enum import Enum

WAIT, DELAY, A_MOMENT = 30, 1.0, 0.02  # seconds


class Mood(Enum):
    """What the line does to one request."""

    PASS = "brings it there and the answer back"
    DROP = "closes at once: the server never hears of it"
    DELAY = "waits a second first"
    CUT = "the server does it, and its answer never arrives"
    HALF = "the server does it, and half of its answer arrives"
    KILL = "the server is killed while it is at it"


class FlappingLine(socketserver.ThreadingTCPServer):
    """Listens at `url`. `mood(method, path)` decides about each request; `moods` counts what was decided."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port, kill):
        super().__init__(("127.0.0.1", 0), _Request)
        self.server_end, self.kill = ("127.0.0.1", port), kill
        self.mood = lambda _method, _path: Mood.PASS
        self.moods = Counter()
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def decide(self, method, path):
        with self.lock:
            mood = self.mood(method, path)
            self.moods[mood] += 1
            return mood


class _Request(socketserver.StreamRequestHandler):
    timeout = WAIT

    def handle(self):
        # Either end may hang up at any time: that is what this line is for.
        with contextlib.suppress(OSError):
            self._bring()

    def _bring(self):
        method, path, request = self._read()
        if not request:
            return  # a browser opens connections that it may need
        mood = self.server.decide(method, path)
        if mood is Mood.DROP:
            return
        if mood is Mood.DELAY:
            time.sleep(DELAY)
        answer = self._forward(request, kill=mood is Mood.KILL)
        if mood is Mood.HALF:
            head, blank, body = answer.partition(b"\r\n\r\n")
            self.wfile.write(head + blank + body[: len(body) // 2])
        elif mood is not Mood.CUT:
            self.wfile.write(answer)

    def _read(self):
        """(method, path, the request as it goes on), or empty ones."""
        lines = []
        while (line := self.rfile.readline(65536)) not in {b"\r\n", b""}:
            lines.append(line)
        if not lines or not line:
            return "", "", b""
        named = {name.lower(): value for name, _, value in (one.partition(b":") for one in lines[1:])}
        body = self.rfile.read(int(named.get(b"content-length", b"0")))
        kept = [one for one in lines if not one.lower().startswith(b"connection:")]
        method, path, _version = lines[0].decode("latin-1").split(" ", 2)
        return method, path, b"".join([*kept, b"Connection: close\r\n\r\n", body])

    def _forward(self, request, kill):
        """All that the server says; what it had said by then if it dies."""
        parts = []
        with socket.create_connection(self.server.server_end, timeout=WAIT) as there:
            there.sendall(request)
            if kill:
                time.sleep(A_MOMENT)
                self.server.kill()
            with contextlib.suppress(ConnectionError):
                while part := there.recv(65536):
                    parts.append(part)
        return b"".join(parts)
