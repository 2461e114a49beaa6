"""A reader of the live stream as a browser is one: in a thread, coming back with its last id."""

import contextlib
import http.client
import json
import queue
import socket
import threading

PATIENCE_S = 60


class Listener:
    """Reads one stream; `next()` gives what it was told, `last_id` where it stands."""

    def __init__(self, server, token, *, topics="", last_id=None):
        self.told = queue.Queue()
        self.last_id = last_id
        self.ended = threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        headers = {"cookie": f"yitong_session={token}"}
        if last_id is not None:
            headers["last-event-id"] = str(last_id)
        self._connection.request("GET", f"/live?topics={topics}", headers=headers)
        self._socket = self._connection.sock
        self.answer = self._connection.getresponse()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        if self.answer.status == 200:
            assert self._opened.wait(PATIENCE_S)

    def _read(self):
        data, name, number = [], "message", None
        try:
            for raw in self.answer:
                field, _, value = raw.decode().rstrip("\n").partition(": ")
                if field == "id":
                    number = int(value)
                elif field == "data":
                    data.append(value)
                elif field == "event":
                    name = value
                elif not field:
                    self._dispatch(data, name, number)
                    data, name = [], "message"
        except (OSError, http.client.HTTPException, ValueError):
            pass
        self.ended.set()

    def _dispatch(self, data, name, number):
        if number is not None:
            self.last_id = number
        if data:
            self.told.put((name, json.loads("\n".join(data))))
        elif number is not None:
            self._opened.set()

    def next(self):
        """Wait for the next event."""
        _, event = self.told.get(timeout=PATIENCE_S)
        return event

    def all(self):
        """Give what was told up to now, without waiting."""
        told = []
        while not self.told.empty():
            told.append(self.told.get_nowait()[1])
        return told

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)
        self._connection.close()
