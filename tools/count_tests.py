#!/usr/bin/env python3
"""Counts the test cases of one ctest run.

    tools/count_tests.py REPORTS

REPORTS holds the JUnit report of ctest ("ctest") and, for each GoogleTest program, its own ("NAME.xml"). Cases of
Python's unittest are read from what the program printed. Any other test, and a program that failed without saying
which case did, is one case. Names what failed and what could not run, both of which count as failed. A case that lacks
nothing but the real captures, which no checkout brings, is named as left out instead. The last line is
'N passed, N failed', the exit status 1 unless all others passed.
"""

import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import NamedTuple


# How a test says that it lacks only the real captures (tests/support/shared_captures.h, tests/golden/analysis.py).
NOT_HERE = "the shared captures are not here"


class Count(NamedTuple):
    passed: int = 0
    problems: tuple[str, ...] = ()
    """One line for each case that failed or could not run."""
    left_out: tuple[str, ...] = ()


def count_gtest(report: Path) -> Count:
    passed = 0
    problems = []
    left_out = []
    for case in xml.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        reason = case.find("skipped")
        if case.get("status") != "run" or reason is not None:
            said = "disabled" if reason is None else " ".join((reason.get("message") or "").split())
            if NOT_HERE in said:
                left_out.append(f"left out: {name}: {said}")
            else:
                problems.append(f"could not run: {name}: {said}")
        elif case.find("failure") is not None:
            problems.append(f"failed: {name}")
        else:
            passed += 1
    return Count(passed, tuple(problems), tuple(left_out))


def count_unittest(name: str, ran: int, output: str) -> Count:
    problems = [f"failed: {name}: {case}" for case in re.findall(r"^(?:FAIL|ERROR): (.*)", output, re.MULTILINE)]
    skipped = re.search(r"skipped=(\d+)", output)
    left_out = [f"left out: {name}: {NOT_HERE}"] * len(re.findall(rf"skipped ['\"].*{NOT_HERE}", output))
    others = (int(skipped[1]) if skipped else 0) - len(left_out)
    problems += [f"could not run: {name}: a case was skipped"] * others
    return Count(max(ran - len(problems) - len(left_out), 0), tuple(problems), tuple(left_out))


def count_test(test: xml.Element, reports: Path) -> Count:
    name = test.get("name") or ""
    output = test.findtext("system-out") or ""
    has_passed = test.get("status") == "run"
    ran = re.search(r"^Ran (\d+) tests? in", output, re.MULTILINE)
    if (reports / f"{name}.xml").is_file():
        count = count_gtest(reports / f"{name}.xml")
    elif ran:
        count = count_unittest(name, int(ran[1]), output)
    else:
        count = Count(int(has_passed))
    if not has_passed and not count.problems:
        reason = "did not run" if test.get("status") == "notrun" else "ended badly without naming a case"
        return count._replace(problems=(f"failed: {name}: {reason}",))
    return count


def main(arguments: list[str]) -> int:
    reports = Path(arguments[0])
    counts = [count_test(test, reports) for test in xml.parse(reports / "ctest").iter("testcase")]
    problems = [line for count in counts for line in count.problems]
    passed = sum(count.passed for count in counts)
    for line in [line for count in counts for line in count.left_out] + problems:
        print(line)
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
