#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# link_from_c.sh LIBRARY INCLUDE OUTPUT: links main.c with the runtime by a C compiler alone and
# runs it; then checks that the library wants no symbol of a C++ library or a compiler's own.
set -eu
library=$1 include=$2 output=$3/runtime_from_c
here=$(dirname "$0")

"${CC:-cc}" -std=c11 -pedantic -Wall -Werror -I "$include" "$here/main.c" "$library" \
  -lpthread -o "$output"
"$output"

strays=$(nm -u "$library" | awk '$1 == "U" { print $2 }' |
  grep -E '^(_Zn|_Zd|_ZS|_ZNS|_ZNKS|_ZT|__cxa|__gxx|_Unwind|__cpu_|__[a-z]*[dt]i[0-9]$)' || true)
if [ -n "$strays" ]; then
  echo "symbols that a C program does not have:" $strays >&2
  exit 1
fi
