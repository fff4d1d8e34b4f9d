# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit configuration. Run one test: HORN_BINARY_DIR=build lit-22 -v tests/dialects/horn/fold.mlir"""
import os

import lit.formats

source_dir = os.path.dirname(os.path.abspath(__file__))
binary_dir = os.path.abspath(os.environ.get("HORN_BINARY_DIR", os.path.join(source_dir, "..", "build")))
llvm_bin = os.environ.get("HORN_LLVM_BIN", "/usr/lib/llvm-22/bin")

config.name = "horn"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["data", "CMakeLists.txt"]
config.test_source_root = source_dir
config.test_exec_root = os.path.join(binary_dir, "tests", "lit")

# Horn's tools come first, then FileCheck, not and split-file.
tools = [os.path.join(binary_dir, "bin"), llvm_bin]
config.environment["PATH"] = os.pathsep.join(tools + [os.environ["PATH"]])
config.environment["HORN_CACHE_DIR"] = ""
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "HORN_NUM_THREADS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
