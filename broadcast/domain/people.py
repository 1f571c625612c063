"""Who speaks through loudspeakers, as far as a broadcast knows them."""

import msgspec

from broadcast.domain.zones import covers


class By(msgspec.Struct, frozen=True):
    """A person who did something to a broadcast."""

    id: str
    name: str


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may broadcast to `area` and all that lies in it.

    `may_approve`: they may be the second person that emergencies and county-wide broadcasts need.
    """

    id: str
    name: str
    area: str
    may_approve: bool

    @property
    def by(self) -> By:
        """Their name under what they do."""
        return By(self.id, self.name)

    def reaches(self, area: str) -> bool:
        """Whether they may be heard there."""
        return covers(self.area, area)
