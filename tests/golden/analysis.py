"""The built program (environment SMTPATH_PROGRAM) run on a capture, and where the captures are."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "captures"
SHARED = Path(os.environ.get("SMTPATH_SHARED_CAPTURES") or ROOT.parent / "shared" / "captures")
# What tools/count_tests.py knows a test by that lacks nothing but these captures.
NOT_HERE = "the shared captures are not here"
PROGRAM = os.environ.get("SMTPATH_PROGRAM", "")

# DESIGN section 6: of analyze.
STATUSES = {0, 1, 2, 65}
# Far more than any capture takes; a bound of its own is set where time is in question.
PATIENCE_S = 60


class Run(NamedTuple):
    status: int
    """Negative: the signal that ended it."""
    output: bytes
    errors: bytes


def run(*arguments: str, patience: float = PATIENCE_S) -> Run:
    """Raises subprocess.TimeoutExpired."""
    done = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=patience)
    return Run(done.returncode, done.stdout, done.stderr)


def analyze(capture: Path, *options: str) -> dict:
    """The report. Raises where there is none."""
    done = run("analyze", "--json", "-", *options, str(capture))
    if done.status not in STATUSES:
        raise RuntimeError(f"{capture.name}: exit status {done.status}: {done.errors.decode(errors='replace')}")
    try:
        return json.loads(done.output)
    except ValueError as error:
        said = done.errors.decode(errors="replace")
        raise RuntimeError(f"{capture.name}: not JSON ({error}): {done.output[:200]!r} {said}") from error


def ends_of(connection: dict) -> tuple:
    client, server = connection["client"], connection["server"]
    return client["address"], client["port"], server["address"], server["port"]
