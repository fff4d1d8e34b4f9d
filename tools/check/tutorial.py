#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Examples are the tutorial's chapters: each has a text, what it quotes is in its sources, and links lead somewhere."""
import os
import re
import sys
import textwrap

from project_files import project_files

BLOCK = re.compile(r"^```(cpp|c|cmake)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)#:]+)\)")


def is_quoted(block, source):
    """Whether the lines of a block stand together in a source, with one indentation more or less."""
    wanted, lines = textwrap.dedent(block).splitlines(), source.splitlines()
    for first in range(len(lines) - len(wanted) + 1):
        part = textwrap.dedent("\n".join(lines[first : first + len(wanted)])).splitlines()
        if part == wanted:
            return True
    return False


def check_chapter(folder, files):
    readme = f"{folder}/README.md"
    if readme not in files:
        return [f"{folder}: no README.md, the chapter's text"]
    text = open(readme).read()
    problems = []
    if not text.startswith(f"# {os.path.basename(folder)}\n"):
        problems.append(f"{readme}: expected the title # {os.path.basename(folder)}")
    sources = [open(name).read() for name in files if os.path.dirname(name) == folder and not name.endswith(".md")]
    for match in BLOCK.finditer(text):
        if not any(is_quoted(match[2], source) for source in sources):
            line = text[: match.start()].count("\n") + 1
            problems.append(f"{readme}:{line}: the quoted code is in no source of {folder}")
    return problems + check_links(readme, text)


def check_links(name, text):
    folder = os.path.dirname(name)
    return [f"{name}: no such file: {link}" for link in LINK.findall(text)
            if not os.path.exists(os.path.join(folder, link))]


def main():
    files = project_files()
    folders = sorted({name.split("/")[1] for name in files if re.match(r"examples/\d\d_\w+/", name)})
    contents = open("examples/README.md").read()
    problems = check_links("examples/README.md", contents)
    for name in folders:
        problems += check_chapter(f"examples/{name}", files)
        if f"({name}/README.md)" not in contents:
            problems.append(f"examples/README.md: does not list the chapter {name}/README.md")
    problems += check_chapter("examples/outside", files)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
