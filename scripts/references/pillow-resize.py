#!/usr/bin/env python3
"""Freezes what Pillow and NumPy make of small synthetic pictures and arrays, as truth from outside for the tests.

Run by hand, never by the tests:  python3 scripts/references/pillow-resize.py
Needs Pillow and NumPy; their versions are written into the fixtures.
Pictures are asymmetric, of odd sizes, with edges, gradients and noise of a fixed seed.
"""

import base64
import io
import json
import pathlib
import sys

import numpy as np
import PIL
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 20261121


def picture(height, width, channels, seed):
    random = np.random.default_rng(SEED + seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        wave = 120 + 90 * np.sin(x / (2.0 + c) + y / 5.0) + 3.0 * y * (c - 0.7)
        wave[: height // 3, width // 2 :] = [250, 3, 128][c]  # an edge that only one corner has
        planes.append(wave + random.normal(0, 12, (height, width)))
    return np.clip(np.stack(planes, 2), 0, 255).astype(np.uint8)


def smooth(height, width, channels):
    """Slow gradients, which JPEG keeps to a level or two."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [40 + c * 50 + x * (2 + c) + y * (3 - c) for c in range(channels)]
    return np.clip(np.stack(planes, 2), 0, 255).astype(np.uint8)


def text(data):
    return base64.b64encode(bytes(data)).decode("ascii")


def pixels(array):
    array = array if array.ndim == 3 else array[:, :, None]
    return {"height": array.shape[0], "width": array.shape[1], "channels": array.shape[2], "pixels": text(array.tobytes())}


def resize_cases():
    cases = []
    sizes = [(37, 23, 3), (19, 41, 1), (11, 7, 3)]
    targets = [(9, 16), (16, 9), (24, 50), (37, 5), (3, 41), (13, 11), (1, 1)]
    for i, (height, width, channels) in enumerate(sizes):
        source = picture(height, width, channels, i)
        image = Image.fromarray(source if channels == 3 else source[:, :, 0])
        results = [pixels(np.asarray(image.resize((w, h), Image.Resampling.BILINEAR))) for h, w in targets]
        cases.append({"source": pixels(source), "results": results})
    return cases


def luma_case():
    source = picture(7, 9, 3, 9)
    return {"source": pixels(source), "gray": pixels(np.asarray(Image.fromarray(source).convert("L")))}


def encoded(image, **options):
    stream = io.BytesIO()
    image.save(stream, **options)
    return stream.getvalue()


def decode_cases():
    rgb, gray, alpha = picture(17, 29, 3, 20), picture(13, 21, 1, 21)[:, :, 0], picture(9, 15, 1, 22)
    soft = smooth(21, 35, 3)
    deep = (np.arange(11 * 7, dtype=np.uint32) * 853 % 65536).astype(np.uint16).reshape(7, 11)
    rgba = np.concatenate([picture(9, 15, 3, 23), alpha], 2)
    palette = Image.fromarray(rgb).quantize(17)
    profile = b"not a real profile, which nobody looks at"
    cases = []

    def case(name, data, truth, tolerance, **facts):
        cases.append({"name": name, "file": text(data), "tolerance": tolerance, **pixels(truth), **facts})

    image = Image.fromarray(rgb)
    case("rgb.png", encoded(image, format="PNG"), rgb, 0)
    case("interlaced-like-palette.png", encoded(palette, format="PNG"), np.asarray(palette.convert("RGB")), 0)
    case("gray.png", encoded(Image.fromarray(gray), format="PNG"), gray, 0)
    case("one-bit.png", encoded(Image.fromarray(gray > 128), format="PNG"), ((gray > 128) * 255).astype(np.uint8), 0)
    case("gray16.png", encoded(Image.fromarray(deep), format="PNG"), np.round(deep / 257.0).astype(np.uint8), 0, bits=16)
    case("rgba.png", encoded(Image.fromarray(rgba), format="PNG"), rgba[:, :, :3], 0, hasAlpha=True)
    case("profile.png", encoded(image, format="PNG", icc_profile=profile), rgb, 0, hasProfile=True)
    case("lossless.webp", encoded(image, format="WEBP", lossless=True), rgb, 0)
    case("lossless-alpha.webp", encoded(Image.fromarray(rgba), format="WEBP", lossless=True, exact=True), rgba[:, :, :3], 0, hasAlpha=True)
    for name, options in {
        "444.jpg": {"subsampling": 0, "quality": 95},
        "420.jpg": {"subsampling": 2, "quality": 90},
        "progressive.jpg": {"progressive": True, "quality": 92},
        "profile.jpg": {"quality": 95, "icc_profile": profile},
    }.items():
        data = encoded(Image.fromarray(soft), format="JPEG", **options)
        facts = {"hasProfile": True} if "icc_profile" in options else {}
        case(name, data, np.asarray(Image.open(io.BytesIO(data))), 2, **facts)
    data = encoded(Image.fromarray(gray), format="JPEG", quality=90)
    case("gray.jpg", data, np.asarray(Image.open(io.BytesIO(data))), 2)
    data = encoded(Image.fromarray(soft), format="WEBP", quality=90)
    case("lossy.webp", data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), 2)
    from PIL import ImageOps

    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(Image.fromarray(soft), format="JPEG", subsampling=0, quality=95, exif=exif)
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        case(f"orientation-{orientation}.jpg", data, np.asarray(upright), 2, orientation=orientation)
    exif = Image.Exif()
    exif[0x0112] = 6
    for name, options in {"orientation.png": {"format": "PNG"}, "orientation.webp": {"format": "WEBP", "lossless": True}}.items():
        data = encoded(image, exif=exif, **options)
        case(name, data, np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))), 0, orientation=6)
    return cases


def refused_cases():
    rgb = picture(9, 15, 3, 30)
    cmyk = encoded(Image.fromarray(rgb).convert("CMYK"), format="JPEG")
    frames = [Image.fromarray(rgb), Image.fromarray(255 - rgb)]
    animated = encoded(frames[0], format="WEBP", save_all=True, append_images=frames[1:])
    return {"cmyk.jpg": text(cmyk), "animated.webp": text(animated)}


def npy_cases():
    random = np.random.default_rng(SEED)
    base = (random.normal(0, 40, (3, 5, 2)) * 3).round(2)
    cases = []

    def case(name, array, version=None):
        stream = io.BytesIO()
        np.lib.format.write_array(stream, array, version=version)
        little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
        cases.append(
            {"name": name, "file": text(stream.getvalue()), "shape": list(array.shape), "dtype": array.dtype.name, "data": text(little.tobytes())}
        )

    for code in ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]:
        array = base.astype("i8").astype(code) if code[0] == "u" else base.astype(code)
        case(f"<{code}", array.astype(array.dtype.newbyteorder("<")))
        case(f">{code} fortran", np.asfortranarray(array.astype(array.dtype.newbyteorder(">"))))
    case("scalar", np.array(-7, np.int64))
    case("one dimension", np.arange(5, dtype=np.int16))
    case("empty", np.zeros((0, 3), np.float32))
    case("version 2", base.astype(np.float32), (2, 0))
    case("version 3", base.astype(np.float32), (3, 0))
    return cases


def npz_case():
    arrays = {"x": np.arange(30, dtype=np.float32).reshape(5, 3, 2) - 7.5, "labels": np.array([4, 0, -1, 2, 9], np.int64), "rate": np.array(16000, np.int64)}
    plain, packed = io.BytesIO(), io.BytesIO()
    np.savez(plain, **arrays)
    np.savez_compressed(packed, **arrays)
    objects = io.BytesIO()
    np.save(objects, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    structured = io.BytesIO()
    np.save(structured, np.zeros(3, dtype=[("a", "<f4"), ("b", "<i2")]))
    return {"plain": text(plain.getvalue()), "packed": text(packed.getvalue()), "objects": text(objects.getvalue()), "structured": text(structured.getvalue())}


def write(path, content):
    made_by = f"scripts/references/pillow-resize.py: Python {sys.version.split()[0]}, Pillow {PIL.__version__}, NumPy {np.__version__}, seed {SEED}"
    file = ROOT / path
    file.write_text(json.dumps({"madeBy": made_by, **content}, indent=1) + "\n")
    print(path, file.stat().st_size, "bytes")


write("src/evaluate/preprocess/pillow-resize.fixture.json", {"resize": resize_cases(), "luma": luma_case()})
write("src/formats/pictures/decode.fixture.json", {"pictures": decode_cases(), "refused": refused_cases()})
write("src/formats/npy/numpy.fixture.json", {"arrays": npy_cases(), "archives": npz_case()})
