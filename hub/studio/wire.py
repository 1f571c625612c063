"""What the calls role asks the studio, and what it answers: JSON over its socket (hub/local_socket.py).

Sound never passes here: recordings and finished audio lie in the data folder under their hashes.
"""

import msgspec

from broadcast.domain.broadcasts import Audio
from broadcast.errors import Value

SOCKET = "studio.sock"


class TextWanted(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """Speak this text `times` over, after `before`; `spoken` when somebody has written how it is to be read.

    `emergency` chooses the chime, `local` keeps the text on this machine.
    """

    text: str
    spoken: str | None
    before: str
    times: int
    emergency: bool
    local: bool


class RecordingWanted(msgspec.Struct, frozen=True, kw_only=True, tag="recording"):
    """Finish the recording of this hash, `times` over."""

    sha256: str
    times: int
    emergency: bool


class SpokenAsked(msgspec.Struct, frozen=True, tag="spoken"):
    """How will this text be read aloud?"""

    text: str


class RecordingAsked(msgspec.Struct, frozen=True, tag="check"):
    """Is the file of this hash a recording that can be used?"""

    sha256: str


Wanted = TextWanted | RecordingWanted
Question = TextWanted | RecordingWanted | SpokenAsked | RecordingAsked


class Made(msgspec.Struct, frozen=True, kw_only=True, tag="made"):
    """Finished audio that lies in the store, and how its text was read (empty for a recording)."""

    spoken: str
    audio: Audio


class Spoken(msgspec.Struct, frozen=True, tag="spoken"):
    """The text as it will be read."""

    text: str


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """A recording that can be used, and how long it is."""

    ms: int


class Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    """A BroadcastError, carried over."""

    problem: str
    values: dict[str, Value]
    detail: str


Answer = Made | Spoken | Checked | Trouble

QUESTION: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
ANSWER: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
