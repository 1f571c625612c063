"""What loudspeakers say of a run."""

from broadcast.domain import receipts
from broadcast.domain.receipts import Progress
from broadcast.domain.zones import covers
from broadcast.rows import Address, Tale, Told, Work
from devices.messages import Receipt, ReceiptState


def report(work: Work, device: str, receipt: Receipt, now: int) -> bool:
    """Take one receipt; False for a run that was not addressed to this loudspeaker, or that nobody knows."""
    before = work.runs.progress(receipt.run, device)
    if before is None:
        return False
    _take(work, before, receipt, now)
    return True


def unsent(work: Work, run_id: str, address: Address, reason: str, now: int) -> None:
    """The command for `address` was refused by our own signer: whom it was to reach will not play."""
    failed = Receipt(run=run_id, state=ReceiptState.FAILED, reason=reason)
    for part in work.runs.all_progress(run_id):
        meant = part.device == address.name if address.is_device else covers(address.name, part.area)
        if meant and part.reported_at is None:
            _take(work, part, failed, now)


def _take(work: Work, before: Progress, receipt: Receipt, now: int) -> None:
    after = receipts.take(before, receipt, now)
    if after == before:
        return
    if not work.runs.report(before, after):
        raise work.collide()  # its copy reached another hub this instant
    work.tell(Tale(told=Told.RUN_RECEIPT, at=now, area=after.area, progress=after))
