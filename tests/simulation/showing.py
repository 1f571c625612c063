"""What reaches a hub is on its screens at once, recorded or not."""

from typing import TYPE_CHECKING

from tests.simulation.known import GRACE_S, SHOWN_AT_ONCE

if TYPE_CHECKING:
    from tests.simulation.process import Life
    from tests.simulation.world import World


def must_show(world: "World", life: "Life", device: str, press: str) -> None:
    """A press that is new here must be on every screen that is open here now and stays so; a copy of one that is
    stored on any, if nobody has seen it."""
    known = world.ledger.presses.get((device, press))
    if known is None or not known.rings:
        return
    is_new = not world.oracle.is_stored(known.key)
    if not is_new and known.seen_at_s is not None:
        return
    at_s = world.loop.time()
    place = known.button
    steady = [p for p in world.people if p.life is life and p.sees(place.area, place.clinic)]

    def look() -> None:
        # the call that it joined may be of another place, since its household's own was merged
        call = world.oracle.cases.get(world.oracle.shown_in.get(known.key, ""))
        able = [p for p in steady if call is None or p.sees(call.area, call.clinic)]
        still = [p for p in able if p.life is life and p.steady_for(at_s)]
        blind = [p for p in still if is_new and p.user.id not in known.seen_by]
        if life.alive and (blind or (still and known.seen_at_s is None)):
            world.oracle.violated(
                SHOWN_AT_ONCE,
                f"press {press} of {device} reached {life.store.owner} {GRACE_S:.0f} s ago,"
                f" and {(blind or still)[0].user.id} there has not seen it",
                device,
                press,
            )

    if steady:
        world.loop.call_later(GRACE_S, look)
