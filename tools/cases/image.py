# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions on images."""

import numpy as np
from keras import ops

from suite import f, i, whole

FIRST = {"data_format": "channels_first"}


def colors(s):
    for name in ("rgb_to_grayscale", "rgb_to_hsv", "hsv_to_rgb"):
        function = getattr(ops.image, name)
        s.case(f"{name}/0", function, f(4, 5, 3, low=0, high=1))
        s.case(f"{name}/one", function, whole(4, 5, 3, low=0, high=1))
        s.case(f"{name}/first", lambda x: function(x, **FIRST), f(3, 4, 5, low=0, high=1))
        s.case(f"{name}/f16", function, f(4, 5, 3, dtype="float16", low=0, high=1), rtol=1e-2, atol=1e-2)
        s.case(f"{name}/grey", function, f(2, 3, 3, draw=lambda rng, shape: np.repeat(rng.uniform(size=shape[:-1] + (1,)), 3, -1)))
        s.case(f"{name}/outside", function, f(4, 5, 3))
    s.case("rgb_to_grayscale/int", ops.image.rgb_to_grayscale, i(4, 5, 3, high=255))
    s.case("rgb_to_grayscale/u8", ops.image.rgb_to_grayscale, i(4, 5, 3, dtype="uint8", high=255))


def filters(s):
    for key, options in {"0": {}, "wide": {"kernel_size": (5, 3), "sigma": (0.7, 2.0)}, "first": FIRST,
                         "even": {"kernel_size": (2, 4), "sigma": (1.0, 1.5)}}.items():
        shape = (2, 6, 7) if options is FIRST else (6, 7, 2)
        s.case(f"gaussian_blur/{key}", lambda x: ops.image.gaussian_blur(x, **options), f(*shape))
        s.case(f"gaussian_blur/one_{key}", lambda x: ops.image.gaussian_blur(x, **options), whole(*shape))
    s.case("gaussian_blur/f16", lambda x: ops.image.gaussian_blur(x), f(6, 7, 2, dtype="float16"), rtol=1e-2, atol=1e-2)
    s.case("sobel_edges/0", lambda x: ops.image.sobel_edges(x), f(5, 6, 3))
    s.case("sobel_edges/first", lambda x: ops.image.sobel_edges(x, **FIRST), f(3, 5, 6))
    for key, options in {"0": {}, "small": {"filter_size": 5, "filter_sigma": 1.0}, "max": {"max_val": 255.0, "k1": 0.02, "k2": 0.05, "filter_size": 7}}.items():
        s.case(f"ssim/{key}", lambda a, b: ops.image.ssim(a, b, **options), f(14, 13, 2, low=0, high=1), f(14, 13, 2, low=0, high=1))
    s.case("ssim/first", lambda a, b: ops.image.ssim(a, b, **FIRST), f(2, 14, 13, low=0, high=1), f(2, 14, 13, low=0, high=1))
    s.case("ssim/one", lambda a, b: ops.image.ssim(a, b), whole(12, 13, 2, low=0, high=1), whole(12, 13, 2, low=0, high=1))
    s.case("psnr/0", lambda a, b: ops.psnr(a, b, 1.0), f(4, 5, 2, low=0, high=1), f(4, 5, 2, low=0, high=1))


def transforms(s):
    def near_identity(rng, shape):
        return np.array([1, 0, 0, 0, 1, 0, 0, 0]) + rng.uniform(-0.2, 0.2, shape) * [1, 1, 9, 1, 1, 9, 0, 0]

    def skewed(rng, shape):
        return near_identity(rng, shape) + rng.uniform(-0.2, 0.2, shape) * [0, 0, 0, 0, 0, 0, 1, 1]

    for interpolation in ("nearest", "bilinear"):
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect"):
            s.case(f"affine_transform/{interpolation}_{mode}",
                   lambda x, t: ops.image.affine_transform(x, t, interpolation=interpolation, fill_mode=mode, fill_value=0.5),
                   f(6, 7, 2), f(8, draw=near_identity))
    s.case("affine_transform/one", lambda x, t: ops.image.affine_transform(x, t), whole(6, 7, 2), whole(8, draw=near_identity))
    s.case("affine_transform/first", lambda x, t: ops.image.affine_transform(x, t, **FIRST), f(2, 6, 7), f(8, draw=near_identity))
    s.case("affine_transform/skewed", lambda x, t: ops.image.affine_transform(x, t), f(6, 7, 3), f(8, draw=skewed))
    s.case("affine_transform/constant_t", lambda x: ops.image.affine_transform(x, [1.0, 0.1, 0.5, -0.1, 1.0, 0.7, 0.0, 0.0]), whole(6, 7, 3))
    s.case("affine_transform/int", lambda x, t: ops.image.affine_transform(x, t), i(6, 7, 2, high=200), f(8, draw=near_identity))
    corners = np.array([[0, 0], [6, 0], [0, 5], [6, 5]], "float32")

    def moved(rng, shape):
        return corners + rng.uniform(-1, 1, shape)

    for interpolation in ("nearest", "bilinear"):
        s.case(f"perspective_transform/{interpolation}",
               lambda x, a, b: ops.image.perspective_transform(x, a, b, interpolation=interpolation, fill_value=0.3),
               f(6, 7, 2), f(4, 2, draw=moved), f(4, 2, draw=moved), atol=1e-4, rtol=1e-3)
    s.case("perspective_transform/one", lambda x, a, b: ops.image.perspective_transform(x, a, b),
           whole(6, 7, 2), whole(4, 2, draw=moved), whole(4, 2, draw=moved), atol=1e-4, rtol=1e-3)
    s.case("perspective_transform/first", lambda x, a, b: ops.image.perspective_transform(x, a, b, **FIRST),
           f(2, 6, 7), f(4, 2, draw=moved), f(4, 2, draw=moved), atol=1e-4, rtol=1e-3)
    for order in (0, 1):
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect"):
            s.case(f"map_coordinates/{order}_{mode}",
                   lambda x, c: ops.image.map_coordinates(x, c, order=order, fill_mode=mode, fill_value=0.5),
                   whole(5, 6), whole(2, 4, 3, low=-4, high=9))
    s.case("map_coordinates/vector", lambda x, c: ops.image.map_coordinates(x, c, order=1), whole(5), whole(1, 8, low=-1, high=6))
    s.case("map_coordinates/cube", lambda x, c: ops.image.map_coordinates(x, c, order=1, fill_mode="reflect"), whole(5, 4, 3), whole(3, 8, low=-3, high=7))
    s.case("map_coordinates/int", lambda x, c: ops.image.map_coordinates(x, c, order=1), whole(5, 6, dtype="int32", high=90), whole(2, 8, low=-1, high=6))
    for method in ("linear", "bilinear", "triangle", "cubic", "bicubic", "lanczos3", "lanczos5"):
        for antialias in (True, False):
            s.case(f"scale_and_translate/{method}_{antialias}",
                   lambda x, a, b: ops.image.scale_and_translate(x, (2, 8, 5, 2), a, b, (1, 2), method, antialias=antialias),
                   whole(2, 6, 7, 2), whole(2, low=0.6, high=1.8), whole(2, low=-1, high=1), rtol=1e-3, atol=1e-4)
    s.case("scale_and_translate/one", lambda x, a, b: ops.image.scale_and_translate(x, (8, 5), a, b, (0,), "linear"),
           whole(6, 5), whole(1, low=0.6, high=1.8), whole(1, low=-1, high=1), rtol=1e-3, atol=1e-4)


def patches(s):
    for key, options in {"0": {}, "same": {"padding": "same"}, "strides": {"strides": 2}, "dilation": {"dilation_rate": 2, "strides": 1},
                         "pair": {"strides": (1, 2)}, "first": FIRST}.items():
        shape = (2, 6, 7) if options is FIRST else (6, 7, 2)
        for size in (2, (3, 2)):
            s.case(f"extract_patches/{key}_{size}", lambda x: ops.image.extract_patches(x, size, **options), f(*shape))
    s.case("extract_patches/one", lambda x: ops.image.extract_patches(x, 3), whole(6, 7, 2))
    s.case("extract_patches/int", lambda x: ops.image.extract_patches(x, 3), i(6, 7, 2))
    s.case("extract_patches/3d", lambda x: ops.image.extract_patches(x, (2, 2, 2)), f(4, 4, 4, 2))
    for key, options in {"0": {}, "same": {"padding": "same"}, "strides": {"strides": 1}, "first": FIRST}.items():
        shape = (2, 4, 5, 4) if options is FIRST else (4, 5, 4, 2)
        s.case(f"extract_patches_3d/{key}", lambda x: ops.image.extract_patches_3d(x, 2, **options), f(*shape))
    for key, options in {"target": {"target_height": 9, "target_width": 9, "top_padding": 1, "left_padding": 2},
                         "around": {"top_padding": 1, "bottom_padding": 2, "left_padding": 0, "right_padding": 3},
                         "bottom": {"target_height": 9, "target_width": 9, "bottom_padding": 1, "right_padding": 2}}.items():
        s.case(f"pad_images/{key}", lambda x: ops.image.pad_images(x, **options), f(6, 7, 2))
        s.case(f"pad_images/one_{key}", lambda x: ops.image.pad_images(x, **options), whole(6, 7, 2))
    s.case("pad_images/first", lambda x: ops.image.pad_images(x, top_padding=1, left_padding=2, target_height=9, target_width=9, **FIRST), f(2, 6, 7))
    for key, options in {"target": {"target_height": 3, "target_width": 4, "top_cropping": 1, "left_cropping": 2},
                         "around": {"top_cropping": 1, "bottom_cropping": 2, "left_cropping": 0, "right_cropping": 3},
                         "bottom": {"target_height": 3, "target_width": 4, "bottom_cropping": 1, "right_cropping": 2}}.items():
        s.case(f"crop_images/{key}", lambda x: ops.image.crop_images(x, **options), f(6, 7, 2))
        s.case(f"crop_images/one_{key}", lambda x: ops.image.crop_images(x, **options), whole(6, 7, 2))
    s.case("crop_images/first", lambda x: ops.image.crop_images(x, top_cropping=1, left_cropping=2, target_height=3, target_width=4, **FIRST), f(2, 6, 7))
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        for antialias in (False, True):
            tolerance = dict(rtol=1e-3, atol=1e-4)
            s.case(f"resize/{interpolation}_{antialias}", lambda x: ops.image.resize(x, (4, 11), interpolation=interpolation, antialias=antialias), f(6, 7, 2), **tolerance)
    s.case("resize/crop", lambda x: ops.image.resize(x, (4, 4), crop_to_aspect_ratio=True), f(6, 9, 2))
    s.case("resize/pad", lambda x: ops.image.resize(x, (4, 4), pad_to_aspect_ratio=True, fill_value=0.5), f(6, 9, 2))
    s.case("resize/one", lambda x: ops.image.resize(x, (4, 4)), whole(6, 9, 2))
    s.case("resize/first", lambda x: ops.image.resize(x, (4, 4), **FIRST), f(2, 6, 9))
    s.case("resize/int", lambda x: ops.image.resize(x, (4, 4)), i(6, 9, 2, high=200))
    s.case("resize/u8", lambda x: ops.image.resize(x, (4, 4)), i(6, 9, 2, dtype="uint8", high=200))
    s.case("resize/u8_nearest", lambda x: ops.image.resize(x, (4, 4), interpolation="nearest"), i(6, 9, 2, dtype="uint8", high=200))
    for block in (2,):
        s.case("depth_to_space/0", lambda x: ops.depth_to_space(x, block), f(2, 3, 8))
        s.case("depth_to_space/first", lambda x: ops.depth_to_space(x, block, **FIRST), f(8, 2, 3))
        s.case("space_to_depth/0", lambda x: ops.space_to_depth(x, block), f(4, 6, 3))
        s.case("space_to_depth/first", lambda x: ops.space_to_depth(x, block, **FIRST), f(3, 4, 6))
    folds = {"0": {}, "padding": {"padding": 1}, "stride": {"stride": 2}, "dilation": {"dilation": 2},
             "all": {"padding": (1, 0), "stride": (2, 1), "dilation": (1, 2)}}
    for key, options in folds.items():
        s.case(f"unfold/{key}", lambda x: ops.unfold(x, 2, **options), f(3, 6, 7))
        s.case(f"unfold/pair_{key}", lambda x: ops.unfold(x, (3, 2), **options), f(3, 6, 7))
        s.case(f"fold/{key}", lambda x: ops.fold(ops.unfold(x, (3, 2), **options), (6, 7), (3, 2), **options), f(3, 6, 7))


def add(s):
    colors(s)
    filters(s)
    transforms(s)
    patches(s)
