#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# check.sh BUILD FOLDER CC CXX: installs the build tree, moves the result elsewhere, and builds and
# runs this project against it, with CMake and with pkg-config; a test of what is installed.
set -eu
build=$(cd "$1" && pwd) folder=$2 CC=$3 CXX=$4
export CC CXX
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

cmake --install "$build" --prefix "$folder/first" >"$folder/install.log"
mv "$folder/first" "$folder/moved"
prefix=$folder/moved

strays=$(grep -rlF -e "$build" -e "$folder" "$prefix" || true)
if [ -n "$strays" ]; then
  echo "installed files that name a folder of the build:" $strays >&2
  exit 1
fi

cmake -S "$here" -B "$folder/all" -DCMAKE_PREFIX_PATH="$prefix" >"$folder/configure.log"
cmake --build "$folder/all" >"$folder/build.log"
ctest --test-dir "$folder/all" --output-on-failure

for needed in LLVM MLIR hdf5 stdc++; do
  if ldd "$folder/all/compiled" | grep -q "$needed"; then
    echo "a compiled model needs $needed" >&2
    exit 1
  fi
done

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
"$CC" -I"$folder/all/digits.horn" "$here/compiled.c" "$folder/all/libdigits.a" \
  $(pkg-config --cflags --libs horn-runtime) -o "$folder/compiled"
"$folder/compiled"
"$CXX" -std=c++20 -I"$folder/all/digits.horn" "$here/built.cpp" "$folder/all/libdigits.a" \
  $(pkg-config --cflags --libs horn) -o "$folder/built"
"$folder/built" "$here/../../tests/data/trained/digits_cnn.keras"
rm -rf "$folder"
