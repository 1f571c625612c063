"""Spoken text: how a written notice is read aloud, before any voice is asked.

Own rules first (hot lines, telephones, money, dates, measures, codes, addresses), because general
normalisers read 96110 as a sum; then the general one for the rest.
"""

from broadcast.domain.spoken.limits import LONGEST_SPOKEN, LONGEST_TEXT, check_spoken, check_text
from broadcast.domain.spoken.reading import Normalise, to_spoken

__all__ = ["LONGEST_SPOKEN", "LONGEST_TEXT", "Normalise", "check_spoken", "check_text", "to_spoken"]
