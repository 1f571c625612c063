"""Where InfluxDB is and what it is asked, for those who write and those who read."""

from urllib.parse import urlsplit

import msgspec


class InfluxAccess(msgspec.Struct, frozen=True, kw_only=True):
    """`bucket` may be `database/retention-policy`, as version 1 has them; `token` and `org` may be empty."""

    url: str
    token: str
    org: str
    bucket: str

    @property
    def name(self) -> str:
        """What people call it: for every screen, so without a password that its URL may hold."""
        parts = urlsplit(self.url)
        return f"InfluxDB {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
