"""What loudspeakers say of a run."""

from broadcast.domain import receipts
from broadcast.rows import Tale, Told, Work
from devices.messages import Receipt


def report(work: Work, device: str, receipt: Receipt, now: int) -> bool:
    """Take one receipt; False for a run that was not addressed to this loudspeaker, or that nobody knows."""
    before = work.runs.progress(receipt.run, device)
    if before is None:
        return False
    after = receipts.take(before, receipt, now)
    if after == before:
        return True
    if not work.runs.report(before, after):
        raise work.collide()  # its copy reached another hub this instant
    work.tell(Tale(told=Told.RUN_RECEIPT, at=now, area=after.area, progress=after))
    return True
