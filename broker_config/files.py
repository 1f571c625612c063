"""Account files on disk, and telling the running broker that they changed."""

from collections.abc import Iterable
from pathlib import Path

from broker_config.accounts import DeviceAccount, RoleAccount
from broker_config.acl import acl_text, password_text
from broker_config.storage import ensure_folder, replace_file

PASSWORD_FILE = "passwd"  # noqa: S105 - a file name
ACL_FILE = "acl"


def write_accounts(folder: Path, devices: Iterable[DeviceAccount], roles: Iterable[RoleAccount]) -> bool:
    """Write `passwd` and `acl` of exactly these accounts, 0600; whether anything changed.

    The rights go first: between the two renames an account without a password is safe, one without rights
    is not lost but deaf.
    """
    everyone, hub = tuple(devices), tuple(roles)
    passwords, acl = password_text(everyone, hub), acl_text(everyone, hub)
    home = ensure_folder(folder)
    rights_changed = replace_file(home / ACL_FILE, acl)
    accounts_changed = replace_file(home / PASSWORD_FILE, passwords)
    return rights_changed or accounts_changed
