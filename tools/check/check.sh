#!/bin/bash
# Format, lint and rules of the project; the first two on files that differ from HEAD~1 or from
# the commit in $1. --fix formats them. Called by ./dev check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fix=
base=
for argument in "$@"; do
  case "$argument" in
  --fix) fix=1 ;;
  *) base=$argument ;;
  esac
done
[ -n "$base" ] || base=$(git rev-parse --verify --quiet HEAD~1 || git rev-parse HEAD)
mapfile -t changed < <({
  git diff --name-only --diff-filter=d "$base"
  git ls-files --others --exclude-standard
} | sort -u | grep -E '\.(cpp|h|c)$' || true)
mapfile -t sources < <(printf '%s\n' "${changed[@]}" | grep -E '\.cpp$' || true)

status=0
step() { # step NAME COMMAND...: runs a check and says how it ended
  local name=$1
  shift
  if "$@"; then echo "ok      $name"; else
    echo "FAILED  $name"
    status=1
  fi
}

step "layering" tools/check/layering.py
step "names of passes" tools/check/names.py
step "sources in CMakeLists.txt" tools/check/cmake_lists.py
step "examples and their texts" tools/check/tutorial.py
step "table of the object model" tools/check/parity.py
format=$(command -v clang-format-22 || command -v clang-format || true)
if [ ${#changed[@]} -gt 0 ] && [ -n "$format" ]; then
  [ -z "$fix" ] || "$format" -i "${changed[@]}"
  step "format of ${#changed[@]} changed files" "$format" --dry-run -Werror "${changed[@]}"
fi
if [ ${#sources[@]} -gt 0 ] && command -v clang-tidy-22 >/dev/null && [ -f build/compile_commands.json ]; then
  step "clang-tidy of ${#sources[@]} changed sources" \
    sh -c 'printf "%s\n" "$@" | xargs -P "$(nproc)" -n 1 clang-tidy-22 -p build --quiet 2>/dev/null' sh "${sources[@]}"
fi
exit "$status"
