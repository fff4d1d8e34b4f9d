#!/bin/sh
# The command line from outside: $1 is horn, $2 the folder of test data.
set -eu
horn=$1
data=$2/trained
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() { echo "cli.sh: $*" >&2; exit 1; }
# expect CODE COMMAND...: runs a command that must end with a code; its output goes to $folder/out.
expect() {
  code=$1
  shift
  got=0
  "$@" >"$folder/out" 2>&1 || got=$?
  [ "$got" = "$code" ] || { cat "$folder/out" >&2; fail "exit $got, expected $code: $*"; }
}
has() { grep -q -e "$1" "$folder/out" || { cat "$folder/out" >&2; fail "no \"$1\" in the output"; }; }

expect 0 "$horn" --help
has 'Examples:'
has 'Exit codes:'
for command in run compile bench verify check summary inspect; do
  expect 0 "$horn" $command --help
  has 'Example'
done
expect 0 "$horn" --version
has '^horn [0-9]'

# Wrong usage is 2, a problem with files or models 1.
expect 2 "$horn"
expect 2 "$horn" frobnicate
expect 2 "$horn" run
expect 2 "$horn" bench "$data/digits_cnn.keras" --batch 0
expect 1 "$horn" summary "$folder/none.keras"
has '^horn: error: .*none.keras'
expect 1 "$horn" run "$data/digits_cnn.keras"
has 'no file for input image'

expect 0 "$horn" summary "$data/digits_cnn.keras"
has 'Total params: 19,994'
expect 0 "$horn" check "$data/digits_cnn.keras"
has 'no problems'
expect 0 "$horn" summary "$data/tumor_two_inputs.keras" --plot "$folder/graph.svg"
has 'wrote .*graph.svg'
python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' "$folder/graph.svg" ||
  fail "the picture is no XML"
expect 1 "$horn" summary "$data/tumor_two_inputs.keras" --plot "$folder/graph.png"
has 'ends in .svg'

# Every format by suffix, the same bytes each time, and back where a file holds a model.
for suffix in keras h5 weights.h5 safetensors json yaml; do
  for copy in first second; do
    expect 0 "$horn" convert "$data/tumor_two_inputs.keras" "$folder/$copy.$suffix"
  done
  cmp "$folder/first.$suffix" "$folder/second.$suffix" || fail "$suffix: other bytes"
done
for suffix in keras json yaml; do
  expect 0 "$horn" convert "$folder/first.$suffix" "$folder/back.json"
  cmp "$folder/first.json" "$folder/back.json" || fail "$suffix: another model"
done
for suffix in weights.h5 safetensors h5 keras; do
  expect 0 "$horn" convert "$folder/first.yaml" "$folder/back.keras" --weights "$folder/first.$suffix"
  expect 0 "$horn" convert "$folder/back.keras" "$folder/back.safetensors"
  cmp "$folder/first.safetensors" "$folder/back.safetensors" || fail "$suffix: other weights"
done
expect 1 "$horn" convert "$data/digits_cnn.keras" "$folder/model.pb"
has 'a name that ends in .keras'

# The C functions have the name that was asked for.
expect 0 "$horn" compile "$data/digits_cnn.keras" -o "$folder/m.o" --header "$folder/m.h" --name reads_digits
grep -q 'reads_digits_run(' "$folder/m.h" || fail "no reads_digits_run in the header"


expect 0 "$horn" run "$data/digits_cnn.keras" "$data/digits_png/3_8x8.png" --scale 1/255 --top 1
has '3_8x8.png *3 *99\.[0-9]* %'
expect 0 "$horn" run "$data/digits_cnn.keras" --input "image=$data/digits_png.safetensors:x_png" \
  --output "$folder/digits.npy"
expect 0 "$horn" run "$data/digits_cnn.keras" "$data/digits_png/3_8x8.png" --scale 1/255 \
  --save-inputs "$folder/pixels.csv" --output "$folder/a.csv"
expect 0 "$horn" run "$data/digits_cnn.keras" "$folder/pixels.csv" --output "$folder/b.csv"
cmp "$folder/a.csv" "$folder/b.csv" || fail "CSV does not read back as it was written"

expect 0 "$horn" bench "$data/names_bilstm.keras" --seconds 0 --json
for key in min_ms median_ms runs load_s compile_s first_run_ms peak_rss_mb arena_bytes weight_bytes \
  kernels threads cpu; do
  has "\"$key\":"
done

expect 0 "$horn" verify --suite "$data" --filter digits_png --json "$folder/suite.json"
has 'digits_cnn *2 *0 *0'
grep -q '"status": "passed"' "$folder/suite.json" || fail "no JSON"
expect 1 "$horn" verify --suite "$data" --filter digits_png --timeout 0
has 'took longer'

expect 0 "$horn" inspect "$data/digits_cnn.keras" --emit=groups
has 'module @digits_cnn'
# A name that would steer the terminal.
cp "$data/manifest.json" "$folder/$(printf 'a\033[31mb.keras')"
expect 1 "$horn" check "$folder/$(printf 'a\033[31mb.keras')"
has 'a\\x1b\[31mb.keras'
echo ok
