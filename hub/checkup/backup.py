"""How old the last backup is."""

from hub.backup.manifest import last_backup
from hub.checkup.finding import Finding, doubtful, fine
from hub.settings import Settings

OLD_DAYS = 3
_DAY_S = 86_400


def examine_backup(settings: Settings, now_s: float) -> Finding:
    """Whether there is one, and of when."""
    last = last_backup(settings.data_dir)
    if last is None:
        return doubtful("backup", "doctor-backup-none")
    days = max(0, int((now_s - last.at / 1000) // _DAY_S))
    told = doubtful if days > OLD_DAYS else fine
    return told("backup", "doctor-backup" if told is fine else "doctor-backup-old", days=days, file=last.file)
