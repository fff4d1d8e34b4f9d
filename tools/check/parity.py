#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every row of docs/keras-parity.md names tests that exist, and C++ names that a header has."""
import re
import sys

from project_files import project_files

TABLE = "docs/keras-parity.md"
TEST = re.compile(r"^\s*(?:TEST|TEST_F|TEST_P)\((\w+),\s*(\w+)\)", re.M)


def known_tests(names):
    tests = set()
    for name in names:
        if name.startswith("tests/") and name.endswith(".cpp"):
            tests.update(".".join(found) for found in TEST.findall(open(name).read()))
    return tests


def rows(text):
    """Number of the line and cells of each row, without the two lines of a table's head."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        is_head = number < len(lines) and re.match(r"\|[ -|]*-[ -|]*\|$", lines[number])
        if line.startswith("|") and not is_head and not re.match(r"\|[-| ]+\|$", line):
            yield number, [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def main():
    names = project_files()
    tests = known_tests(names)
    headers = "".join(open(n).read() for n in names if n.startswith("frontend/") and n.endswith(".h"))
    problems, count = [], 0
    for number, cells in rows(open(TABLE).read()):
        where = f"{TABLE}:{number}"
        if len(cells) != 4:
            problems.append(f"{where}: {len(cells)} cells, expected 4")
            continue
        count += 1
        if not quoted(cells[2]):
            problems.append(f"{where}: no test")
        problems += [f"{where}: there is no test {test}" for test in quoted(cells[2]) if test not in tests]
        for name in quoted(cells[1]):
            word = re.sub(r"\W+$", "", name.split("::")[-1]) or "operator()"
            if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", headers):
                problems.append(f"{where}: no header of frontend/ has {name}")
    if not count:
        problems.append(f"{TABLE}: no rows")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
