#!/bin/bash
# The main job: a model that Keras trained on real handwriting is compiled and reads digits from
# PNG files, just in time and as a C program. Called by ./dev demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

horn=build/bin/horn
model=tests/data/trained/digits_cnn.keras
images=(tests/data/trained/digits_png/?_8x8.png)
out=build/demo
rm -rf "$out"
mkdir -p "$out"

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || title() { printf '\n%s\n' "$*"; }

echo "Horn: $model, trained by Keras on real handwriting"
$horn summary "$model" | grep 'Total params'

title "Ten PNG files, read by the model compiled for this machine"
$horn run "$model" "${images[@]}" --scale 1/255 --save-inputs "$out/pixels.csv"

title "What was fused"
$horn inspect "$model" --fused

title "Ahead of time: an object file, and how long each phase took"
$horn compile "$model" -o "$out/digits_cnn.o" --header "$out/digits_cnn.h" --dump "$out/ir"

title "A C program of ten lines, linked by cc without LLVM, gives the same answers"
cc -O2 -I "$out" tools/demo/digits.c "$out/digits_cnn.o" build/lib/libhorn_runtime.a \
  -lpthread -lm -o "$out/digits"
"$out/digits" <"$out/pixels.csv" >"$out/answers.txt"
paste -d ' ' - - - - - <"$out/answers.txt" | awk '{
  for (i = 1; i < NF; i += 2) printf "  %d %6.2f %%   ", $i, $(i + 1); print "" }'
$horn run "$model" "${images[@]}" --scale 1/255 --json --top 1 >"$out/answers.json"
python3 - "$out/answers.json" "$out/answers.txt" <<'PYTHON'
import json, sys
top = [row[0] for row in json.load(open(sys.argv[1]))["outputs"][0]["top"]]
just_in_time = [f"{t['class']} {100 * t['probability']:.2f}" for t in top]
ahead_of_time = open(sys.argv[2]).read().split("\n")[:-1]
if just_in_time != ahead_of_time:
    sys.exit(f"the answers differ: {just_in_time} and {ahead_of_time}")
PYTHON
! ldd "$out/digits" | grep -qE 'LLVM|MLIR'
echo "  $out/digits: $(stat -c %s "$out/digits") bytes, needs $(ldd "$out/digits" | awk '{print $1}' |
  grep -v -E 'vdso|ld-linux' | paste -sd ' ')"
