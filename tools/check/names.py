#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A pass has one name: the def of Passes.td, its source file, its flag and its lit test say the same."""
import glob
import os
import re
import sys

PASS = re.compile(r'^def (\w+)\s*:\s*Pass<\s*"([^"]+)"', re.M)


def kebab(name):
    """FoldScale is fold-scale, KernelToLLVM is kernel-to-llvm."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def without_dialect(flag):
    return re.sub(r"^(horn|kernel)-", "", flag)


def check(folder, definition, flag):
    if without_dialect(kebab(definition)) != without_dialect(flag):
        yield f"{folder}/Passes.td: pass {definition} has the flag {flag}, expected horn-{kebab(definition)}"
    short = re.sub(r"^(Horn|Kernel)", "", definition)
    if not any(os.path.exists(f"{folder}/{name}.cpp") for name in (definition, short, "Convert" + short)):
        yield f"{folder}/Passes.td: pass {definition} has no source {folder}/{short}.cpp"
    tests = f"tests/{folder.split('/')[0]}"
    names = {flag, without_dialect(flag)}
    if not any(glob.glob(f"{tests}/**/{name}.mlir", recursive=True) for name in names):
        yield f"{folder}/Passes.td: pass {flag} has no test {tests}/{'/'.join(folder.split('/')[1:])}/{without_dialect(flag)}.mlir"


def main():
    problems = []
    for table in sorted(glob.glob("*/**/Passes.td", recursive=True)):
        for definition, flag in PASS.findall(open(table).read()):
            problems += check(os.path.dirname(table), definition, flag)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
