# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that work element by element."""

import numpy as np
from keras import ops

from suite import f, i, whole

SPECIAL = [[-np.inf, -2.5, -1.0, -0.5, -0.0, 0.0], [0.5, 1.0, 1.5, 2.5, np.inf, np.nan]]


def special(dtype="float32"):
    return f(6, dtype=dtype, draw=lambda rng, shape: SPECIAL)


def flags(y):
    return ops.cast(y, "int32")


UNARY = {
    "abs": (), "absolute": (), "negative": (), "sign": (), "square": (), "exp": (), "expm1": (), "exp2": (),
    "log": (0.1, 4), "log1p": (-0.9, 4), "log2": (0.1, 4), "log10": (0.1, 4), "sqrt": (0, 4), "rsqrt": (0.1, 4),
    "reciprocal": (0.2, 3), "sin": (), "cos": (), "tan": (-1, 1), "arcsin": (-1, 1), "arccos": (-1, 1),
    "arctan": (), "sinh": (), "cosh": (), "arcsinh": (), "arccosh": (1.1, 5), "arctanh": (-0.9, 0.9), "tanh": (),
    "erf": (), "erfc": (), "erfinv": (-0.9, 0.9), "floor": (-5, 5), "ceil": (-5, 5), "trunc": (-5, 5),
    "round": (-5, 5), "cbrt": (), "deg2rad": (-360, 360), "rad2deg": (), "fabs": (), "sinc": (), "conj": (),
    "conjugate": (), "real": (), "imag": (), "copy": (), "i0": (-9, 9), "angle": (), "stop_gradient": (),
    "nan_to_num": (),
}
TESTS = ["isnan", "isinf", "isfinite", "isneginf", "isposinf", "isreal", "signbit", "logical_not"]
BINARY = ["add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "fmax", "fmin", "arctan2",
          "hypot", "logaddexp", "logaddexp2", "heaviside", "divide_no_nan", "floor_divide", "mod", "fmod", "power",
          "nextafter"]
COMPARE = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "isclose",
           "logical_and", "logical_or", "logical_xor"]
BITS = ["bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm"]
SHIFTS = ["bitwise_left_shift", "bitwise_right_shift", "left_shift", "right_shift"]


def unary(s):
    for name, limits in UNARY.items():
        function = getattr(ops, name)
        bounds = {"low": limits[0], "high": limits[1]} if limits else {}
        s.case(f"{name}/f32", function, f(3, 4, **bounds))
        s.case(f"{name}/f16", function, f(5, dtype="float16", **bounds), rtol=5e-3, atol=5e-3)
        low = 1 if limits and limits[0] > 0 else 0 if limits and (limits[0] == 0 or limits[1] <= 1) else -3
        high = 2 if limits and limits[1] <= 1 else 5
        if name in ("arctanh", "erfinv", "log1p"):
            low, high = 0, 1
        s.case(f"{name}/i32", function, i(5, low=low, high=high))
        if name not in ("exp", "expm1", "exp2", "sinh", "cosh"):
            s.case(f"{name}/u8", function, i(5, dtype="uint8", low=max(low, 0), high=high))
        if name not in ("negative", "sign", "reciprocal", "log", "log2", "log10", "rsqrt", "arccosh", "fabs", "deg2rad", "rad2deg", "arctanh", "erfinv"):
            s.case(f"{name}/bool", function, i(5, dtype="bool"))
        if name not in ("i0", "sin", "cos", "tan"):
            s.case(f"{name}/special", function, special())
    for name in TESTS:
        function = getattr(ops, name)
        s.case(f"{name}/special", function, special())
        s.case(f"{name}/f16", function, special("float16"))
        s.case(f"{name}/i32", function, i(5, low=-3))
        s.case(f"{name}/bool", function, i(5, dtype="bool"))
    for decimals in (1, 2, -1):
        s.case(f"round/decimals{decimals}", lambda x: ops.round(x, decimals), f(6, low=-40, high=40))
    s.case("round/int_decimals", lambda x: ops.round(x, -1), i(6, low=-40, high=40))
    s.case("nan_to_num/given", lambda x: ops.nan_to_num(x, nan=1.5, posinf=9.0, neginf=-9.0), special())
    s.case("nan_to_num/f16_given", lambda x: ops.nan_to_num(x, nan=1.5), special("float16"))
    s.case("clip/numbers", lambda x: ops.clip(x, -0.5, 1), f(5))
    s.case("clip/int", lambda x: ops.clip(x, 1, 4), i(5))
    s.case("clip/int_float", lambda x: ops.clip(x, 0.5, 3.5), i(5))
    s.case("clip/tensor", lambda x, y: ops.clip(x, y, 1.0), f(5), f(5, low=-1, high=0))
    s.case("bitwise_not/i32", ops.bitwise_not, i(5, low=-3))
    s.case("bitwise_invert/u8", ops.bitwise_invert, i(5, dtype="uint8"))
    s.case("bitwise_not/bool", ops.bitwise_not, i(5, dtype="bool"))


def binary(s):
    for name in BINARY:
        function = getattr(ops, name)
        second = {"low": 0.5, "high": 3} if name in ("floor_divide", "mod", "fmod") else {}
        first = {"low": 0.3, "high": 3} if name == "power" else {}
        s.case(f"{name}/f32", function, f(3, 4, **first), f(3, 4, **second))
        s.case(f"{name}/broadcast", function, f(3, 1, **first), f(1, 4, **second))
        s.case(f"{name}/f16", function, f(4, dtype="float16", **first), f(4, dtype="float16", **second), rtol=5e-3, atol=5e-3)
        s.case(f"{name}/special", function, special(), f(6, draw=lambda rng, shape: np.roll(SPECIAL, 1, 1)))
        if name == "nextafter":
            s.case("nextafter/cases", function, f(6, draw=lambda rng, shape: SPECIAL),
                   f(6, draw=lambda rng, shape: [[0, 9, -9, 1, 1, -1], [np.inf, 1, -np.inf, 2.5, 0, 0]]))
            continue
        s.case(f"{name}/i32", function, i(5, low=1), i(5, low=1))
        s.case(f"{name}/negative", function, i(5, low=-6, high=-1) if name != "power" else i(5, low=1), i(5, low=1))
        s.case(f"{name}/i8_u8", function, i(5, dtype="int8", low=1, high=4), i(5, dtype="uint8", low=1, high=4))
        s.case(f"{name}/i32_f32", function, i(5, low=1), f(5, low=1, high=3))
        s.case(f"{name}/f16_i32", function, f(5, dtype="float16", low=1, high=3), i(5, low=1), rtol=5e-3, atol=5e-3)
        s.case(f"{name}/number", lambda x: function(x, 2.5), f(5, low=1, high=3))
        s.case(f"{name}/int_number", lambda x: function(x, 2.5), i(5, low=1))
        s.case(f"{name}/int_int", lambda x: function(x, 2), i(5, low=1))
        if name not in ("subtract", "power", "floor_divide", "mod", "fmod"):
            s.case(f"{name}/bool", function, i(5, dtype="bool"), i(5, dtype="bool"))
            s.case(f"{name}/bool_i32", function, i(5, dtype="bool"), i(5, low=1))
    for name in COMPARE:
        function = getattr(ops, name)
        s.case(f"{name}/f32", function, f(5), f(5))
        s.case(f"{name}/special", function, special(), special())
        s.case(f"{name}/i32_f32", function, i(5), f(5, low=0, high=3))
        s.case(f"{name}/broadcast", function, i(3, 1), i(1, 4))
        s.case(f"{name}/number", lambda x: function(x, 2), i(5))
        s.case(f"{name}/bool", function, i(5, dtype="bool"), i(5, dtype="bool"))
    s.case("isclose/nan", lambda a, b: ops.isclose(a, b, equal_nan=True), special(), special())
    s.case("isclose/rtol", lambda a, b: ops.isclose(a, b, rtol=0.5, atol=0.1), f(9), f(9))
    s.case("allclose/0", lambda a, b: ops.allclose(a, b, rtol=0.5, atol=5), whole(2, 3), whole(2, 3))
    s.case("allclose/nan", lambda a, b: ops.allclose(a, b, equal_nan=True), special(), special())
    s.case("allclose/nan_no", lambda a, b: ops.allclose(a, b), special(), special())
    for name in BITS:
        function = getattr(ops, name)
        s.case(f"{name}/i32", function, i(4, 5, low=-20, high=90), i(4, 5, low=-20, high=90))
        s.case(f"{name}/u8", function, i(5, dtype="uint8", high=200), i(5, dtype="uint8", high=9))
        s.case(f"{name}/mixed", function, i(5, dtype="int8", high=9), i(5, dtype="int16", high=90))
        s.case(f"{name}/broadcast", function, i(3, 1, low=1, high=90), i(1, 4, low=1, high=90))
        s.case(f"{name}/number", lambda x: function(x, 12), i(5, high=90))
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
        s.case(f"{name}/bool", getattr(ops, name), i(5, dtype="bool"), i(5, dtype="bool"))
    for name in SHIFTS:
        function = getattr(ops, name)
        s.case(f"{name}/i32", function, i(5, low=-20, high=90), i(5, low=0, high=5))
        s.case(f"{name}/u8", function, i(5, dtype="uint8", high=200), i(5, dtype="uint8", low=0, high=4))
        s.case(f"{name}/number", lambda x: function(x, 2), i(5, low=-20, high=90))
    s.case("ldexp/0", ops.ldexp, f(5), i(5, low=-4, high=5))
    s.case("ldexp/f16", ops.ldexp, f(5, dtype="float16"), i(5, low=-4, high=5), rtol=5e-3, atol=5e-3)
    s.case("ldexp/int", ops.ldexp, i(5), i(5, low=-4, high=5))


def choose(s):
    s.case("where/f32", lambda c, a, b: ops.where(c > 0, a, b), f(5), f(5), f(5))
    s.case("where/mixed", lambda c, a, b: ops.where(c, a, b), i(5, dtype="bool"), i(5), f(5))
    s.case("where/number", lambda c, a: ops.where(c, a, 0.5), i(5, dtype="bool"), i(5))
    s.case("where/broadcast", lambda c, a, b: ops.where(c, a, b), i(3, 1, dtype="bool"), f(1, 4), f(3, 4))
    s.case("where/int_condition", lambda c, a, b: ops.where(c, a, b), i(5, low=0, high=2), f(5), f(5))
    s.case("select/0", lambda a, b: ops.select([a > 1, a > 0], [a, b], default=9.0), f(5), f(5))
    s.case("select/int_default", lambda a, b: ops.select([a > 1, b > 1], [a, b]), i(5), i(5))
    for name in ("float16", "bfloat16", "int32", "uint8", "int8", "bool", "int16"):
        s.case(f"cast/{name}", lambda x: ops.cast(ops.cast(x, name), "float32"), f(5, low=0, high=9))
        s.case(f"saturate_cast/{name}", lambda x: ops.cast(ops.saturate_cast(x, name), "float32"),
               f(9, low=-90000, high=90000))
        s.case(f"saturate_cast/{name}_int", lambda x: ops.cast(ops.saturate_cast(x, name), "float32"),
               i(9, low=-70000, high=70000))
    s.case("cast/bool_f32", lambda x: ops.cast(x, "float32"), i(5, dtype="bool"))
    s.case("view/f32", lambda a: ops.view(a, "int32"), f(3))
    s.case("view/i32", lambda a: ops.view(a, "float32"), i(3, low=0, high=2**30))
    s.case("view/u8", lambda a: ops.view(a, "uint8"), f(3))
    s.case("view/i16", lambda a: ops.view(a, "float16"), i(4, dtype="int16", low=0, high=15000))
    s.case("view/up", lambda a: ops.view(a, "float32"), i(4, dtype="int16", low=0, high=15000))
    s.case("view/none", lambda a: ops.view(a), f(3))


def add(s):
    unary(s)
    binary(s)
    choose(s)
