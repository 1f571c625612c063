"""Every fault, in the order of the table."""

from __future__ import annotations

from tests.proving.clock import CLOCK
from tests.proving.crowd import CROWD
from tests.proving.database import DATABASE
from tests.proving.disks import DISKS
from tests.proving.fault import Fault
from tests.proving.kills import KILLS
from tests.proving.network import NETWORK
from tests.proving.partition import PARTITION

FAULTS: tuple[type[Fault], ...] = (*KILLS, *DATABASE, *DISKS, *NETWORK, *PARTITION, *CLOCK, *CROWD)
