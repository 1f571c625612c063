"""`python -m hub.sheets`: one job on standard input, its answer on standard output, and the process is gone.

Input: the length of the job in a line, the job (JSON), then the file. A file that is a bomb meets the limits here.
"""

import resource
import sys
from typing import Final

import msgspec

from broker_config.tether import die_with_parent
from hub.sheets.messages import Job, ReadJob, written_down
from hub.sheets.reading import read_sheet
from hub.sheets.writing import write_sheet

MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_S: Final = 120


def main() -> None:
    """Do the one job."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    length = int(sys.stdin.buffer.readline())
    job = msgspec.json.decode(sys.stdin.buffer.read(length), type=Job)
    data = sys.stdin.buffer.read()
    done = written_down(read_sheet(data, job)) if isinstance(job, ReadJob) else write_sheet(job)
    sys.stdout.buffer.write(done)


if __name__ == "__main__":
    main()
