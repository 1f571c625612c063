"""Where InfluxDB is and what it is asked, for those who write and those who read."""

import msgspec


class InfluxAccess(msgspec.Struct, frozen=True, kw_only=True):
    """`bucket` may be `database/retention-policy`, as version 1 has them; `token` and `org` may be empty."""

    url: str
    token: str
    org: str
    bucket: str

    @property
    def name(self) -> str:
        """What people call it."""
        return f"InfluxDB {self.url}"
