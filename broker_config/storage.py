"""Files that another process reads at any moment: replaced whole, or left alone."""

import os
import tempfile
from pathlib import Path

from broker_config.errors import BrokerConfigError
from devices.errors import Kind

SECRET_MODE = 0o600
PUBLIC_MODE = 0o644
FOLDER_MODE = 0o700


def ensure_folder(folder: Path) -> Path:
    """Return `folder` as an absolute path, made when it is missing, for this user alone."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise BrokerConfigError(
            f"the folder {folder} cannot be made ({error.strerror}); name one that this user may write",
            Kind.UNAVAILABLE,
        ) from error
    return folder.resolve()


def replace_file(path: Path, text: str, mode: int = SECRET_MODE) -> bool:
    """Make `path` hold `text`, by rename so that no reader sees half of it; False when it did already."""
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return False
        _write_and_rename(path, text, mode)
    except OSError as error:
        raise BrokerConfigError(
            f"{path} cannot be written ({error.strerror}); check the rights of its folder and the free space",
            Kind.UNAVAILABLE,
        ) from error
    return True


def _write_and_rename(path: Path, text: str, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave the new name on an empty file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
