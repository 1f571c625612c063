"""What families and helpers are told by telephone: who has the call, that it is over; once, and no two truths."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator

from tests.simulation.known import FAMILY_HEARS, HELD, NOT_OUTSIDE
from tests.simulation.tracks import Track

ANSWERED, CLOSED, WAITS = "notice-call-answered", "notice-call-closed", "notice-call-waits"
SAME_MOMENT_MS = 1_000
AFTERWARDS = (CLOSED, "notice-feedback", "notice-feedback-own")


class Families:
    """Reads what is queued for people, and what arrived at their telephones."""

    def __init__(
        self,
        rows: Callable[[], sqlite3.Connection],
        violated: Callable[..., None],
        tracks: dict[str, Track],
    ) -> None:
        self._rows = rows
        self._violated = violated
        self._tracks = tracks
        self._queued = 0
        self._delivered = 0
        self._new: list[
            tuple[str, str, str, bool, bool]
        ] = []  # message, address, call, and what it was before
        self._got: Counter[tuple[str, str, str]] = Counter()  # message, call, address
        self._names: dict[
            tuple[str, str], list[tuple[int, float, str]]
        ] = {}  # call, address: what arrived when
        self._phones: dict[str, str | None] = {}
        self._within: dict[str, list[str]] = {}  # call: those that became part of it
        self._restless: dict[str, Track] = {}  # not those whose end everybody knows, with nothing new since

    def stirred(self, track: Track) -> None:
        """There is news of a call, or it arrived with a family."""
        self._restless[track.id] = track
        if track.merged_into is not None:
            self._restless[track.merged_into] = self._tracks[track.merged_into]

    def queued(self) -> None:
        """What a commit queued, before its events are read."""
        rows = self._rows().execute(
            "SELECT id, address, body FROM outbox WHERE kind = 'notice' AND id > ? ORDER BY id",
            (self._queued,),
        )
        for number, address, body in rows.fetchall():
            self._queued = number
            draft = json.loads(body)
            track = self._about(draft.get("key"))
            if track is not None:
                self._new.append((draft["message"], address, track.id, track.was_answered, track.over))

    def judge(self) -> None:
        """After the events of that commit: whether it fits what was so before, or is so now."""
        for message, address, call, was_answered, was_over in self._new:
            track = self._tracks[call]
            if message == WAITS and was_answered:
                self._broken(
                    f"{address} hears that nobody ever answered call {call}, which was answered", call
                )
            if message not in AFTERWARDS and was_over and track.over:
                self._broken(f"{address} is told {message} of call {call}, which is over", call)
        self._new.clear()

    def delivered(self, now: float) -> Iterator[tuple[str, str]]:
        """The notices that have arrived since the last look: address and text."""
        rows = self._rows().execute(
            "SELECT id, address, body, key FROM notices WHERE id > ? ORDER BY id", (self._delivered,)
        )
        for number, address, body, key in rows.fetchall():
            self._delivered = number
            track = self._about(key)
            if track is not None:
                self._arrived(track, address, body, key, now)
            yield address, body

    def merged(self, gone: Track, into: Track, now: float) -> None:
        """Whoever was told of `gone` is told of `into` from now on."""
        self._within.setdefault(into.id, []).extend((gone.id, *self._within.pop(gone.id, ())))
        for household in gone.takes:
            # who has been told that the very same person has it need not hear it again; it may still be to come
            told = self._got[ANSWERED, gone.id, self._phone(household) or ""]
            knows = gone.holder is not None and gone.holder == into.holder and told >= gone.takes[household]
            again = int(into.holder is not None and not knows)
            into.takes[household] = into.takes.get(household, 0) + again
            into.ends.setdefault(household, 0)
            into.joined_s[household] = now

    def due(self, is_late: Callable[[float], bool]) -> None:
        """Who should have been told by now."""
        for track in list(self._restless.values()):
            if not track.real or track.merged_into is not None:
                del self._restless[track.id]
                continue
            for household in track.takes:
                self._require_told(track, household, is_late)
            if track.over and is_late(track.over_s):
                del self._restless[track.id]

    def final(self) -> None:
        """After the rest, of every call."""
        self._restless = dict(self._tracks)
        self.due(lambda _: True)

    def _require_told(self, track: Track, household: str, is_late: Callable[[float], bool]) -> None:
        phone = self._phone(household)
        if phone is None:
            return
        late = track.state in HELD and is_late(max(track.holder_s, track.joined_s.get(household, 0.0)))
        if late and not self._knows(track, phone):
            self._broken(f"{phone} was not told that {track.holder} has call {track.id}", track.id)
        if track.over and is_late(track.over_s) and not self._knows_the_end(track, phone):
            self._broken(f"{phone} was not told that call {track.id} is over", track.id)

    def _knows(self, track: Track, phone: str) -> bool:
        """Whether the newest that a family was told, of this call or one that became part of it, is who has it."""
        return any(f"{track.holder}值班员" in body for body in self._newest(track, phone))

    def _knows_the_end(self, track: Track, phone: str) -> bool:
        return CLOSED in self._newest(track, phone)

    def _newest(self, track: Track, phone: str) -> list[str]:
        """By the time at which it was queued, and by that at which it arrived: ways are not equally long, and two hubs
        that say two things in the same second send them in either order."""
        told = [
            one
            for call in (track.id, *self._within.get(track.id, ()))
            for one in self._names.get((call, phone), ())
        ]
        newest = max(told, default=(0, 0.0, ""))[0]
        by_arrival = max(told, key=lambda one: one[1])[2:] if told else ()
        return [*by_arrival, *(said for queued, _, said in told if queued > newest - SAME_MOMENT_MS)]

    def _arrived(self, track: Track, address: str, body: str, key: str, now: float) -> None:
        if not track.real and not address.startswith("user:"):
            self._violated(NOT_OUTSIDE, f"{address} was told of call {track.id}, a drill or a test", track.id)
        self.stirred(track)
        message = key.partition(":")[0]
        self._got[message, track.id, address] += 1
        if message in (ANSWERED, CLOSED):
            said = body if message == ANSWERED else CLOSED
            self._names.setdefault((track.id, address), []).append((int(key.rpartition(":")[2]), now, said))
        for told, counts in ((ANSWERED, track.takes), (CLOSED, track.ends)):
            most = sum(times for household, times in counts.items() if self._phone(household) == address)
            if message == told and self._got[message, track.id, address] > most:
                self._broken(
                    f"{address} was told {message} of call {track.id} more often than it came about", track.id
                )

    def _about(self, key: str | None) -> Track | None:
        """The call that a notice is about: keys name it."""
        return next((self._tracks[part] for part in (key or "").split(":") if part in self._tracks), None)

    def _phone(self, household: str) -> str | None:
        if household not in self._phones:
            query = "SELECT phone FROM contacts WHERE resident = ? AND phone <> '' ORDER BY position LIMIT 1"
            found = self._rows().execute(query, (household,)).fetchone()
            self._phones[household] = None if found is None else f"sms:{found[0]}"
        return self._phones[household]

    def _broken(self, text: str, call: str) -> None:
        self._violated(FAMILY_HEARS, text, call)
