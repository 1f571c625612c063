"""The decisions of mastering: what was measured, what is turned next, when it is good. Pure."""

from dataclasses import dataclass
from typing import Final

TARGET_LUFS: Final = -16.0
PROMISED_WITHIN_LU: Final = 0.7
PROMISED_PEAK_DBTP: Final = -1.5
# We aim closer than we promise: meters differ by a tenth, and decoders by a little more.
_AIMED_WITHIN_LU: Final = 0.25
_AIMED_PEAK_DBTP: Final = -1.9
_MOST_GAIN_DB: Final = 40.0


@dataclass(frozen=True)
class Measured:
    """Integrated loudness (ITU-R BS.1770) and true peak of a decoded file."""

    loudness_lufs: float
    true_peak_dbtp: float

    @property
    def aimed(self) -> bool:
        """As good as we want it."""
        return (
            abs(self.loudness_lufs - TARGET_LUFS) <= _AIMED_WITHIN_LU
            and self.true_peak_dbtp <= _AIMED_PEAK_DBTP
        )

    @property
    def promised(self) -> bool:
        """As good as it must be."""
        return (
            abs(self.loudness_lufs - TARGET_LUFS) <= PROMISED_WITHIN_LU
            and self.true_peak_dbtp <= PROMISED_PEAK_DBTP
        )

    @property
    def distance(self) -> float:
        """How far from the aim, to choose the best of several rounds."""
        return abs(self.loudness_lufs - TARGET_LUFS) + 4 * max(0.0, self.true_peak_dbtp - _AIMED_PEAK_DBTP)


@dataclass(frozen=True)
class Settings:
    """Gain before the soft clip, and the level above which the limiter lets no sample pass."""

    gain_db: float
    ceiling_dbfs: float


FIRST: Final = Settings(gain_db=14.4, ceiling_dbfs=-2.8)
"""What most notices end at, so that they need a round or two; the MP3 adds up to 2 dB to the peaks."""


def turned(settings: Settings, measured: Measured) -> Settings:
    """The settings of the next round: gain by what is missing, ceiling by what stuck out."""
    gain_db = settings.gain_db + (TARGET_LUFS - measured.loudness_lufs)
    excess_db = measured.true_peak_dbtp - _AIMED_PEAK_DBTP
    ceiling_dbfs = settings.ceiling_dbfs - (excess_db + 0.2 if excess_db > 0 else 0.0)
    return Settings(max(-_MOST_GAIN_DB, min(_MOST_GAIN_DB, gain_db)), max(-12.0, ceiling_dbfs))
