"""Finished audio over HTTP: to loudspeakers by its hash for ever, to people as a preview."""

from __future__ import annotations

import hashlib

from broadcast.audio.store import FileStore
from broadcast.ports import Mastered
from tests.integration.test_api_broadcasts import WORDS
from tests.stores import VILLAGE_ADMIN
from tests.village import AUDIO
from tests.web import problem
from tests.web_broadcasts import Air, ok

SOUND = bytes(range(256)) * 40


def stored(air: Air) -> str:
    """A file in the store of the hub; its hash."""
    folder = air.desk.recordings.parent / "audio"
    return FileStore(folder).put(Mastered(SOUND, 1_000, -16.0, -3.0)).sha256


async def test_a_loudspeaker_fetches_a_file_whole_or_from_where_it_was_cut_off(air: Air) -> None:
    sha256 = stored(air)
    loudspeaker = air.hub.client().http
    whole = await loudspeaker.get(f"/a/{sha256}")
    assert hashlib.sha256(whole.content).hexdigest() == sha256
    assert whole.headers["etag"] == f'"{sha256}"'
    assert "immutable" in whole.headers["cache-control"]
    rest = await loudspeaker.get(f"/a/{sha256}", headers={"Range": "bytes=10000-", "If-Range": f'"{sha256}"'})
    assert (rest.status_code, rest.content) == (206, SOUND[10000:])
    beyond = await loudspeaker.get(f"/a/{sha256}", headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416
    head = await loudspeaker.head(f"/a/{sha256}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(SOUND)), b"")


async def test_what_the_asker_has_is_not_sent_again(air: Air) -> None:
    sha256 = stored(air)
    again = await air.hub.client().http.get(f"/a/{sha256}", headers={"If-None-Match": f'W/"{sha256}"'})
    assert (again.status_code, again.content) == (304, b"")


async def test_no_other_file_is_given_out(air: Air) -> None:
    for name in ("0" * 64, "memo", "..%2F..%2Fxiangyin.db", "x" * 64):
        answer = await air.hub.client().http.get(f"/a/{name}")
        assert answer.status_code == 404, name


async def test_a_preview_waits_for_its_audio(air: Air) -> None:
    admin = await air.hub.sign_in(VILLAGE_ADMIN)
    later = air.hub.clock.now() + 3_600_000
    broadcast = ok(await admin.post("/broadcasts", WORDS | {"at": later, "text": "坏字"}), 201)["id"]
    assert problem(await admin.get(f"/broadcasts/{broadcast}/audio"), 409)["type"] == "broadcast-not-prepared"
    ready = ok(await admin.post("/broadcasts", WORDS | {"at": later}), 201)["id"]
    await air.until(admin, ready, lambda view: view["state"] == "scheduled")
    gone = problem(await admin.get(f"/broadcasts/{ready}/audio"), 404)
    assert (gone["type"], gone["sha256"]) == ("broadcast-audio-missing", AUDIO.sha256)
    assert (await air.hub.client().http.get(f"/api/v1/broadcasts/{ready}/audio")).status_code == 401
