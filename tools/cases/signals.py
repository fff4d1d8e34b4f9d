# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fourier transforms and sequences."""

from keras import ops

from suite import f, i, whole


def add(s):
    for n in (1, 2, 5, 8, 12, 31, 60, 100, 128):
        s.case(f"fft/{n}", lambda a, b: ops.fft((a, b)), f(n), f(n), atol=1e-4)
        s.case(f"rfft/{n}", lambda a: ops.rfft(a), f(n), atol=1e-4)
        if n > 1:
            s.case(f"irfft/{n}", lambda a, b: ops.irfft((a, b)), f(n), f(n))
    s.case("fft/rank3", lambda a, b: ops.fft((a, b)), f(3, 6), f(3, 6))
    for n in (4, 7, 10):
        s.case(f"rfft/length{n}", lambda a: ops.rfft(a, fft_length=n), f(3, 7))
        s.case(f"irfft/length{n}", lambda a, b: ops.irfft((a, b), fft_length=n), f(3, 5), f(3, 5))
    for name in ("fft2", "ifft2"):
        s.case(f"{name}/0", lambda a, b: getattr(ops, name)((a, b)), f(4, 6), f(4, 6))
        s.case(f"{name}/rank4", lambda a, b: getattr(ops, name)((a, b)), f(2, 5, 8), f(2, 5, 8))
        s.case(f"{name}/whole", lambda a, b: getattr(ops, name)((a, b)), whole(5, 3), whole(5, 3))
    stft = {"0": {}, "no_center": {"center": False}, "hamming": {"window": "hamming"}, "none": {"window": None},
            "none_no_center": {"window": None, "center": False}}
    for key, options in stft.items():
        for lengths in ((8, 4, 8), (6, 3, 10), (5, 2, 9), (7, 3, 8)):
            name = "_".join(map(str, lengths))
            s.case(f"stft/{key}_{name}", lambda x: ops.stft(x, *lengths, **options), f(40), atol=5e-5)
            s.case(f"istft/{key}_{name}", lambda x: ops.istft(ops.stft(x, *lengths, **options), *lengths, **options), f(40), atol=5e-5)
    s.case("stft/rank3", lambda x: ops.stft(x, 8, 4, 8), f(2, 40), atol=5e-5)
    s.case("stft/given_window", lambda x: ops.stft(x, 4, 2, 8, window=[0.1, 0.5, 0.7, 0.2]), f(40), atol=5e-5)
    s.case("istft/pair", lambda a, b: ops.istft((a, b), 8, 4, 8), f(6, 5), f(6, 5))
    s.case("istft/pair_open", lambda a, b: ops.istft((a, b), 8, 4, 8, center=False), f(6, 5), f(6, 5), rtol=1e-3, atol=1e-3)
    s.case("istft/length", lambda a, b: ops.istft((a, b), 8, 4, 8, length=17), f(6, 5), f(6, 5))
    s.case("istft/rank4", lambda a, b: ops.istft((a, b), 6, 3, 8), f(2, 6, 5), f(2, 6, 5))
    s.case("istft/odd", lambda a, b: ops.istft((a, b), 5, 2, 9), f(6, 5), f(6, 5), rtol=1e-3)
    s.case("extract_sequences/0", lambda x: ops.extract_sequences(x, 4, 3), f(14))
    s.case("extract_sequences/rank3", lambda x: ops.extract_sequences(x, 4, 2), f(2, 9))
    s.case("extract_sequences/int", lambda x: ops.extract_sequences(x, 4, 5), i(14))
