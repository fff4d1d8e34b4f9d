# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes reference cases: a model that Keras saved, inputs, and the outputs that Keras computes.

A case is `<group>/<name>.keras` and `<group>/<name>.safetensors` (input:0.., output:0..), listed in
cases.json with its tolerance. Every model is loaded again before it is run, so that a case is one
that Keras itself can read back.
"""

import hashlib
import io
import json
import os
import re
import struct
import warnings
import zipfile
import zlib

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.filterwarnings("ignore")

import keras  # noqa: E402
import numpy as np  # noqa: E402

SAFETENSORS = {
    "float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "uint16": "U16", "uint32": "U32", "bool": "BOOL",
}


class Input:
    """One input. `batch` is 2 elements of an unknown axis unless the shape is the whole shape."""

    def __init__(self, shape, dtype="float32", low=None, high=None, batch=2, draw=None):
        self.shape, self.dtype, self.low, self.high = tuple(shape), dtype, low, high
        self.batch, self.draw = batch, draw

    def symbol(self):
        batch = () if self.batch is None else (None,)
        return keras.Input(batch_shape=batch + self.shape, dtype=self.dtype)

    def values(self, rng):
        shape = (() if self.batch is None else (self.batch,)) + self.shape
        if self.draw is not None:
            return np.asarray(self.draw(rng, shape)).astype(self.dtype)
        if self.dtype == "bool":
            return rng.integers(0, 2, shape).astype(bool)
        if "int" in self.dtype:
            low = 0 if self.low is None else self.low
            return rng.integers(low, 7 if self.high is None else self.high, shape).astype(self.dtype)
        if self.low is not None:
            return rng.uniform(self.low, self.high, shape).astype(self.dtype)
        return rng.normal(size=shape).astype(self.dtype)


def f(*shape, **options):
    """Floating-point numbers of a shape behind an unknown batch axis."""
    return Input(shape, **options)


def i(*shape, dtype="int32", **options):
    """Integers behind an unknown batch axis."""
    return Input(shape, dtype=dtype, **options)


def whole(*shape, **options):
    """A tensor of wholly known shape."""
    return Input(shape, batch=None, **options)


def rng_for(name):
    return np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))


def write_safetensors(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, array in tensors.items():
        blob = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": SAFETENSORS[array.dtype.name], "shape": list(array.shape),
                        "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def settle(path):
    """Takes the date out of the archive and compresses it: equal models give equal bytes."""
    with zipfile.ZipFile(path) as archive:
        members = {m.filename: archive.read(m) for m in archive.infolist()}
    meta = json.loads(members["metadata.json"])
    meta["date_saved"] = "2026-01-01@00:00:00"
    members["metadata.json"] = json.dumps(meta).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data,
                             zipfile.ZIP_DEFLATED)
    with open(path, "wb") as file:
        file.write(buffer.getvalue())


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def classes_of(model):
    return sorted({type(op).__name__ for op in model.operations} - {"InputLayer"})


class Suite:
    """The cases of one folder; `failures` holds those that Keras cannot build, save or load."""

    def __init__(self, root, only=None):
        self.root, self.only = root, only
        self.entries, self.failures, self.groups = [], [], {}

    def case(self, name, function, *inputs, rtol=1e-4, atol=1e-5):
        """A functional model that applies `function` to `inputs`; saved by `write`."""
        if self.only and not re.search(self.only, name):
            return
        symbols = [spec.symbol() for spec in inputs]
        rng = rng_for(name)
        arrays = [spec.values(rng) for spec in inputs]
        try:
            outputs = keras.tree.flatten(function(*symbols))
        except Exception as error:  # that Keras refuses is a result, too
            self.failures.append((name, f"{type(error).__name__}: {error}"[:300]))
            return
        self.groups.setdefault(name.split("/")[0], []).append((name, symbols, arrays, outputs, (rtol, atol)))

    def write(self, merge):
        """One case each, or with `merge` one case of many outputs for all that share a first part."""
        for group, cases in self.groups.items():
            if merge:
                for number, part in enumerate(self._parts(cases)):
                    self._guarded(group + (f"_{number}" if number else ""), part)
            else:
                for case in cases:
                    self._guarded(case[0].replace("/", "_"), [case])
        text = ",\n".join(json.dumps(entry) for entry in sorted(self.entries, key=lambda e: e["name"]))
        with open(os.path.join(self.root, "cases.json"), "w") as file:
            file.write('{"keras": "%s", "count": %d, "cases": [\n%s\n]}\n'
                       % (keras.__version__, len(self.entries), text))

    def _parts(self, cases):
        """Cases of equal tolerance may share a model."""
        parts = {}
        for case in cases:
            parts.setdefault(case[-1], []).append(case)
        return parts.values()

    def _guarded(self, name, cases):
        try:
            self._write_one(name, cases)
        except Exception as error:
            self.failures.append((name, f"{type(error).__name__}: {error}"[:300]))

    def _write_one(self, name, cases):
        model = keras.Model([symbol for case in cases for symbol in case[1]],
                            [output for case in cases for output in case[3]])
        arrays = [array for case in cases for array in case[2]]
        if len(self.entries) % 100 == 99 and keras.backend.backend() == "jax":
            import jax

            jax.clear_caches()  # compiled operations add up to gigabytes
        path = os.path.join(self.root, "operations", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            model.save(path + ".keras")
            loaded = keras.models.load_model(path + ".keras")
            results = keras.tree.flatten(loaded([keras.ops.convert_to_tensor(a) for a in arrays]))
        except Exception:
            if os.path.exists(path + ".keras"):
                os.remove(path + ".keras")
            raise
        settle(path + ".keras")
        tensors = {f"input:{n}": array for n, array in enumerate(arrays)}
        for n, value in enumerate(results):
            value = np.asarray(value)
            tensors[f"output:{n}"] = value.astype("float32") if value.dtype.name == "bfloat16" else value
        write_safetensors(path + ".safetensors", tensors)
        rtol, atol = cases[0][-1]
        self.entries.append({
            "name": f"operations/{name}", "group": "operations", "kind": "inference",
            "classes": classes_of(loaded), "rtol": rtol, "atol": atol,
            "files": {f"operations/{name}{suffix}": digest(path + suffix) for suffix in (".keras", ".safetensors")},
        })
