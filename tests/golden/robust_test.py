#!/usr/bin/env python3
"""Runs `smtpath analyze` on broken, hostile and strange captures: it ends soon, by itself, and says nothing unprintable."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from analysis import CAPTURES, NOT_HERE, SHARED, STATUSES, run

LONGEST_S = 2
# Escape sequences begin with one of these; tab and newline are layout.
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")
# Beyond the captures' own: they cannot be read, or not be opened.
BAD_INPUT = STATUSES | {66}


# So many in one run: what a run of all of them does in time, each does.
AT_ONCE = 16


def complaint_about(captures: list[Path], folder: str) -> str | None:
    """What is wrong with the text or the JSON report of these captures, each examined for itself."""
    document = Path(folder) / "report.json"
    document.unlink(missing_ok=True)
    try:
        done = run("analyze", "--separate", "--json", str(document), *map(str, captures), patience=LONGEST_S)
    except subprocess.TimeoutExpired:
        return f"takes over {LONGEST_S} s"
    if done.status not in BAD_INPUT:
        return f"exit status {done.status}: {done.errors[-300:]!r}"
    for text in (done.output, done.errors, document.read_bytes() if document.exists() else b""):
        shown = CONTROL.search(text)
        if shown:
            return f"control character {shown[0]!r} at {shown.start()}"
    return None


class RobustTest(unittest.TestCase):
    def check(self, folder: Path) -> None:
        captures = sorted(path for path in folder.iterdir() if path.is_file())
        self.assertTrue(captures, f"nothing in {folder}")
        found = []
        with tempfile.TemporaryDirectory() as reports:
            for start in range(0, len(captures), AT_ONCE):
                together = captures[start : start + AT_ONCE]
                if complaint_about(together, reports):
                    found += [f"{path.name}: {said}" for path in together if (said := complaint_about([path], reports))]
        for line in found:
            print(line)
        self.assertEqual(len(found), 0, f"{len(found)} of {len(captures)} files, printed above")

    @unittest.skipUnless(SHARED.is_dir(), NOT_HERE)
    def test_broken_and_hostile_files_end_soon_and_in_print(self):
        self.check(SHARED / "robust")

    @unittest.skipUnless(SHARED.is_dir(), NOT_HERE)
    def test_real_mail_captures_end_soon_and_in_print(self):
        self.check(SHARED / "smtp")

    @unittest.skipUnless(SHARED.is_dir(), NOT_HERE)
    def test_real_traces_and_errors_end_soon_and_in_print(self):
        self.check(SHARED / "other")

    def test_the_projects_own_captures_end_soon_and_in_print(self):
        self.check(CAPTURES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
