# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies a few cases for each class into a folder of reference cases, and lists them there.

    python sample.py FROM... TO [--each 1]

FROM are folders that generate.py wrote; TO keeps its cases of other groups.
"""

import argparse
import hashlib
import json
import os
import re
import shutil


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def simplicity(entry):
    return ("special" in entry["name"], "f16" in entry["name"], len(entry["name"]), entry["name"])


def chosen(folders, each, left_out):
    """Cases, the simplest names first, that hold a class which `each` others do not hold yet."""
    counts = {}
    for folder in folders:
        with open(os.path.join(folder, "cases.json")) as file:
            entries = json.load(file)["cases"]
        for entry in sorted(entries, key=simplicity):
            wanted = any(counts.get(name, 0) < each for name in entry["classes"])
            if wanted and not (left_out and re.search(left_out, entry["name"])):
                for name in entry["classes"]:
                    counts[name] = counts.get(name, 0) + 1
                yield folder, entry


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--without", help="regular expression of cases to leave out")
    args = parser.parse_args()
    *sources, target = args.folders
    with open(os.path.join(target, "cases.json")) as file:
        index = json.load(file)
    cases = [entry for entry in index["cases"] if entry["group"] != "operations"]
    for folder, entry in chosen(sources, args.each, args.without):
        for name in entry["files"]:
            path = os.path.join(target, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copy(os.path.join(folder, name), path)
            entry["files"][name] = digest(path)
        cases.append(entry)
    cases.sort(key=lambda entry: entry["name"])
    index.update(cases=cases, **({"count": len(cases)} if "count" in index else {}))
    with open(os.path.join(target, "cases.json"), "w") as file:
        json.dump(index, file, indent=1)


if __name__ == "__main__":
    main()
