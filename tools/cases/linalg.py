# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Linear algebra."""

import numpy as np
from keras import ops

from suite import f, whole


def definite(rng, shape):
    a = rng.normal(size=shape)
    return a @ np.swapaxes(a, -1, -2) + shape[-1] * np.eye(shape[-1])


def symmetric(rng, shape):
    a = rng.normal(size=shape)
    return a + np.swapaxes(a, -1, -2)


def triangle(rng, shape):
    return np.tril(rng.normal(size=shape)) + 3 * np.eye(shape[-1])


def deficient(rng, shape):
    a = rng.normal(size=shape)
    a[..., -1, :] = a[..., 0, :] + a[..., 1, :]
    return a


LOOSE = dict(rtol=1e-3, atol=1e-4)


def add(s):
    for n in (1, 2, 4, 7):
        for key, make in (("", lambda n=n, **o: f(n, n, **o)), ("_whole", lambda n=n, **o: whole(n, n, **o))):
            s.case(f"cholesky/{n}{key}", lambda x: ops.cholesky(x), make(draw=definite), **LOOSE)
            s.case(f"det/{n}{key}", ops.det, make(), **LOOSE)
            s.case(f"inv/{n}{key}", ops.inv, make(draw=definite), **LOOSE)
            s.case(f"slogdet/{n}{key}", ops.slogdet, make(), **LOOSE)
            s.case(f"logdet/{n}{key}", ops.logdet, make(draw=definite), **LOOSE)
            s.case(f"lu_factor/{n}{key}", ops.lu_factor, make(), **LOOSE)
            s.case(f"eigh/{n}{key}", lambda x: (lambda w, v: (w, ops.abs(v)))(*ops.eigh(x)), make(draw=symmetric), **LOOSE)
            s.case(f"eigh/signs_{n}{key}", ops.eigh, make(draw=symmetric), **LOOSE)
            s.case(f"solve/{n}{key}", ops.solve, make(draw=definite), make(), **LOOSE)
        s.case(f"cholesky/upper_{n}", lambda x: ops.cholesky(x, upper=True), f(n, n, draw=definite), **LOOSE)
        for upper in (False, True):
            s.case(f"cholesky_inverse/{n}_{upper}", lambda x: ops.cholesky_inverse(x, upper=upper),
                   whole(n, n, draw=lambda rng, shape: triangle(rng, shape).T if upper else triangle(rng, shape)), **LOOSE)
        for lower in (False, True):
            s.case(f"solve_triangular/{n}_{lower}", lambda a, b: ops.solve_triangular(a, b, lower=lower),
                   f(n, n, draw=lambda rng, shape: rng.normal(size=shape) + 4 * np.eye(shape[-1])), f(n, 3), **LOOSE)
            s.case(f"solve_triangular/vector_{n}_{lower}", lambda a, b: ops.solve_triangular(a, b, lower=lower),
                   whole(n, n, draw=lambda rng, shape: rng.normal(size=shape) + 4 * np.eye(shape[-1])), whole(n), **LOOSE)
    s.case("solve/vector", ops.solve, whole(4, 4, draw=definite), whole(4), **LOOSE)
    s.case("solve/batch_vector", lambda a, b: ops.solve(a, ops.expand_dims(b, -1)), f(4, 4, draw=definite), f(4), **LOOSE)
    s.case("det/singular", ops.det, f(3, 3, draw=deficient), **LOOSE)
    s.case("det/zero", ops.det, f(4, 4, draw=lambda rng, shape: np.zeros(shape)), **LOOSE)
    s.case("slogdet/zero", ops.slogdet, f(4, 4, draw=lambda rng, shape: np.zeros(shape)), **LOOSE)
    s.case("det/rank4", ops.det, f(2, 3, 3), **LOOSE)
    s.case("inv/rank4", ops.inv, f(2, 3, 3, draw=definite), **LOOSE)
    s.case("inv/permuted", ops.inv, f(3, 3, draw=lambda rng, shape: np.broadcast_to(np.eye(3)[[2, 0, 1]], shape)), **LOOSE)
    shapes = {"square": (4, 4), "tall": (5, 3), "wide": (3, 5), "one": (1, 1), "column": (4, 1), "row": (1, 4), "larger": (9, 6)}
    for key, shape in shapes.items():
        for mode in ("reduced", "complete"):
            s.case(f"qr/{key}_{mode}", lambda x: ops.qr(x, mode=mode), f(*shape), **LOOSE)
        s.case(f"qr/{key}_whole", lambda x: ops.qr(x), whole(*shape), **LOOSE)
        s.case(f"lu_factor/{key}", ops.lu_factor, f(*shape), **LOOSE)
        for full in (True, False):
            s.case(f"svd/{key}_{full}", lambda x: (lambda u, w, v: (w, ops.abs(u[..., :, :min(shape)]), ops.abs(v[..., :min(shape), :])))(*ops.svd(x, full_matrices=full)), f(*shape), **LOOSE)
            s.case(f"svd/signs_{key}_{full}", lambda x: ops.svd(x, full_matrices=full), f(*shape), **LOOSE)
            s.case(f"svd/product_{key}_{full}", lambda x: (lambda u, w, v: ops.matmul(u[..., :min(shape)] * ops.expand_dims(w, -2), v[..., :min(shape), :]))(*ops.svd(x, full_matrices=full)), f(*shape), **LOOSE)
        s.case(f"svd/values_{key}", lambda x: ops.svd(x, compute_uv=False), f(*shape), **LOOSE)
        s.case(f"pinv/{key}", lambda x: ops.pinv(x), f(*shape), rtol=1e-3, atol=1e-3)
        s.case(f"pinv/rcond_{key}", lambda x: ops.pinv(x, rcond=0.3), f(*shape), rtol=1e-3, atol=1e-3)
        s.case(f"matrix_rank/{key}", lambda x: ops.matrix_rank(x), f(*shape))
        s.case(f"matrix_rank/tol_{key}", lambda x: ops.matrix_rank(x, tol=1.5), f(*shape))
        s.case(f"lstsq/{key}", ops.lstsq, whole(*shape), whole(shape[0], 2), rtol=1e-3, atol=1e-3)
        s.case(f"lstsq/vector_{key}", ops.lstsq, whole(*shape), whole(shape[0]), rtol=1e-3, atol=1e-3)
    s.case("lstsq/rcond", lambda a, b: ops.lstsq(a, b, rcond=0.3), whole(5, 3), whole(5, 2), rtol=1e-3, atol=1e-3)
    s.case("matrix_rank/deficient", lambda x: ops.matrix_rank(x), f(4, 4, draw=deficient))
    s.case("matrix_rank/zero", lambda x: ops.matrix_rank(x), f(4, 4, draw=lambda rng, shape: np.zeros(shape)))
    s.case("pinv/deficient", lambda x: ops.pinv(x), f(4, 4, draw=deficient), rtol=1e-3, atol=1e-3)
    s.case("svd/deficient", lambda x: ops.svd(x, compute_uv=False), f(4, 4, draw=deficient), **LOOSE)
    s.case("eigh/equal", lambda x: ops.eigh(x)[0], f(4, 4, draw=lambda rng, shape: np.broadcast_to(np.eye(4) * 2, shape)), **LOOSE)
    s.case("cholesky/larger", lambda x: ops.cholesky(x), f(33, 33, draw=definite), rtol=1e-3, atol=1e-3)
    s.case("solve/larger", ops.solve, f(33, 33, draw=definite), f(33, 2), rtol=1e-3, atol=1e-3)
    s.case("eigh/larger", lambda x: ops.eigh(x)[0], f(20, 20, draw=symmetric), rtol=1e-3, atol=1e-3)
    s.case("svd/larger_values", lambda x: ops.svd(x, compute_uv=False), f(20, 30), rtol=1e-3, atol=1e-3)
