# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes reference cases for operations with the installed Keras (JAX backend).

    python generate.py FOLDER                  # a case for each configuration
    python generate.py FOLDER --merge          # one model for each function: small, for the project
    python generate.py FOLDER --only 'linspace|vander'

Needs keras, jax and numpy.
"""

import argparse
import sys

import suite

import elementwise
import image
import linalg
import neural
import reduction
import refused
import shapes
import signals

TOPICS = [elementwise, shapes, reduction, signals, image, linalg, neural, refused]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--only", help="regular expression of case names")
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("--topics", default=",".join(topic.__name__ for topic in TOPICS[:-1]),
                        help="default: all but refused, which holds what Keras itself refuses")
    args = parser.parse_args()
    cases = suite.Suite(args.folder, args.only)
    for topic in TOPICS:
        if topic.__name__ in args.topics.split(","):
            topic.add(cases)
    cases.write(args.merge)
    for name, why in cases.failures:
        print(f"refused by Keras: {name}: {why}")
    print(f"{len(cases.entries)} cases, {len(cases.failures)} refused")


if __name__ == "__main__":
    sys.exit(main())
