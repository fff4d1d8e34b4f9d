#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Saves models again with `horn convert` and loads them with Python Keras: the outputs must agree.

Every inference case of a conformance folder is a model and what Keras computes with it. Formats:
  keras    the archive that Horn writes; its config.json must say what the original says
  weights  the .weights.h5 that Horn writes, loaded into the original model with zeroed weights
  json     the .json that Horn writes, with those weights
  yaml     a .yaml, made a .keras again by Horn
  tensors  a .json and a .safetensors, made a .keras again by Horn
  h5       the legacy .h5 that Horn writes; models that Keras itself cannot save as .h5 and load again
           (operations, masks, some arguments) are counted apart

Keras is taken from --python, else from a virtual environment that is made on first use.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

KERAS = "3.15.1"
FORMATS = ["keras", "weights", "json", "yaml", "tensors", "h5"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--horn", required=True, help="the horn to test")
    parser.add_argument("--suite", required=True, help="folder with cases.json")
    parser.add_argument("--groups", default="", help="comma-separated; all unless given")
    parser.add_argument("--formats", default="keras", help=f"comma-separated: {','.join(FORMATS)}")
    parser.add_argument("--python", default=os.environ.get("PEERS_PY", ""), help="one with Keras")
    parser.add_argument("--venv", default=".roundtrip-venv", help="made unless --python is given")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=0, help="that many cases, evenly spread")
    parser.add_argument("--json", default="", help="write the results to this file")
    return parser.parse_args()


def python_with_keras(arguments):
    """The interpreter to use; makes the virtual environment when there is none."""
    if arguments.python:
        return arguments.python
    python = pathlib.Path(arguments.venv) / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", arguments.venv], check=True)
        packages = [f"keras=={KERAS}", "jax[cpu]", "h5py"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return str(python)


def ensure_keras(arguments):
    """Starts this script again under the interpreter that has Keras."""
    python = python_with_keras(arguments)
    if os.environ.get("HORN_ROUNDTRIP_PYTHON") != python:
        os.environ["HORN_ROUNDTRIP_PYTHON"] = python
        os.execv(python, [python, *sys.argv])


def read_safetensors(path):
    import numpy as np

    kinds = {"F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2",
             "I8": "i1", "U64": "u8", "U32": "u4", "U16": "u2", "U8": "u1", "BOOL": "?"}
    data = pathlib.Path(path).read_bytes()
    size = int.from_bytes(data[:8], "little")
    arrays = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        if entry["dtype"] == "BF16":
            wide = np.frombuffer(data[begin:end], "u2").astype("u4") << 16
            arrays[name] = wide.view("f4").reshape(entry["shape"])
        else:
            arrays[name] = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(
                entry["shape"])
    return arrays


def convert(horn, *arguments):
    done = subprocess.run([horn, "convert", *map(str, arguments)], capture_output=True, text=True,
                          timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or f"horn ended with {done.returncode}")


def without_ids(value):
    """A configuration without what says which objects are shared: numbers of no meaning."""
    if isinstance(value, dict):
        return {k: without_ids(v) for k, v in value.items() if k != "shared_object_id"}
    return [without_ids(v) for v in value] if isinstance(value, list) else value


def config_of(path):
    return without_ids(json.loads(zipfile.ZipFile(path).read("config.json")))


def first_difference(a, b, where=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(k for k in b if k not in a)]:
            if key not in a or key not in b:
                return f"{where}/{key} is {'extra' if key in b else 'missing'}"
            if difference := first_difference(a[key], b[key], f"{where}/{key}"):
                return difference
        return ""
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            if difference := first_difference(x, y, f"{where}[{i}]"):
                return difference
        return ""
    # Horn may know a dimension of a tensor that Keras left open.
    known = where.rsplit("[", 1)[0].endswith("/config/shape") and a is None and isinstance(b, int)
    return "" if a == b or known else f"{where}: {str(a)[:60]} became {str(b)[:60]}"


def load_again(keras, horn, form, source, folder):
    """The model in Python, from what Horn wrote."""
    load = lambda path: keras.models.load_model(path, compile=False, safe_mode=False)
    model, weights = folder / "m.keras", folder / "m.weights.h5"
    if form == "keras":
        convert(horn, source, model)
        return load(model)
    if form == "h5":
        convert(horn, source, folder / "m.h5")
        return load(folder / "m.h5")
    if form in ("weights", "json"):
        convert(horn, source, weights)
        if form == "weights":
            result = load(source)
            for weight in result.weights:
                weight.assign(weight.value * 0)
        else:
            convert(horn, source, folder / "m.json")
            result = keras.models.model_from_json((folder / "m.json").read_text())
        result.load_weights(weights)
        return result
    text = folder / ("m.yaml" if form == "yaml" else "m.json")
    convert(horn, source, text)
    numbers = weights if form == "yaml" else folder / "m.safetensors"
    convert(horn, source, numbers)
    convert(horn, text, model, "--weights", numbers)
    return load(model)


KERAS_ITSELF = "Keras itself: "


def compare(keras, model, reference, case):
    """What differs between a model's outputs and the numbers of a case, empty when nothing does."""
    import numpy as np

    inputs = [reference[f"input:{i}"]
              for i in range(sum(k.startswith("input:") for k in reference))]
    given = inputs[0] if len(inputs) == 1 else keras.tree.pack_sequence_as(
        model._inputs_struct, inputs)
    for i, output in enumerate(keras.tree.flatten(model(given, training=False))):
        wanted = reference[f"output:{i}"]
        found = np.asarray(keras.ops.convert_to_numpy(output))
        if found.shape != wanted.shape or not np.allclose(
                found.astype("f8"), wanted.astype("f8"), rtol=case["rtol"], atol=case["atol"],
                equal_nan=True):
            return f"output {i} differs"
    return ""


def keras_cannot(keras, source, reference, case):
    """Why Keras cannot load the .h5 that it writes of a model, empty when it can."""
    try:
        model = keras.models.load_model(source, compile=False, safe_mode=False)
        with tempfile.TemporaryDirectory() as name:
            path = os.path.join(name, "m.h5")
            model.save(path)
            again = keras.models.load_model(path, compile=False, safe_mode=False)
            return compare(keras, again, reference, case)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[-100:]}"


def run_case(case, suite, horn, form):
    """Returns what is wrong, empty when nothing is."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    def file_of(*suffixes):
        return next(os.path.join(suite, f) for f in case["files"] if f.endswith(suffixes))

    try:
        reference = read_safetensors(file_of(".safetensors"))
        source = file_of(".keras", ".h5")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            model = load_again(keras, horn, form, source, folder)
            problem = compare(keras, model, reference, case)
            if form == "keras" and source.endswith(".keras"):
                if difference := first_difference(config_of(source), config_of(folder / "m.keras")):
                    return "config: " + difference
    except Exception as error:  # any failure of a case is its result
        problem = f"{type(error).__name__}: {str(error)[-300:]}"
    if problem and form == "h5":
        if reason := keras_cannot(keras, source, reference, case):
            return KERAS_ITSELF + reason
    return problem


def selected_cases(arguments):
    groups = set(filter(None, arguments.groups.split(",")))
    with open(os.path.join(arguments.suite, "cases.json")) as file:
        cases = [c for c in json.load(file)["cases"]
                 if c["kind"] == "inference" and (not groups or c["group"] in groups)]
    if arguments.limit:
        cases = cases[::max(1, len(cases) // arguments.limit)][:arguments.limit]
    return cases


def main():
    arguments = parse_arguments()
    ensure_keras(arguments)
    import multiprocessing

    cases = selected_cases(arguments)
    results, failed = [], 0
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs, mp_context=context) as pool:
        for form in arguments.formats.split(","):
            counts, good, apart = collections.Counter(), collections.Counter(), 0
            runs = [pool.submit(run_case, case, arguments.suite, arguments.horn, form)
                    for case in cases]
            for case, run in zip(cases, runs):
                problem = run.result()
                if problem.startswith(KERAS_ITSELF):
                    apart += 1
                    continue
                counts[case["group"]] += 1
                good[case["group"]] += not problem
                failed += bool(problem)
                results.append({"name": case["name"], "format": form, "problem": problem})
                if problem:
                    print(f"FAIL {form} {case['name']}: {problem}", flush=True)
            for group in sorted(counts):
                print(f"{form} {group}: {good[group]} of {counts[group]} agree")
            print(f"{form}: {good.total()} of {counts.total()} agree", flush=True)
            if apart:
                print(f"{form}: {apart} more that Keras itself cannot load from what it writes")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=1))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
