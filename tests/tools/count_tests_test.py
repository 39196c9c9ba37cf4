#!/usr/bin/env python3
"""count_tests.py against the reports of small runs."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "count_tests.py"


def ctest(name: str, status: str = "run", output: str = "") -> str:
    return f'<testcase name="{name}" status="{status}"><system-out>{output}</system-out></testcase>'


def gtest(name: str, inner: str = "", status: str = "run") -> str:
    return f'<testcase name="{name}" classname="Tracer" status="{status}">{inner}</testcase>'


def count(tests: str, **programs: str) -> tuple[int, list[str]]:
    """Exit status and lines for a run of these tests, and of these GoogleTest programs among them."""
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder)
        (reports / "ctest").write_text(f"<testsuite>{tests}</testsuite>", encoding="utf-8")
        for name, cases in programs.items():
            text = f"<testsuites><testsuite>{cases}</testsuite></testsuites>"
            (reports / f"{name}.xml").write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, TOOL, folder], capture_output=True, text=True, check=False)
    assert run.stderr == "", run.stderr
    return run.returncode, run.stdout.splitlines()


class CountTests(unittest.TestCase):
    def test_counts_cases_not_programs(self):
        run = count(
            ctest("path_test") + ctest("check", output="Ran 3 tests in 0.1s\n\nOK\n") + ctest("other"),
            path_test=gtest("One") + gtest("Two"),
        )
        self.assertEqual(run, (0, ["6 passed, 0 failed"]))

    def test_names_the_cases_that_failed(self):
        run = count(ctest("path_test", "fail"), path_test=gtest("One") + gtest("Two", "<failure/>"))
        self.assertEqual(run, (1, ["failed: Tracer.Two", "1 passed, 1 failed"]))

    def test_a_case_that_could_not_run_has_failed_and_says_why(self):
        run = count(
            ctest("netns_test"),
            netns_test=gtest("One", '<skipped message="x_test.cpp:3&#x0A;needs nftables"/>')
            + gtest("Two", status="notrun"),
        )
        self.assertEqual(
            run,
            (
                1,
                [
                    "could not run: Tracer.One: x_test.cpp:3 needs nftables",
                    "could not run: Tracer.Two: disabled",
                    "0 passed, 2 failed",
                ],
            ),
        )

    def test_a_case_that_lacks_only_the_real_captures_is_left_out(self):
        said = "test_a (T.test_a) ... skipped 'the shared captures are not here'\nRan 2 tests in 0.1s\n\nOK (skipped=1)\n"
        run = count(
            ctest("io_test") + ctest("check", output=said),
            io_test=gtest("One", '<skipped message="x.cpp:3&#x0A;the shared captures are not here"/>') + gtest("Two"),
        )
        self.assertEqual(
            run,
            (
                0,
                [
                    "left out: Tracer.One: x.cpp:3 the shared captures are not here",
                    "left out: check: the shared captures are not here",
                    "2 passed, 0 failed",
                ],
            ),
        )

    def test_a_program_that_crashes_is_a_failure_even_if_all_its_cases_passed(self):
        ended = "ended badly without naming a case"
        self.assertEqual(count(ctest("a_test", "fail")), (1, [f"failed: a_test: {ended}", "0 passed, 1 failed"]))
        self.assertEqual(
            count(ctest("a_test", "fail"), a_test=gtest("One")), (1, [f"failed: a_test: {ended}", "1 passed, 1 failed"])
        )

    def test_python_cases_are_named_too(self):
        said = "FAIL: test_b (T.test_b)\nRan 3 tests in 0.1s\n\nFAILED (failures=1, skipped=1)\n"
        self.assertEqual(
            count(ctest("check", "fail", said)),
            (
                1,
                [
                    "failed: check: test_b (T.test_b)",
                    "could not run: check: a case was skipped",
                    "1 passed, 2 failed",
                ],
            ),
        )

    def test_a_run_without_tests_is_a_failure(self):
        self.assertEqual(count(""), (1, ["0 passed, 0 failed"]))


if __name__ == "__main__":
    unittest.main()
