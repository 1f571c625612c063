"""How this program is called here: after `make run` it is not on the PATH, and a sentence must not say that it is."""

import shutil
import sys
from functools import cache
from pathlib import Path

NAME = "xiangyin"


@cache
def program() -> str:
    """`xiangyin` where the shell finds this installation under that name; else its path, from here if it can be."""
    installed = Path(sys.executable).with_name(NAME)
    found = shutil.which(NAME)
    if not installed.exists() or (found is not None and Path(found).resolve() == installed.resolve()):
        return NAME
    here = Path.cwd()
    return str(installed.relative_to(here) if installed.is_relative_to(here) else installed)
