#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""public_headers.py ROOT COMPILER: each public header stands alone, reaches no MLIR and is quick.

Compiles every header of frontend/include/horn by itself, with the project's folders and the system's
own to look in and nothing else, and looks at all files it reaches. Processor seconds are printed.
"""
import pathlib
import re
import resource
import subprocess
import sys

FORBIDDEN = re.compile(r"/(mlir|llvm|llvm-c|mlir-c)/|/(compiler|dialects)/")
# The goal is 2 s of an idle processor; this many mean that somebody pulled in something large.
MOST_SECONDS = 5.0


def child_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def check(root, compiler, header):
    """Returns what is wrong with a header, empty when nothing is."""
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-pedantic",
               "-Wno-unused-parameter", "-Wno-missing-designated-field-initializers",
               "-I", str(root), "-I", str(root / "frontend/include"), "-x", "c++"]
    source = f"#include <horn/{header.name}>\n"
    begin = child_seconds()
    done = subprocess.run([*command, "-fsyntax-only", "-"], input=source, capture_output=True, text=True)
    seconds = child_seconds() - begin
    if done.returncode:
        return done.stderr
    print(f"{header.name}: {seconds:.2f} s")
    if seconds > MOST_SECONDS:
        return f"{seconds:.1f} s to compile, expected at most {MOST_SECONDS}"
    reached = subprocess.run([*command, "-M", "-"], input=source, capture_output=True, text=True)
    files = reached.stdout.replace("\\\n", " ").split()
    # Folders of the standard library and of the compiler's own headers lie below one named llvm.
    strays = [f for f in files if FORBIDDEN.search(f.replace(str(root), "")) and "/lib/clang/" not in f
              and "/c++/" not in f]
    return "reaches " + ", ".join(strays[:5]) if strays else ""


def main():
    root, compiler = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    headers = sorted((root / "frontend/include/horn").glob("*.h"))
    problems = {header.name: problem for header in headers if (problem := check(root, compiler, header))}
    for name, problem in problems.items():
        print(f"FAILED {name}: {problem}")
    return 1 if problems or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
