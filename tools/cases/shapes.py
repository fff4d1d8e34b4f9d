# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that make, move, join and scatter elements."""

import numpy as np
from keras import ops

from suite import f, i, whole


def create(s):
    for dtype in (None, "int32", "float16"):
        s.case(f"full_like/{dtype}", lambda x: ops.full_like(x, 2.7 if dtype != "int32" else 3, dtype=dtype), f(3, 4))
        s.case(f"zeros_like/{dtype}", lambda x: ops.zeros_like(x, dtype=dtype), f(3, 4))
        s.case(f"ones_like/{dtype}", lambda x: ops.ones_like(x, dtype=dtype), i(3, 4))
        s.case(f"empty_like/{dtype}", lambda x: ops.ones_like(ops.empty_like(x, dtype=dtype)), i(3, 4))
    s.case("full_like/tensor", lambda x, y: ops.full_like(x, y), f(3, 4), whole(draw=lambda rng, shape: 2.5))
    s.case("full_like/vector", lambda x, y: ops.full_like(x, y), f(3, 4), whole(4))
    two = dict(draw=lambda rng, shape: rng.uniform(1, 4, shape))
    for name, options in {
        "0": {}, "num": {"num": 5}, "open": {"num": 5, "endpoint": False}, "axis": {"num": 4, "axis": -1},
        "axis1": {"num": 4, "axis": 1}, "one": {"num": 1}, "none": {"num": 0}, "f16": {"num": 3, "dtype": "float16"},
        "int": {"num": 6, "dtype": "int32"}, "one_open": {"num": 1, "endpoint": False},
    }.items():
        tolerance = dict(rtol=5e-3, atol=5e-3) if name == "f16" else dict(rtol=1e-4, atol=1e-5)
        if not (name == "int"):
            s.case(f"logspace/{name}", lambda a, b: ops.logspace(a, b, **options), f(3, **two), f(3, **two), **tolerance)
            s.case(f"geomspace/{name}", lambda a, b: ops.geomspace(a, b, **options), f(3, **two), f(3, **two), **tolerance)
        s.case(f"linspace/{name}", lambda a, b: ops.linspace(a, b, **options), f(3), f(3), **tolerance)
    s.case("linspace/retstep", lambda a, b: ops.linspace(a, b, num=5, retstep=True), f(3), f(3))
    s.case("linspace/number", lambda a: ops.linspace(a, 2.0, num=5), f(3))
    s.case("linspace/ints", lambda a, b: ops.linspace(a, b, num=5), i(3), i(3))
    s.case("linspace/scalar", lambda a, b: ops.linspace(a, b, num=5), whole(), whole())
    s.case("logspace/base", lambda a, b: ops.logspace(a, b, num=5, base=2), f(3), f(3))
    s.case("geomspace/negative", lambda a, b: ops.geomspace(-a, -b, num=5), f(3, **two), f(3, **two))
    s.case("geomspace/number", lambda a: ops.geomspace(a, 9.0, num=4), f(3, **two))
    s.case("arange/tensor", lambda x: x + ops.arange(4), f(4))
    s.case("eye/0", lambda x: ops.matmul(x, ops.eye(4)), f(4))
    for name, options in {"0": {}, "n": {"N": 5}, "n_small": {"N": 2}, "increasing": {"increasing": True},
                          "n_increasing": {"N": 3, "increasing": True}}.items():
        s.case(f"vander/{name}", lambda x: ops.vander(x, **options), whole(4))
        s.case(f"vander/int_{name}", lambda x: ops.vander(x, **options), whole(4, dtype="int32"))
    for k in (0, 1, -2):
        s.case(f"diag/{k}", lambda x: ops.diag(x, k=k), whole(4))
        s.case(f"diag/matrix{k}", lambda x: ops.diag(x, k=k), whole(4, 5))
        s.case(f"diagflat/{k}", lambda x: ops.diagflat(x, k=k), whole(2, 3))
        s.case(f"diagonal/{k}", lambda x: ops.diagonal(x, offset=k, axis1=1, axis2=2), f(4, 5))
        s.case(f"diagonal/swap{k}", lambda x: ops.diagonal(x, offset=k, axis1=-1, axis2=1), f(4, 3, 5))
        s.case(f"trace/{k}", lambda x: ops.trace(x, offset=k, axis1=-2, axis2=-1), f(4, 5))
        s.case(f"trace/int{k}", lambda x: ops.trace(x, offset=k, axis1=1, axis2=3), i(4, 2, 5, dtype="int8"))
        s.case(f"tril/{k}", lambda x: ops.tril(x, k=k), f(4, 5))
        s.case(f"triu/{k}", lambda x: ops.triu(x, k=k), i(4, 5))
    s.case("diagflat/vector", lambda x: ops.diagflat(x), whole(3, dtype="int32"))
    s.case("diagflat/scalar", lambda x: ops.diagflat(x), whole())
    s.case("trace/default", lambda x: ops.trace(x), whole(4, 5, 3))
    s.case("size/0", lambda x: ops.size(x), whole(3, 4))
    s.case("size/used", lambda x: x * ops.size(x), f(3, 4))
    s.case("ndim/0", lambda x: ops.ndim(x), f(3, 4))
    s.case("ndim/used", lambda x: x + ops.cast(ops.ndim(x), "float32"), f(3, 4))
    s.case("meshgrid/xy", lambda a, b: ops.meshgrid(a, b), whole(3), whole(4))
    s.case("meshgrid/ij", lambda a, b, c: ops.meshgrid(a, b, c, indexing="ij"), whole(3), whole(4), whole(2))
    s.case("meshgrid/three", lambda a, b, c: ops.meshgrid(a, b, c), whole(3), whole(4), whole(2))
    s.case("meshgrid/one", lambda a: ops.meshgrid(a), whole(3))
    s.case("meshgrid/matrix", lambda a, b: ops.meshgrid(a, b), whole(2, 3), whole())
    for order in (1, 2):
        s.case(f"bartlett/{order}", lambda x: ops.bartlett(x), whole(dtype="int32", draw=lambda rng, shape: 5 * order))
        for window in ("blackman", "hamming", "hanning"):
            s.case(f"{window}/{order}", lambda x: getattr(ops, window)(x), whole(dtype="int32", draw=lambda rng, shape: 5 * order))
    s.case("kaiser/0", lambda x: ops.kaiser(x, 2.0), whole(dtype="int32", draw=lambda rng, shape: 5))


def move(s):
    for name, arguments in {"merge": ((-1, 12),), "split": ((-1, 2, 6),), "flat": ((-1,),)}.items():
        s.case(f"reshape/{name}", lambda x: ops.reshape(x, *arguments), f(3, 4))
    s.case("reshape/whole", lambda x: ops.reshape(x, (3, -1)), whole(2, 6))
    s.case("reshape/scalar", lambda x: ops.reshape(x, ()), whole(1))
    s.case("ravel/0", ops.ravel, f(3, 4))
    s.case("transpose/0", lambda x: ops.transpose(x), whole(2, 3, 4))
    s.case("transpose/axes", lambda x: ops.transpose(x, (0, -1, 1)), f(3, 4))
    s.case("moveaxis/0", lambda x: ops.moveaxis(x, 1, -1), f(3, 4, 2))
    s.case("moveaxis/several", lambda x: ops.moveaxis(x, (1, 3), (-1, 1)), f(3, 4, 2))
    s.case("swapaxes/0", lambda x: ops.swapaxes(x, -1, 1), f(3, 4, 2))
    s.case("expand_dims/0", lambda x: ops.expand_dims(x, -1), f(3))
    s.case("expand_dims/several", lambda x: ops.expand_dims(x, (1, -1)), f(3))
    s.case("squeeze/0", lambda x: ops.squeeze(x), f(1, 3, 1))
    s.case("squeeze/axis", lambda x: ops.squeeze(x, -1), f(1, 3, 1))
    s.case("squeeze/axes", lambda x: ops.squeeze(x, (1, 3)), f(1, 3, 1))
    s.case("flip/0", lambda x: ops.flip(x), whole(2, 3))
    s.case("flip/axes", lambda x: ops.flip(x, (1, -1)), f(3, 4))
    s.case("fliplr/0", ops.fliplr, f(3))
    s.case("flipud/0", ops.flipud, whole(4, 3))
    for k in (-1, 0, 1, 2, 3, 5):
        s.case(f"rot90/{k}", lambda x: ops.rot90(x, k=k, axes=(1, 2)), f(3, 4))
    s.case("rot90/swapped", lambda x: ops.rot90(x, k=1, axes=(2, 1)), f(3, 4))
    s.case("rot90/default", lambda x: ops.rot90(x), whole(3, 4, 2))
    s.case("roll/flat", lambda x: ops.roll(x, 2), whole(3, 4))
    s.case("roll/negative", lambda x: ops.roll(x, -5, axis=-1), f(3, 4))
    s.case("roll/several", lambda x: ops.roll(x, (1, -1), axis=(1, 2)), f(3, 4))
    s.case("roll/one_shift", lambda x: ops.roll(x, 1, axis=(1, 2)), f(3, 4))
    s.case("roll/batch", lambda x: ops.roll(x, 1, axis=0), f(3, 4))
    s.case("roll/unknown", lambda x: ops.roll(x, 2), f(3, 4))
    s.case("repeat/flat", lambda x: ops.repeat(x, 3), whole(2, 2))
    s.case("repeat/list", lambda x: ops.repeat(x, [1, 0, 3], axis=1), f(3, 2))
    s.case("repeat/flat_list", lambda x: ops.repeat(x, [1, 2, 3]), whole(3))
    s.case("repeat/axis", lambda x: ops.repeat(x, 2, axis=-2), f(3, 2))
    s.case("repeat/list_one", lambda x: ops.repeat(x, [2], axis=1), f(3, 2))
    s.case("repeat/batch", lambda x: ops.repeat(x, 2, axis=0), f(3, 2))
    s.case("tile/short", lambda x: ops.tile(x, (2,)), f(3, 2))
    s.case("tile/int", lambda x: ops.tile(x, 2), f(3, 2))
    s.case("tile/long", lambda x: ops.tile(x, (2, 1, 1, 3)), f(3, 2))
    s.case("broadcast_to/0", lambda x: ops.broadcast_to(x, (2, 3, 4)), whole(3, 1))
    for mode in ("constant", "reflect", "symmetric", "edge", "wrap", "linear_ramp", "maximum", "mean", "minimum", "median", "empty"):
        s.case(f"pad/{mode}", lambda x: ops.pad(x, ((0, 0), (1, 2), (2, 1)), mode=mode), f(4, 5))
        s.case(f"pad/{mode}_one", lambda x: ops.pad(x, 2, mode=mode), whole(4, 5))
    s.case("pad/value", lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1)), constant_values=2.5), f(4, 5))
    s.case("pad/pair", lambda x: ops.pad(x, (1, 2)), whole(4, 5))
    s.case("pad/single_pair", lambda x: ops.pad(x, ((1, 2),)), whole(4, 5))
    s.case("pad/int", lambda x: ops.pad(x, ((0, 0), (1, 1)), constant_values=7), i(4))
    s.case("pad/reflect_long", lambda x: ops.pad(x, ((0, 0), (5, 6)), mode="reflect"), f(4))
    s.case("pad/symmetric_long", lambda x: ops.pad(x, ((0, 0), (5, 9)), mode="symmetric"), f(4))
    s.case("pad/wrap_long", lambda x: ops.pad(x, ((0, 0), (5, 9)), mode="wrap"), f(4))
    s.case("diff/0", lambda x: ops.diff(x), f(5))
    s.case("diff/n", lambda x: ops.diff(x, n=2, axis=1), f(5, 3))
    s.case("diff/int", lambda x: ops.diff(x, axis=1), i(5, 3))
    s.case("diff/n0", lambda x: ops.diff(x, n=0), f(5))
    s.case("diff/bool", lambda x: ops.diff(x), i(5, dtype="bool"))
    for key, function in {
        "index": lambda x: x[:, 1], "negative": lambda x: x[..., -1], "step": lambda x: x[:, ::2],
        "reverse": lambda x: x[:, ::-1], "new": lambda x: x[:, None], "mixed": lambda x: x[:, 1:, None, 0],
        "empty": lambda x: x[:, 3:2], "batch": lambda x: x[0], "list": lambda x: x[:, [0, 2]],
        "tail": lambda x: x[:, -2:], "beyond": lambda x: x[:, 1:99],
    }.items():
        s.case(f"get_item/{key}", function, f(4, 5))
    s.case("get_item/mask", lambda x, n: x[n], whole(5, 3), whole(2, dtype="int32", high=4))
    s.case("slice/0", lambda x: ops.slice(x, (0, 1), (2, 2)), whole(4, 4))
    s.case("slice/clamped", lambda x: ops.slice(x, (3, 3), (2, 2)), whole(4, 4))
    s.case("slice/tensor", lambda a, b: ops.slice(a, b, (2, 2)), whole(4, 4), whole(2, dtype="int32", high=5))
    s.case("slice_update/0", lambda x, u: ops.slice_update(x, (1, 2), u), whole(4, 5), whole(2, 2))
    s.case("slice_update/clamped", lambda x, u: ops.slice_update(x, (3, 4), u), whole(4, 5), whole(2, 2))
    s.case("slice_update/batch", lambda x, u: ops.slice_update(x, (0, 2), u), f(5), f(2))
    s.case("slice_update/tensor", lambda x, n, u: ops.slice_update(x, n, u), whole(4, 5), whole(2, dtype="int32", high=6), whole(2, 2))
    s.case("slice_update/int", lambda x, u: ops.slice_update(x, (1,), u), whole(4, dtype="int32"), whole(2, dtype="int32"))
    s.case("slice_update/zero", lambda x, u: ops.slice_update(x, (1, 0), u), whole(4, 5), whole(0, 2))


def join(s):
    s.case("concatenate/types", lambda a, b: ops.concatenate([a, b], axis=1), f(3), i(2))
    s.case("concatenate/bool", lambda a, b: ops.concatenate([a, b], axis=-1), i(3, dtype="bool"), i(2, dtype="uint8"))
    s.case("concatenate/zero", lambda a, b: ops.concatenate([a[:, :0], b], axis=1), f(3), f(2))
    s.case("stack/0", lambda a, b: ops.stack([a, b]), f(3), f(3))
    s.case("stack/last", lambda a, b: ops.stack([a, b], axis=-1), f(3), i(3))
    s.case("stack/middle", lambda a, b: ops.stack([a, b], axis=-2), f(3), f(3))
    for name in ("hstack", "vstack", "dstack"):
        s.case(f"{name}/matrix", lambda a, b: getattr(ops, name)([a, b]), whole(2, 3), whole(2, 3))
        s.case(f"{name}/vector", lambda a, b: getattr(ops, name)([a, b]), whole(3), whole(3))
        s.case(f"{name}/scalar", lambda a, b: getattr(ops, name)([a, b]), whole(), whole())
        s.case(f"{name}/cube", lambda a, b: getattr(ops, name)([a, b]), f(2, 3), f(2, 3))
    s.case("append/flat", lambda a, b: ops.append(a, b), whole(2, 3), whole(4))
    s.case("append/axis", lambda a, b: ops.append(a, b, axis=-1), f(3), i(2))
    s.case("split/0", lambda x: ops.split(x, 3, axis=1), f(6))
    s.case("split/points", lambda x: ops.split(x, [1, 4], axis=-1), f(6))
    s.case("split/default", lambda x: ops.split(x, 2), whole(4, 2))
    s.case("array_split/0", lambda x: ops.array_split(x, 4, axis=1), f(6))
    s.case("array_split/more", lambda x: ops.array_split(x, 4, axis=0), whole(3, 2))
    s.case("hsplit/0", lambda x: ops.hsplit(x, 2), f(4))
    s.case("hsplit/points", lambda x: ops.hsplit(x, [1, 3]), f(4))
    s.case("vsplit/0", lambda x: ops.vsplit(x, 2), whole(4, 2))
    s.case("dsplit/0", lambda x: ops.dsplit(x, 2), f(3, 4))
    s.case("unstack/0", lambda x: ops.unstack(x, axis=1), f(3, 2))
    s.case("unstack/num", lambda x: ops.unstack(x, num=3, axis=-1), f(2, 3))
    for name in ("x", "axis", "none"):
        pass
    s.case("kron/matrix", ops.kron, whole(2, 3), whole(3, 2))
    s.case("kron/vector", ops.kron, whole(3), whole(2, dtype="int32"))
    s.case("kron/ranks", ops.kron, whole(2, 3), whole(2))
    s.case("kron/cube", ops.kron, whole(2, 1, 3), whole(2, 2))
    s.case("kron/int", ops.kron, whole(2, 3, dtype="int32"), whole(3, 2, dtype="int32"))


def lookup(s):
    s.case("take/axis", lambda x, n: ops.take(x, n, axis=1), f(5, 2), whole(3, dtype="int32", high=5))
    s.case("take/flat", lambda x, n: ops.take(x, n), whole(3, 4), whole(2, 2, dtype="int32", high=12))
    s.case("take/negative", lambda x: ops.take(x, [-1, 0, -3], axis=1), f(5))
    s.case("take/outside", lambda x: ops.take(x, [5, 0, -6], axis=1), f(5))
    s.case("take/outside_int", lambda x: ops.take(x, [5, 0, -6], axis=1), i(5))
    s.case("take/one", lambda x: ops.take(x, 2, axis=-1), f(5))
    s.case("take_along_axis/0", lambda x, n: ops.take_along_axis(x, n, axis=1), f(5, 2), i(3, 2, high=5))
    s.case("take_along_axis/flat", lambda x, n: ops.take_along_axis(x, n, axis=None), whole(3, 4), whole(5, dtype="int32", high=12))
    s.case("take_along_axis/last", lambda x, n: ops.take_along_axis(x, n), f(2, 5), i(2, 3, high=5))
    s.case("take_along_axis/broadcast", lambda x, n: ops.take_along_axis(x, n, axis=1), f(5, 2), i(3, 1, high=5))
    s.case("unravel_index/0", lambda n: ops.unravel_index(n, (3, 4)), i(5, high=12))
    s.case("unravel_index/three", lambda n: ops.unravel_index(n, (2, 3, 4)), i(2, 3, high=24))
    s.case("unravel_index/negative", lambda n: ops.unravel_index(n, (3, 4)), i(7, low=-14, high=16))
    s.case("unravel_index/one", lambda n: ops.unravel_index(n, 12), i(5, high=12))
    indices = dict(draw=lambda rng, shape: [[0, 1], [3, 2], [0, 1], [2, 4]], dtype="int32")
    outside = dict(draw=lambda rng, shape: [[0, 1], [9, 2], [-1, -1], [2, 5]], dtype="int32")
    for reduction in (None, "add", "max", "min", "mul"):
        s.case(f"scatter_update/{reduction}", lambda x, n, u: ops.scatter_update(x, n, u, reduction=reduction),
               whole(4, 5), whole(4, 2, **indices), whole(4))
        s.case(f"scatter_update/{reduction}_outside", lambda x, n, u: ops.scatter_update(x, n, u, reduction=reduction),
               whole(4, 5), whole(4, 2, **outside), whole(4))
        s.case(f"scatter_update/{reduction}_rows", lambda x, n, u: ops.scatter_update(x, n, u, reduction=reduction),
               whole(4, 5), whole(3, 1, dtype="int32", high=4), whole(3, 5))
        s.case(f"scatter_update/{reduction}_int", lambda x, n, u: ops.scatter_update(x, n, u, reduction=reduction),
               whole(4, 5, dtype="int32"), whole(3, 1, dtype="int32", high=4), whole(3, 5, dtype="int32"))
    s.case("scatter_update/list", lambda x, u: ops.scatter_update(x, [[0], [2]], u), whole(4, 5), whole(2, 5))
    s.case("scatter_update/batch", lambda x, u: ops.scatter_update(x, [[0], [1]], u), f(5), whole(2, 5))
    s.case("scatter_update/broadcast", lambda x, u: ops.scatter_update(x, [[0], [2]], u), whole(4, 5), whole(5))
    s.case("scatter_update/scalar", lambda x: ops.scatter_update(x, [[0], [2]], 7.5), whole(4, 5))
    s.case("scatter/0", lambda n, v: ops.scatter(n, v, (4, 5)), whole(4, 2, **indices), whole(4))
    s.case("scatter/rows", lambda n, v: ops.scatter(n, v, (4, 5)), whole(3, 1, dtype="int32", high=4), whole(3, 5))
    s.case("scatter/matrix", lambda n, v: ops.scatter(n, v, (4, 5)), whole(2, 3, 1, dtype="int32", high=4), whole(2, 3, 5))
    s.case("scatter/outside", lambda n, v: ops.scatter(n, v, (4, 5)), whole(4, 2, **outside), whole(4))
    s.case("scatter/int", lambda n, v: ops.scatter(n, v, (9,)), whole(5, 1, dtype="int32", high=9), whole(5, dtype="int32"))
    s.case("scatter/batch", lambda n, v: ops.scatter(n, v, (4, 5)), i(1, high=4), f(5))
    for name in ("sum", "max", "min", "prod"):
        function = getattr(ops, f"segment_{name}")
        s.case(f"segment_{name}/vector", lambda x, n: function(x, n, num_segments=4), whole(7), whole(7, dtype="int32", high=3))
        s.case(f"segment_{name}/matrix", lambda x, n: function(x, n, num_segments=4), f(3, batch=5), i(batch=5, high=3))
        s.case(f"segment_{name}/int", lambda x, n: function(x, n, num_segments=4), whole(7, dtype="int32"), whole(7, dtype="int32", high=3))
        s.case(f"segment_{name}/outside", lambda x, n: function(x, n, num_segments=4), whole(7, 2), whole(7, dtype="int32", draw=lambda rng, shape: [0, -1, 4, 9, -5, 2, 2]))
        s.case(f"segment_{name}/sorted", lambda x, n: function(x, n, num_segments=4, sorted=True), whole(7), whole(7, dtype="int32", draw=lambda rng, shape: [0, 0, 1, 1, 1, 3, 3]))
        s.case(f"segment_{name}/f16", lambda x, n: function(x, n, num_segments=4), whole(7, dtype="float16"), whole(7, dtype="int32", high=3), rtol=5e-3, atol=5e-3)
    s.case("one_hot/0", lambda x: ops.one_hot(x, 5), i(3, low=-1, high=7))
    s.case("one_hot/axis", lambda x: ops.one_hot(x, 5, axis=1, dtype="int32"), i(3, high=5))
    s.case("one_hot/axis0", lambda x: ops.one_hot(x, 5, axis=0), i(3, high=5))
    s.case("multi_hot/0", lambda x: ops.multi_hot(x, 5), i(3, low=0, high=5))
    s.case("multi_hot/axis", lambda x: ops.multi_hot(x, 5, axis=1), i(3, 2, low=0, high=5))
    s.case("multi_hot/int", lambda x: ops.multi_hot(x, 5, dtype="int32"), i(3, low=-1, high=7))
    s.case("unique/size", lambda x: ops.unique(x, size=5), whole(12, dtype="int32"))
    s.case("unique/small", lambda x: ops.unique(x, size=2), whole(12, dtype="int32"))
    s.case("unique/all", lambda x: ops.unique(x, size=9, fill_value=-1, return_index=True, return_inverse=True, return_counts=True), whole(3, 4, dtype="int32"))
    s.case("unique/float", lambda x: ops.unique(x, size=9, return_counts=True), whole(6))
    s.case("unique/axis", lambda x: ops.unique(x, size=5, axis=0, return_index=True, return_inverse=True, return_counts=True), whole(6, 2, dtype="int32", high=2))
    s.case("unique/axis1", lambda x: ops.unique(x, size=3, axis=1), whole(2, 5, dtype="int32", high=2))


def add(s):
    create(s)
    move(s)
    join(s)
    lookup(s)
