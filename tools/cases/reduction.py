# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that take axes away, sort, or add up."""

import numpy as np
from keras import ops

from suite import f, i, whole


def holes(rng, shape):
    x = rng.normal(size=shape)
    x[rng.uniform(size=shape) < 0.3] = np.nan
    return x


def row_of_nan(rng, shape):
    x = holes(rng, shape)
    x[0, 0] = np.nan
    return x


AXES = {"all": {}, "one": {"axis": 1}, "last": {"axis": -1, "keepdims": True}, "two": {"axis": (1, -1)},
        "keep": {"keepdims": True}, "batch": {"axis": 0}}
PLAIN = ["sum", "mean", "max", "min", "amax", "amin", "prod", "any", "all", "var", "std", "logsumexp", "ptp"]
NAN = ["nansum", "nanmean", "nanmax", "nanmin", "nanprod", "nanvar", "nanstd", "nanmedian"]


def plain(s):
    for name in PLAIN:
        function = getattr(ops, name)
        for key, options in AXES.items():
            s.case(f"{name}/{key}", lambda x: function(x, **options), f(3, 4))
        for dtype in ("int32", "uint8", "int8", "bool", "int16"):
            if name == "ptp" and dtype == "bool" or name == "logsumexp" and dtype == "bool":
                continue
            s.case(f"{name}/{dtype}", lambda x: function(x, axis=1), i(3, 2, dtype=dtype, low=0, high=4))
        s.case(f"{name}/f16", lambda x: function(x, axis=1), f(3, 2, dtype="float16"), rtol=5e-3, atol=5e-3)
        if name not in ("max", "min", "amax", "amin", "ptp"):
            s.case(f"{name}/zero", lambda x: function(x[:, :0], axis=1), f(3, 2))
        s.case(f"{name}/nan", lambda x: function(x, axis=1), f(3, 4, draw=holes))
    s.case("max/initial", lambda x: ops.max(x, axis=1, initial=0.5), f(3, 4))
    s.case("min/initial", lambda x: ops.min(x, axis=1, initial=-0.5), f(3, 4))
    s.case("prod/dtype", lambda x: ops.prod(x, axis=1, dtype="float32"), i(3, 4))
    s.case("logsumexp/inf", lambda x: ops.logsumexp(x, axis=1), f(3, draw=lambda rng, shape: [[-np.inf] * 3, [1, np.inf, 2]]))
    for name in ("argmax", "argmin"):
        function = getattr(ops, name)
        for key, options in {"all": {}, "one": {"axis": 1}, "last": {"axis": -1, "keepdims": True}, "keep": {"keepdims": True}}.items():
            s.case(f"{name}/{key}", lambda x: function(x, **options), f(3, 4))
        s.case(f"{name}/ties", lambda x: function(x, axis=1), i(6, high=3))
        s.case(f"{name}/nan", lambda x: function(x, axis=1), f(5, draw=holes))
        s.case(f"{name}/bool", lambda x: function(x, axis=1), i(6, dtype="bool"))
        s.case(f"{name}/negative_zero", lambda x: function(x, axis=1), f(3, draw=lambda rng, shape: [[0.0, -0.0, 0.0], [-0.0, 0.0, -0.0]]))
    for name in NAN:
        function = getattr(ops, name)
        for key, options in AXES.items():
            s.case(f"{name}/{key}", lambda x: function(x, **options), f(5, 4, draw=holes))
        s.case(f"{name}/empty", lambda x: function(x, axis=-1), f(3, 4, draw=row_of_nan))
        s.case(f"{name}/int", lambda x: function(x, axis=1), i(3, 4))
        s.case(f"{name}/f16", lambda x: function(x, axis=1), f(5, 2, dtype="float16", draw=holes), rtol=5e-3, atol=5e-3)
    for name in ("nanargmax", "nanargmin"):
        function = getattr(ops, name)
        for key, options in {"all": {}, "one": {"axis": 1}, "last": {"axis": -1, "keepdims": True}}.items():
            s.case(f"{name}/{key}", lambda x: function(x, **options), f(5, 4, draw=holes))
        s.case(f"{name}/empty", lambda x: function(x, axis=-1), f(3, 4, draw=row_of_nan))
        s.case(f"{name}/int", lambda x: function(x, axis=1), i(3, 4))
    for key, options in {"flat": {}, "one": {"axis": 1}, "last": {"axis": -1}, "dtype": {"axis": 1, "dtype": "float32"}}.items():
        for name in ("cumsum", "cumprod", "nancumsum", "nancumprod"):
            draw = holes if name.startswith("nan") else None
            s.case(f"{name}/{key}", lambda x: getattr(ops, name)(x, **options), f(3, 4, draw=draw))
            s.case(f"{name}/int_{key}", lambda x: getattr(ops, name)(x, **options), i(3, 4, low=1, high=3))
        s.case(f"cumsum/bool_{key}", lambda x: ops.cumsum(x, **options), i(3, 4, dtype="bool"))
    s.case("cumsum/i8", lambda x: ops.cumsum(x, axis=1), i(3, dtype="int8"))
    for key, options in {"all": {}, "one": {"axis": 1}, "two": {"axis": (1, 2)}, "last": {"axis": -1}}.items():
        s.case(f"count_nonzero/{key}", lambda x: ops.count_nonzero(x, **options), i(3, 4, low=-1, high=2))
    s.case("moments/0", lambda x: ops.moments(x, axes=[1]), f(3, 4))
    s.case("moments/keep", lambda x: ops.moments(x, axes=(0, 1), keepdims=True), f(3, 4))
    s.case("moments/f16", lambda x: ops.moments(x, axes=[1]), f(3, 4, dtype="float16"), rtol=5e-3, atol=5e-3)
    s.case("average/0", lambda x: ops.average(x), f(3, 4))
    s.case("average/axis", lambda x: ops.average(x, axis=1), i(3, 4))
    s.case("average/weights", lambda x, w: ops.average(x, axis=1, weights=w), f(3, 4), whole(3, low=0.1, high=1))
    s.case("average/full_weights", lambda x, w: ops.average(x, axis=1, weights=w), f(3, 4), f(3, 4, low=0.1, high=1))
    s.case("average/all_weights", lambda x, w: ops.average(x, weights=w), f(3), f(3, low=0.1, high=1))
    s.case("average/int_weights", lambda x, w: ops.average(x, axis=-1, weights=w), i(3, 4), whole(4, dtype="int32", low=1))


def order(s):
    methods = ("linear", "lower", "higher", "midpoint", "nearest")
    for name, q in (("quantile", 0.3), ("percentile", 30), ("nanquantile", 0.3), ("nanpercentile", 30)):
        function = getattr(ops, name)
        draw = holes if name.startswith("nan") else None
        for method in methods:
            s.case(f"{name}/{method}", lambda x: function(x, q, axis=1, method=method), f(6, 3, draw=draw))
        for key, options in AXES.items():
            s.case(f"{name}/{key}", lambda x: function(x, q, **options), f(5, 4, draw=draw))
        s.case(f"{name}/list", lambda x: function(x, [q / 3, q, q * 2], axis=1), f(6, 3, draw=draw))
        s.case(f"{name}/list_keep", lambda x: function(x, [q / 3, q], axis=1, keepdims=True), f(6, 3, draw=draw))
        s.case(f"{name}/int", lambda x: function(x, q, axis=1), i(6, 3))
        s.case(f"{name}/nan", lambda x: function(x, q, axis=1), f(6, draw=holes))
        s.case(f"{name}/tensor", lambda x, p: function(x, p, axis=1), f(6), whole(3, draw=lambda rng, shape: np.array([0.1, 0.5, 1]) * (q / 0.3)))
        s.case(f"{name}/edges", lambda x: function(x, [0, q / 0.3], axis=1), f(6))
    for key, options in AXES.items():
        s.case(f"median/{key}", lambda x: ops.median(x, **options), f(4, 3))
    s.case("median/int", lambda x: ops.median(x, axis=1), i(4, 3))
    s.case("median/nan", lambda x: ops.median(x, axis=1), f(4, 3, draw=holes))
    for key, options in {"0": {}, "axis": {"axis": 1}, "flat": {"axis": None}}.items():
        s.case(f"sort/{key}", lambda x: ops.sort(x, **options), f(5, 3))
        s.case(f"argsort/{key}", lambda x: ops.argsort(x, **options), f(5, 3))
        s.case(f"argpartition/{key}", lambda x: ops.argpartition(x, 2, **options), f(5, 3))
    s.case("argpartition/kth", lambda x: ops.argpartition(x, 0), f(9))
    s.case("argpartition/negative", lambda x: ops.argpartition(x, -2), f(9))
    s.case("argpartition/ties", lambda x: ops.argpartition(x, 3), i(9, high=3))
    s.case("sort/int", lambda x: ops.sort(x), i(9, dtype="uint8"))
    s.case("sort/nan", lambda x: ops.sort(x), f(9, draw=holes))
    s.case("sort/bool", lambda x: ops.sort(x), i(9, dtype="bool"))
    s.case("sort/f16", lambda x: ops.sort(x), f(9, dtype="float16"))
    s.case("argsort/ties", lambda x: ops.argsort(x), i(9, high=3))
    s.case("argsort/nan", lambda x: ops.argsort(x), f(9, draw=holes))
    s.case("top_k/0", lambda x: ops.top_k(x, 3), f(6))
    s.case("top_k/int", lambda x: ops.top_k(x, 3), i(2, 6, high=3))
    s.case("top_k/unsorted", lambda x: ops.sort(ops.top_k(x, 3, sorted=False)[0]), f(6))
    s.case("in_top_k/0", lambda t, p: ops.in_top_k(t, p, 2), i(high=4), f(4))
    s.case("in_top_k/ties", lambda t, p: ops.in_top_k(t, ops.round(p), 2), i(high=6), f(6))
    s.case("digitize/0", lambda x: ops.digitize(x, [-1.0, 0.0, 1.0]), f(5))
    s.case("digitize/int", lambda x: ops.digitize(x, [1, 3, 5]), i(5))
    s.case("digitize/tensor", lambda x, b: ops.digitize(x, b), f(5), whole(3, draw=lambda rng, shape: [-1, 0, 1]))
    s.case("digitize/edges", lambda x: ops.digitize(x, [1.0, 3.0]), f(4, draw=lambda rng, shape: [[0, 1, 2, 3], [np.nan, np.inf, -np.inf, 3]]))
    for side in ("left", "right"):
        s.case(f"searchsorted/{side}", lambda a, v: ops.searchsorted(a, v, side=side), whole(5, draw=lambda rng, shape: [0, 1, 1, 2, 5]), f(4, draw=lambda rng, shape: [[0, 1, 2, 9], [-1, 5, 0.5, 1.5]]))
    s.case("searchsorted/int", lambda a, v: ops.searchsorted(a, v), whole(5, dtype="int32", draw=lambda rng, shape: [0, 1, 1, 2, 5]), i(4))
    s.case("isin/0", lambda x: ops.isin(x, [1, 3]), i(6))
    s.case("isin/invert", lambda x, y: ops.isin(x, y, invert=True), i(6), i(2))
    s.case("isin/unique", lambda x: ops.isin(x, [1, 3], assume_unique=True), i(6))
    s.case("isin/float", lambda x: ops.isin(x, [1.0, 3.0]), i(6))


def products(s):
    for name, a, b in (("vectors", whole(4), whole(4)), ("matrix", whole(3, 4), whole(4, 2)), ("batch", f(3, 4), f(4, 2)),
                       ("vector", f(3, 4), whole(4)), ("row", whole(3), f(3, 4)), ("broadcast", f(5, 3, 4), whole(4, 2)),
                       ("int", i(3, 4), whole(4, 2, dtype="int32")), ("i8", i(3, 4, dtype="int8"), whole(4, 2, dtype="int8")),
                       ("mixed", i(3, 4), whole(4, 2)), ("bool", i(3, 4, dtype="bool"), whole(4, 2, dtype="bool"))):
        s.case(f"matmul/{name}", ops.matmul, a, b)
        if name not in ("batch", "row"):
            s.case(f"dot/{name}", ops.dot, a, b)
    s.case("matmul/f16", ops.matmul, f(3, 4, dtype="float16"), whole(4, 2, dtype="float16"), rtol=5e-3, atol=5e-3)
    s.case("dot/scalar", ops.dot, f(3, 4), whole())
    s.case("inner/vectors", ops.inner, whole(4), whole(4))
    s.case("inner/matrix", ops.inner, f(3, 4), whole(2, 4))
    s.case("inner/scalar", ops.inner, f(3, 4), whole())
    s.case("inner/int", ops.inner, whole(3, 4, dtype="int32"), whole(2, 4, dtype="int32"))
    s.case("outer/0", ops.outer, whole(3), whole(4))
    s.case("outer/matrix", ops.outer, whole(2, 3), i(2))
    s.case("vdot/0", ops.vdot, whole(4), whole(4))
    s.case("vdot/matrix", ops.vdot, whole(2, 4), whole(2, 4))
    s.case("vdot/int", ops.vdot, whole(4, dtype="int32"), whole(4))
    for key, axes in {"default": 2, "one": 1, "zero": 0, "lists": ((2, 1), (1, 0)), "ints": (2, 0)}.items():
        second = {"default": (3, 4, 2), "one": (4, 2), "zero": (2,), "lists": (3, 4, 2), "ints": (4, 2)}[key]
        s.case(f"tensordot/{key}", lambda a, b: ops.tensordot(a, b, axes=axes), f(3, 4), whole(*second))
    s.case("cross/0", lambda a, b: ops.cross(a, b), f(3), f(3))
    s.case("cross/axis", lambda a, b: ops.cross(a, b, axis=1), f(3, 4), f(3, 4))
    s.case("cross/axes", lambda a, b: ops.cross(a, b, axisa=1, axisb=2, axisc=1), f(3, 4), f(4, 3))
    s.case("cross/two", lambda a, b: ops.cross(a, b), f(2), f(2))
    s.case("cross/two_three", lambda a, b: ops.cross(a, b), f(2), f(3))
    s.case("cross/three_two", lambda a, b: ops.cross(a, b), f(3), f(2))
    s.case("cross/broadcast", lambda a, b: ops.cross(a, b), f(5, 3), whole(3))
    s.case("trapezoid/0", lambda y: ops.trapezoid(y), f(5))
    s.case("trapezoid/x", lambda y, x: ops.trapezoid(y, x), f(5), whole(5))
    s.case("trapezoid/x_full", lambda y, x: ops.trapezoid(y, x, axis=1), f(5, 2), f(5, 2))
    s.case("trapezoid/dx", lambda y: ops.trapezoid(y, dx=0.5, axis=1), f(5, 2))
    s.case("trapezoid/int", lambda y: ops.trapezoid(y), i(5))
    s.case("cdist/0", lambda a, b: ops.cdist(a, b), f(3, 4), f(5, 4))
    s.case("cdist/matrix", lambda a, b: ops.cdist(a, b), whole(3, 4), whole(5, 4))
    s.case("einsum/three", lambda a, b, c: ops.einsum("bij,jk,k->bi", a, b, c), f(3, 4), whole(4, 2), whole(2))
    s.case("einsum/one", lambda a: ops.einsum("bij->bji", a), f(3, 4))
    s.case("einsum/sum", lambda a: ops.einsum("bij->b", a), f(3, 4))
    s.case("einsum/diagonal", lambda a: ops.einsum("bii->bi", a), f(4, 4))
    s.case("einsum/implicit", lambda a, b: ops.einsum("ij,jk", a, b), whole(3, 4), whole(4, 2))
    s.case("einsum/dots", lambda a, b: ops.einsum("...ij,...jk->...ik", a, b), f(3, 4), f(4, 2))
    s.case("einsum/int", lambda a, b: ops.einsum("bij,bjk->bik", a, b), i(3, 4), i(4, 2))
    for key, shape in {"0": (3, 5), "vector": (5,), "one": (1, 5)}.items():
        s.case(f"corrcoef/{key}", ops.corrcoef, whole(*shape))
    s.case("corrcoef/int", ops.corrcoef, whole(3, 5, dtype="int32"))
    for mode in ("valid", "same", "full"):
        s.case(f"correlate/{mode}", lambda a, b: ops.correlate(a, b, mode=mode), whole(7), whole(3))
        s.case(f"correlate/{mode}_short", lambda a, b: ops.correlate(a, b, mode=mode), whole(3), whole(7))
        s.case(f"correlate/{mode}_even", lambda a, b: ops.correlate(a, b, mode=mode), whole(6), whole(4))
        s.case(f"correlate/{mode}_int", lambda a, b: ops.correlate(a, b, mode=mode), whole(6, dtype="int32"), whole(4, dtype="int32"))
    s.case("norm/0", lambda x: ops.norm(x), f(3, 4))
    for order in (None, 1, 2, 3, 0, -1, 0.5, float("inf"), float("-inf"), "inf"):
        s.case(f"norm/vector_{order}", lambda x: ops.norm(x, ord=order, axis=1), f(4, 3))
    for order in (None, "fro", "nuc", 1, -1, 2, -2, float("inf"), float("-inf")):
        s.case(f"norm/matrix_{order}", lambda x: ops.norm(x, ord=order, axis=(1, 2)), f(4, 3))
        s.case(f"norm/matrix_keep_{order}", lambda x: ops.norm(x, ord=order, axis=(-1, -2), keepdims=True), f(4, 3))
    s.case("norm/whole_fro", lambda x: ops.norm(x, ord="fro"), whole(4, 3))
    s.case("norm/whole_1", lambda x: ops.norm(x, ord=1), whole(4, 3))
    s.case("norm/int", lambda x: ops.norm(x, axis=-1, keepdims=True), i(4, 3))


def add(s):
    plain(s)
    order(s)
    products(s)
