#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who may include whom: the table of the architecture page, and no circles between files."""
import re
import sys

from project_files import project_files

# Folder: what its files may include besides the standard library, as beginnings of paths.
PUBLIC_RUNTIME = ("horn/runtime.h",)
RULES = [
    ("runtime/", ("runtime/",) + PUBLIC_RUNTIME),
    ("dialects/", ("dialects/", "mlir/", "llvm/")),
    ("compiler/", ("compiler/", "dialects/", "mlir/", "llvm/") + PUBLIC_RUNTIME),
    ("frontend/emit/", ("frontend/", "compiler/", "dialects/", "mlir/", "llvm/") + PUBLIC_RUNTIME),
    ("frontend/", ("frontend/",)),
]
PROJECT = ("runtime/", "dialects/", "compiler/", "frontend/", "tools/", "tests/", "horn/", "mlir/", "llvm/", "clang/")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def files():
    for name in project_files():
        if name.endswith((".h", ".cpp", ".c", ".def", ".td")):
            yield name, INCLUDE.findall(open(name, errors="replace").read())


def forbidden(name, includes):
    allowed = next((may for folder, may in RULES if name.startswith(folder)), None)
    if allowed is None:
        return []
    return [i for i in includes if i.startswith(PROJECT) and not i.startswith(allowed)]


def circle(graph):
    """The files of a circle of includes, or nothing."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done or node not in graph:
            return None
        path.append(node)
        for other in graph[node]:
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(node)
        return None

    for start in graph:
        found = visit(start)
        if found:
            return found
    return None


def main():
    sys.setrecursionlimit(10000)
    graph = {name: includes for name, includes in files()}
    problems = [f"{name}: must not include {i}" for name, includes in graph.items() for i in forbidden(name, includes)]
    headers = {n: i for n, i in graph.items() if n.endswith((".h", ".def"))}
    found = circle(headers)
    if found:
        problems.append("circular includes: " + " -> ".join(found))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
