# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies a few cases for each class into a folder of reference cases, and lists them there.

    python sample.py FROM... TO [--each 1]

FROM are folders that generate.py wrote; TO keeps its cases of other groups.
"""

import argparse
import json
import os
import shutil


def chosen(folders, each):
    """At most `each` cases for a set of classes; those with the simplest names first."""
    counts = {}
    for folder in folders:
        with open(os.path.join(folder, "cases.json")) as file:
            entries = json.load(file)["cases"]
        for entry in sorted(entries, key=lambda e: ("special" in e["name"], "f16" in e["name"], len(e["name"]), e["name"])):
            key = tuple(entry["classes"])
            counts[key] = counts.get(key, 0) + 1
            if counts[key] <= each:
                yield folder, entry


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--without", default="", help="names of cases to leave out, with commas")
    args = parser.parse_args()
    *sources, target = args.folders
    with open(os.path.join(target, "cases.json")) as file:
        index = json.load(file)
    cases = [entry for entry in index["cases"] if entry["group"] != "operations"]
    for folder, entry in chosen(sources, args.each):
        if entry["name"] in args.without.split(","):
            continue
        for name in entry["files"]:
            path = os.path.join(target, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copy(os.path.join(folder, name), path)
        cases.append(entry)
    cases.sort(key=lambda entry: entry["name"])
    head = {key: value for key, value in index.items() if key not in ("cases", "count")}
    with open(os.path.join(target, "cases.json"), "w") as file:
        file.write(json.dumps({**head, "count": len(cases)})[:-1] + ', "cases": [\n'
                   + ",\n".join(json.dumps(entry) for entry in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
