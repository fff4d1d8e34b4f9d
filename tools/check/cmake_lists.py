#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every source file is named in a CMakeLists.txt of its folder or one above, and every one named exists."""
import os
import re
import sys

from project_files import project_files

# Compiled by scripts and not by CMake.
EXCEPTIONS = {"tools/demo/digits.c", "tests/runtime/main.c"}


def listed_sources(folder):
    """Files that the CMakeLists.txt of a folder names, as paths from the root."""
    try:
        text = open(os.path.join(folder, "CMakeLists.txt")).read()
    except FileNotFoundError:
        return set()
    text = re.sub(r"#.*", "", text)
    names = re.findall(r"(?<![\w./}-])[\w.-][\w./-]*\.(?:cpp|c)(?![\w.])", text)
    return {os.path.normpath(os.path.join(folder, name)) for name in names}


def is_listed(source):
    folder = os.path.dirname(source)
    while True:
        if source in listed_sources(folder):
            return True
        # A function such as horn_add_example(NAME) may make the path from its argument.
        if is_made_by_function(folder, source):
            return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


def is_made_by_function(folder, source):
    path = os.path.join(folder, "CMakeLists.txt")
    if not os.path.exists(path):
        return False
    text = open(path).read()
    inner = os.path.relpath(source, folder or ".")
    parts = inner.split("/")
    return len(parts) == 2 and f"${{name}}/{parts[1]}" in text and re.search(rf"\b{re.escape(parts[0])}\b", text) is not None


def main():
    names = project_files()
    problems = [
        f"{name}: in no CMakeLists.txt"
        for name in names
        if name.endswith((".cpp", ".c")) and name not in EXCEPTIONS and not is_listed(name)
    ]
    for name in names:
        if os.path.basename(name) == "CMakeLists.txt":
            for source in sorted(listed_sources(os.path.dirname(name))):
                if not os.path.exists(source):
                    problems.append(f"{name}: names {source}, which is not there")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
