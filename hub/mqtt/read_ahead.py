"""A socket that is read ahead: paho asks it for one byte, one byte and the rest of each packet, a system call each.

It stands where paho keeps its socket. What it has read and not handed on yet it reports as `pending`, as a TLS socket
does with what it has decrypted, so that aiomqtt goes on reading until there is none.
"""

from typing import Final, Protocol

AT_ONCE: Final = 16 * 1024  # a TLS record; so much of a backlog leaves timers and desks their turn


class Socket(Protocol):
    """What paho uses of a socket once it is connected, plain or TLS, without blocking."""

    def recv(self, size: int, /) -> bytes:
        """At most so many bytes; none when the other end has closed."""
        ...

    def send(self, data: bytes, /) -> int:
        """How many it took."""
        ...

    def fileno(self) -> int:
        """For the selector."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class ReadAhead:
    """Implements `Socket` over one of them. Its errors are those of the socket."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._ahead = memoryview(b"")
        self._read_this_turn = False

    def recv(self, size: int, /) -> bytes:
        """As the socket has it. BlockingIOError: nothing there, or enough for this turn."""
        if not self._ahead:
            if self._read_this_turn and not self._decrypted():
                raise BlockingIOError
            self._ahead = memoryview(self._socket.recv(max(size, AT_ONCE)))
            self._read_this_turn = True
        taken, self._ahead = self._ahead[:size], self._ahead[size:]
        return taken.tobytes()

    def pending(self) -> int:
        """How many bytes no selector will tell of. 0 ends a turn."""
        waiting = len(self._ahead) + self._decrypted()
        if not waiting:
            self._read_this_turn = False
        return waiting

    def send(self, data: bytes, /) -> int:
        """As the socket has it."""
        return self._socket.send(data)

    def fileno(self) -> int:
        """As the socket has it."""
        return self._socket.fileno()

    def close(self) -> None:
        """As the socket has it."""
        self._socket.close()

    def _decrypted(self) -> int:
        pending = getattr(self._socket, "pending", None)
        return int(pending()) if pending is not None else 0
