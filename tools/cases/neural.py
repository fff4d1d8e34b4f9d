# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activations, convolutions, pooling, normalisation, attention and losses."""

import numpy as np
from keras import ops

from suite import f, i, whole

FIRST = {"data_format": "channels_first"}
ACTIVATIONS = {
    "relu": [{}], "relu6": [{}], "leaky_relu": [{}, {"negative_slope": 0.1}], "elu": [{}, {"alpha": 0.5}],
    "celu": [{}, {"alpha": 0.5}], "selu": [{}], "gelu": [{}, {"approximate": False}], "glu": [{}, {"axis": 1}],
    "hard_sigmoid": [{}], "hard_silu": [{}], "hard_swish": [{}], "hard_tanh": [{}],
    "hard_shrink": [{}, {"threshold": 0.2}], "soft_shrink": [{}, {"threshold": 0.2}], "tanh_shrink": [{}],
    "log_sigmoid": [{}], "sigmoid": [{}], "silu": [{}], "swish": [{}], "softplus": [{}], "softsign": [{}],
    "squareplus": [{}, {"b": 2}], "sparse_plus": [{}], "sparse_sigmoid": [{}], "sparsemax": [{}, {"axis": 1}],
    "threshold": [{"threshold": 0.1, "default_value": -1.5}], "softmax": [{}, {"axis": 1}, {"axis": (1, 2)}, {"axis": None}],
    "log_softmax": [{}, {"axis": 1}, {"axis": (1, 2)}, {"axis": None}],
}


def activations(s):
    for name, variants in ACTIVATIONS.items():
        function = getattr(ops, name)
        for n, options in enumerate(variants):
            s.case(f"{name}/{n}", lambda x: function(x, **options), f(4, 6))
            s.case(f"{name}/f16_{n}", lambda x: function(x, **options), f(4, 6, dtype="float16"), rtol=1e-2, atol=1e-2)
        if name in ("relu", "relu6"):
            s.case(f"{name}/int", function, i(5, low=-3, high=9))


def convolutions(s):
    padded = [{}, {"padding": "same"}, {"strides": 2}, {"strides": 2, "padding": "same"}, {"dilation_rate": 2},
              {"padding": "same", "dilation_rate": 2}]
    for n, options in enumerate(padded):
        s.case(f"conv/1d_{n}", lambda x, k: ops.conv(x, k, **options), f(9, 3), whole(3, 3, 4))
        s.case(f"conv/2d_{n}", lambda x, k: ops.conv(x, k, **options), f(7, 8, 3), whole(3, 2, 3, 4))
        s.case(f"conv/3d_{n}", lambda x, k: ops.conv(x, k, **options), f(5, 6, 5, 2), whole(2, 2, 2, 2, 3))
        s.case(f"depthwise_conv/1d_{n}", lambda x, k: ops.depthwise_conv(x, k, **options), f(9, 3), whole(3, 3, 2))
        s.case(f"separable_conv/1d_{n}", lambda x, d, p: ops.separable_conv(x, d, p, **options), f(9, 3), whole(3, 3, 2), whole(1, 6, 4))
        s.case(f"depthwise_conv/2d_{n}", lambda x, k: ops.depthwise_conv(x, k, **options), f(7, 8, 3), whole(3, 2, 3, 2))
        s.case(f"separable_conv/2d_{n}", lambda x, d, p: ops.separable_conv(x, d, p, **options), f(7, 8, 3), whole(3, 2, 3, 2), whole(1, 1, 6, 4))
        if "strides" not in options or "dilation_rate" not in options:
            s.case(f"conv_transpose/1d_{n}", lambda x, k: ops.conv_transpose(x, k, **{"strides": 1, **options}), f(6, 3), whole(3, 4, 3))
            s.case(f"conv_transpose/2d_{n}", lambda x, k: ops.conv_transpose(x, k, **{"strides": 1, **options}), f(4, 5, 3), whole(3, 2, 4, 3))
    s.case("conv/pair", lambda x, k: ops.conv(x, k, strides=(2, 1)), f(7, 8, 3), whole(3, 2, 3, 4))
    s.case("conv/groups", lambda x, k: ops.conv(x, k), f(7, 8, 4), whole(3, 2, 2, 4))
    s.case("conv/first", lambda x, k: ops.conv(x, k, **FIRST), f(3, 7, 8), whole(3, 2, 3, 4))
    s.case("conv/f16", lambda x, k: ops.conv(x, k), f(7, 8, 3, dtype="float16"), whole(3, 2, 3, 4, dtype="float16"), rtol=1e-2, atol=1e-2)
    s.case("conv/int", lambda x, k: ops.conv(x, k), i(7, 8, 3), whole(3, 2, 3, 4, dtype="int32"))
    s.case("depthwise_conv/first", lambda x, k: ops.depthwise_conv(x, k, **FIRST), f(3, 7, 8), whole(3, 2, 3, 2))
    s.case("separable_conv/first", lambda x, d, p: ops.separable_conv(x, d, p, **FIRST), f(3, 7, 8), whole(3, 2, 3, 2), whole(1, 1, 6, 4))
    s.case("conv_transpose/first", lambda x, k: ops.conv_transpose(x, k, 2, **FIRST), f(3, 4, 5), whole(3, 2, 4, 3))
    s.case("conv_transpose/output_padding", lambda x, k: ops.conv_transpose(x, k, 2, output_padding=1), f(4, 5, 3), whole(3, 3, 4, 3))
    s.case("conv_transpose/output_padding_same", lambda x, k: ops.conv_transpose(x, k, (3, 2), padding="same", output_padding=(1, 0)), f(4, 5, 3), whole(3, 3, 4, 3))
    s.case("conv_transpose/3d", lambda x, k: ops.conv_transpose(x, k, 2, padding="same"), f(3, 2, 3, 2), whole(3, 2, 2, 3, 2))


def pools(s):
    for name in ("max_pool", "average_pool"):
        function = getattr(ops, name)
        for n, options in enumerate([{}, {"padding": "same"}, {"strides": 1}, {"strides": 3, "padding": "same"}]):
            s.case(f"{name}/1d_{n}", lambda x: function(x, 2, **options), f(9, 3))
            s.case(f"{name}/2d_{n}", lambda x: function(x, (2, 3), **options), f(7, 8, 3))
            s.case(f"{name}/3d_{n}", lambda x: function(x, 2, **options), f(5, 6, 5, 2))
        s.case(f"{name}/first", lambda x: function(x, 2, **FIRST), f(3, 7, 8))
    s.case("max_pool/int", lambda x: ops.max_pool(x, 2), i(6, 6, 2, low=-9))
    for name in ("adaptive_average_pool", "adaptive_max_pool"):
        function = getattr(ops, name)
        s.case(f"{name}/1d", lambda x: function(x, 4), f(9, 3))
        s.case(f"{name}/2d", lambda x: function(x, (3, 5)), f(7, 8, 2))
        s.case(f"{name}/3d", lambda x: function(x, 2), f(5, 4, 3, 2))
        s.case(f"{name}/first", lambda x: function(x, (3, 5), **FIRST), f(2, 7, 8))
        s.case(f"{name}/larger", lambda x: function(x, 9), f(4, 3))


def norms(s):
    for n, options in enumerate([{}, {"axis": 1}, {"axis": -1, "order": 1}, {"axis": (1, 2)}, {"order": 3}, {"epsilon": 2.0}, {"axis": None}, {"order": None}, {"order": "inf"}]):
        s.case(f"normalize/{n}", lambda x: ops.normalize(x, **options), f(3, 4))
    s.case("normalize/int", lambda x: ops.normalize(x), i(3, 4))
    s.case("normalize/zero", lambda x: ops.normalize(x * 0), f(4))
    for axis in (-1, 1):
        size = 4 if axis == -1 else 3
        s.case(f"batch_normalization/{axis}", lambda x, m, v: ops.batch_normalization(x, m, v, axis=axis), f(3, 4), whole(size), whole(size, low=0.5, high=2))
        s.case(f"batch_normalization/full_{axis}", lambda x, m, v, o, c: ops.batch_normalization(x, m, v, axis=axis, offset=o, scale=c, epsilon=0.1), f(3, 4), whole(size), whole(size, low=0.5, high=2), whole(size), whole(size))
        s.case(f"batch_normalization/scale_{axis}", lambda x, m, v, c: ops.batch_normalization(x, m, v, axis=axis, scale=c), f(3, 4), whole(size), whole(size, low=0.5, high=2), whole(size))
    s.case("layer_normalization/0", lambda x: ops.layer_normalization(x), f(3, 4))
    s.case("layer_normalization/gamma", lambda x, g, b: ops.layer_normalization(x, g, b), f(3, 4), whole(4), whole(4))
    s.case("layer_normalization/axis", lambda x, g, b: ops.layer_normalization(x, g, b, axis=1, epsilon=0.1), f(3, 4), whole(3), whole(3))
    s.case("layer_normalization/axes", lambda x, g, b: ops.layer_normalization(x, g, b, axis=(1, 2)), f(3, 4), whole(3, 4), whole(3, 4))
    s.case("layer_normalization/beta", lambda x, b: ops.layer_normalization(x, beta=b), f(3, 4), whole(4))
    s.case("layer_normalization/f16", lambda x: ops.layer_normalization(x), f(3, 4, dtype="float16"), rtol=1e-2, atol=1e-2)
    s.case("rms_normalization/0", lambda x: ops.rms_normalization(x), f(3, 4))
    s.case("rms_normalization/scale", lambda x, g: ops.rms_normalization(x, g, axis=-1, epsilon=0.1), f(3, 4), whole(4))
    s.case("rms_normalization/axes", lambda x: ops.rms_normalization(x, axis=(1, 2)), f(3, 4))
    s.case("rms_normalization/axis1", lambda x, g: ops.rms_normalization(x, g, axis=1), f(3, 4), whole(3))
    s.case("rms_normalization/f16", lambda x: ops.rms_normalization(x), f(3, 4, dtype="float16"), rtol=1e-2, atol=1e-2)


def attention(s):
    qkv = (f(5, 4, 6), f(7, 4, 6), f(7, 4, 6))
    s.case("dot_product_attention/0", ops.dot_product_attention, *qkv)
    s.case("dot_product_attention/scale", lambda q, k, v: ops.dot_product_attention(q, k, v, scale=0.3), *qkv)
    s.case("dot_product_attention/bias", lambda q, k, v, b: ops.dot_product_attention(q, k, v, bias=b), *qkv, f(4, 5, 7))
    s.case("dot_product_attention/bias_one", lambda q, k, v, b: ops.dot_product_attention(q, k, v, bias=b), *qkv, whole(1, 1, 5, 7))
    s.case("dot_product_attention/mask", lambda q, k, v, m: ops.dot_product_attention(q, k, v, mask=m), *qkv, f(4, 5, 7, dtype="bool"))
    s.case("dot_product_attention/mask_one", lambda q, k, v, m: ops.dot_product_attention(q, k, v, mask=m), *qkv, f(1, 5, 7, dtype="bool"))
    s.case("dot_product_attention/both", lambda q, k, v, b, m: ops.dot_product_attention(q, k, v, bias=b, mask=m), *qkv, f(4, 5, 7), f(1, 1, 7, dtype="bool"))
    s.case("dot_product_attention/causal", lambda q, k, v: ops.dot_product_attention(q, k, v, is_causal=True), *qkv)
    s.case("dot_product_attention/causal_mask", lambda q, k, v, m: ops.dot_product_attention(q, k, v, mask=m, is_causal=True), *qkv, f(1, 5, 7, dtype="bool"))
    s.case("dot_product_attention/cap", lambda q, k, v: ops.dot_product_attention(q, k, v, attn_logits_soft_cap=0.5), *qkv)
    s.case("dot_product_attention/grouped", ops.dot_product_attention, f(5, 4, 6), f(7, 2, 6), f(7, 2, 6))
    s.case("dot_product_attention/f16", ops.dot_product_attention, *(f(5, 4, 6, dtype="float16") for _ in range(3)), rtol=1e-2, atol=1e-2)
    s.case("dot_product_attention/flash", lambda q, k, v: ops.dot_product_attention(q, k, v, flash_attention=False), *qkv)


def losses(s):
    probability = dict(low=0.05, high=0.95)
    for logits in (False, True):
        output = {} if logits else probability
        s.case(f"binary_crossentropy/{logits}", lambda t, o: ops.binary_crossentropy(t, o, from_logits=logits), f(4, **probability), f(4, **output))
        for axis in (-1, 1):
            s.case(f"categorical_crossentropy/{logits}_{axis}", lambda t, o: ops.categorical_crossentropy(t, o, from_logits=logits, axis=axis), f(3, 4, **probability), f(3, 4, **output))
            s.case(f"sparse_categorical_crossentropy/{logits}_{axis}", lambda t, o: ops.sparse_categorical_crossentropy(t, o, from_logits=logits, axis=axis), i(3, high=3) if axis == -1 else i(4, high=3), f(3, 4, **output))
        s.case(f"sparse_categorical_crossentropy/column_{logits}", lambda t, o: ops.sparse_categorical_crossentropy(t, o, from_logits=logits), i(1, high=4), f(4, **output))
    s.case("binary_crossentropy/edges", lambda t, o: ops.binary_crossentropy(t, o), f(4, draw=lambda rng, shape: [[0, 1, 0, 1]] * 2), f(4, draw=lambda rng, shape: [[0, 1, 1, 0]] * 2), rtol=2e-2)
    lengths = dict(low=2, high=4)
    s.case("ctc_loss/0", ops.ctc_loss, i(3, low=1, high=5), f(8, 5), i(**lengths), i(low=6, high=9))
    s.case("ctc_loss/mask", lambda t, o, a, b: ops.ctc_loss(t, o, a, b, mask_index=4), i(3, low=0, high=4), f(8, 5), i(**lengths), i(low=6, high=9))
    s.case("ctc_loss/repeats", ops.ctc_loss, i(4, draw=lambda rng, shape: [[1, 1, 2, 2], [3, 3, 3, 1]]), f(12, 5), i(draw=lambda rng, shape: [4, 3]), i(draw=lambda rng, shape: [12, 10]))
    for n, options in enumerate([{}, {"merge_repeated": False}, {"mask_index": 3}, {"mask_index": None}]):
        s.case(f"ctc_decode/greedy_{n}", lambda x, l: ops.ctc_decode(x, l, **options), f(9, 4), i(low=5, high=9))
    for n, options in enumerate([{"beam_width": 4}, {"beam_width": 6, "top_paths": 3}, {"beam_width": 3, "mask_index": 2}, {"beam_width": 8, "top_paths": 2, "merge_repeated": False}]):
        s.case(f"ctc_decode/beam_{n}", lambda x, l: ops.ctc_decode(x, l, strategy="beam_search", **options), f(6, 4), i(low=3, high=7), rtol=1e-3)


def add(s):
    activations(s)
    convolutions(s)
    pools(s)
    norms(s)
    attention(s)
    losses(s)
