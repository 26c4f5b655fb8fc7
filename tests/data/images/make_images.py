#!/usr/bin/python3
"""Makes the pictures of this folder and expected.csv.

Needs Debian's python3-pil, python3-numpy and libheif-examples (heif-enc).
usage: tests/data/images/make_images.py
"""
import hashlib
import io
import os
import struct
import subprocess
import tempfile
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps
from PIL.TiffImagePlugin import IFDRational

from display_p3 import display_p3_profile
from heic_rotation import insert_rotation
from raw_writers import png, tiff

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = []
# Relative colorimetric intent, black-point compensation.
INTENT, BLACK_POINT = 1, 0x2000


def picture(width=24, height=16):
    """Smooth colours with a bright corner and an F: no symmetry at all."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    red = 40 + 170 * x / (width - 1)
    green = 200 - 150 * y / (height - 1)
    blue = 90 + 60 * np.sin((x + 2 * y) / 9)
    rgb = np.stack([red, green, blue], axis=2)
    rgb[1:5, 1:7] = [240, 235, 225]
    rgb[6:14, 10:12] = 25
    rgb[6:8, 10:18] = 25
    rgb[9:11, 10:15] = 25
    return np.rint(rgb).astype(np.uint8)


RGB = picture()
GREY = RGB[:, :, 1].copy()
GREY16 = (GREY.astype(np.uint16) * 251 + np.arange(24, dtype=np.uint16) * 7)
RGB16 = (RGB.astype(np.uint16) * 250 + np.arange(24, dtype=np.uint16)[:, None])


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def expect(name, pixels, tolerance=0, note="", step=0):
    """Pixels as they should be decoded: a hash if exact, else every step-th of
    every step-th row, beginning with the middle of the first step."""
    step = step or (2 if tolerance else 1)
    pixels = np.asarray(pixels)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    height, width, channels = pixels.shape
    pixels = pixels[step // 2::step, step // 2::step]
    raw = pixels.astype("<u2" if pixels.dtype == np.uint16 else "u1").tobytes()
    ROWS.append((name, width, height, channels, pixels.dtype.itemsize,
                 tolerance, step,
                 raw.hex() if tolerance else hashlib.sha256(raw).hexdigest(),
                 note))


def encoded(image, format_name, **options):
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def as_pillow_reads(data, mode):
    return np.asarray(Image.open(io.BytesIO(data)).convert(mode))


def stored_for(upright, orientation):
    """What a camera stores so that the orientation makes it upright."""
    inverse = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }
    return np.ascontiguousarray(inverse[orientation](upright))


def exif(orientation):
    """Also what must never be told: a name, a date, a place."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "Plumbline Optics"
    data[0x0110] = "PL-1"
    data[0x013B] = "Jane Roe"
    data[0x0132] = "2001:02:03 04:05:06"
    data[0x8769] = {0x829A: IFDRational(1, 125), 0x8827: 200, 0x829D: IFDRational(28, 10),
                    0x9003: "2001:02:03 04:05:06"}
    data[0x8825] = {1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (11.0, 6.0, 7.0)}
    return data.tobytes()


def to_srgb(pixels, profile):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return np.asarray(ImageCms.profileToProfile(
        Image.fromarray(pixels), source, ImageCms.createProfile("sRGB"),
        renderingIntent=INTENT, flags=BLACK_POINT))


def make_jpeg(profile):
    grey, rgb = Image.fromarray(GREY), Image.fromarray(RGB)
    for name, image, mode, options in [
            ("jpeg_grey.jpg", grey, "L", {}),
            ("jpeg_rgb.jpg", rgb, "RGB", {}),
            ("jpeg_progressive.jpg", rgb, "RGB", {"progressive": True}),
            ("jpeg_cmyk.jpg", rgb.convert("CMYK"), "RGB", {})]:
        data = encoded(image, "JPEG", quality=90, **options)
        write(name, data)
        note = ("its four inks were turned into red, green and blue without a "
                "profile" if "cmyk" in name else "")
        expect(name, as_pillow_reads(data, mode), 2, note)
    for orientation in range(1, 9):
        name = f"jpeg_orientation_{orientation}.jpg"
        stored = Image.fromarray(stored_for(GREY, orientation))
        data = encoded(stored, "JPEG", quality=95, exif=exif(orientation))
        write(name, data)
        expect(name, ImageOps.exif_transpose(Image.open(io.BytesIO(data))), 2)
    data = encoded(rgb, "JPEG", quality=95, icc_profile=profile)
    write("jpeg_display_p3.jpg", data)
    expect("jpeg_display_p3.jpg",
           to_srgb(as_pillow_reads(data, "RGB"), profile), 2)
    # Large enough to be decoded at an eighth.
    large = Image.fromarray(GREY).resize((192, 128), Image.Resampling.BICUBIC)
    write("large_grey.jpg", encoded(large, "JPEG", quality=80))


def make_png(profile):
    for name, pixels, interlaced in [
            ("png_grey8.png", GREY, False), ("png_grey16.png", GREY16, False),
            ("png_rgb8.png", RGB, False), ("png_rgb16.png", RGB16, False),
            ("png_interlaced.png", RGB, True)]:
        write(name, png(pixels, interlaced=interlaced))
        expect(name, pixels)
    bilevel = Image.fromarray(GREY > 120)
    write("png_bilevel.png", encoded(bilevel, "PNG"))
    expect("png_bilevel.png", np.asarray(bilevel.convert("L")))
    palette = Image.fromarray(RGB).quantize(13)
    write("png_palette.png", encoded(palette, "PNG"))
    expect("png_palette.png", np.asarray(palette.convert("RGB")))
    see_through = ("it is partly transparent; the colours below were taken")
    write("png_palette_clear.png", encoded(palette, "PNG", transparency=3))
    expect("png_palette_clear.png", np.asarray(palette.convert("RGB")),
           note=see_through)
    alpha = np.full((16, 24, 1), 255, np.uint8)
    write("png_rgba_full.png", png(np.concatenate([RGB, alpha], axis=2)))
    expect("png_rgba_full.png", RGB)
    alpha[4:9, 3:20] = 100
    write("png_rgba.png", png(np.concatenate([RGB, alpha], axis=2)))
    expect("png_rgba.png", RGB, note=see_through)
    write("png_grey_alpha16.png",
          png(np.stack([GREY16, np.full_like(GREY16, 65535)], axis=2)))
    expect("png_grey_alpha16.png", GREY16)
    # The gamma of a file without a profile is not applied, as in Pillow.
    gamma = struct.pack(">I", 100000)
    write("png_gamma.png", png(RGB, chunks=[(b"gAMA", gamma)]))
    expect("png_gamma.png", RGB)
    iccp = b"p3\0\0" + zlib.compress(profile, 9)
    write("png_display_p3.png", png(RGB, chunks=[(b"iCCP", iccp)]))
    expect("png_display_p3.png", to_srgb(RGB, profile), 2)
    # Measurements: a profile changes colours, never grey.
    write("png_grey_profile.png", png(GREY, chunks=[(b"iCCP", iccp)]))
    expect("png_grey_profile.png", GREY)
    write("png_orientation_6.png",
          png(stored_for(RGB, 6), chunks=[(b"eXIf", exif(6)[6:])]))
    expect("png_orientation_6.png", RGB)


def make_tiff(profile):
    for name, pixels, options in [
            ("tiff_grey8.tif", GREY, {}),
            ("tiff_grey16.tif", GREY16, {"deflate": True}),
            ("tiff_rgb8.tif", RGB, {"deflate": True}),
            ("tiff_rgb16_big_endian.tif", RGB16,
             {"deflate": True, "big_endian": True}),
            ("tiff_grey16_tiled_big_endian.tif", GREY16,
             {"tile": 16, "big_endian": True, "deflate": True}),
            ("tiff_rgb8_planes.tif", RGB, {"planes": True, "deflate": True})]:
        write(name, tiff(pixels, **options))
        expect(name, pixels)
    for name, pixels in [("tiff_white_is_zero8.tif", GREY),
                         ("tiff_white_is_zero16.tif", GREY16)]:
        write(name, tiff(~pixels, photometric=0, deflate=True))
        expect(name, pixels)
    write("tiff_grey16_lzw.tif",
          encoded(Image.fromarray(GREY16), "TIFF", compression="tiff_lzw"))
    expect("tiff_grey16_lzw.tif", GREY16)
    rgb = Image.fromarray(RGB)
    write("tiff_rgb8_lzw.tif", encoded(rgb, "TIFF", compression="tiff_lzw"))
    expect("tiff_rgb8_lzw.tif", RGB)
    palette = rgb.quantize(13)
    write("tiff_palette.tif",
          encoded(palette, "TIFF", compression="tiff_adobe_deflate"))
    expect("tiff_palette.tif", np.asarray(palette.convert("RGB")))
    bilevel = Image.fromarray(GREY > 120)
    write("tiff_bilevel.tif", encoded(bilevel, "TIFF", compression="group4"))
    expect("tiff_bilevel.tif", np.asarray(bilevel.convert("L")))
    pages = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    write("tiff_pages.tif", encoded(
        pages[0], "TIFF", compression="tiff_adobe_deflate", save_all=True,
        append_images=pages[1:]))
    expect("tiff_pages.tif", GREY,
           note="it holds several pictures; the first was read")
    for orientation in (2, 5, 6, 7, 8):
        name = f"tiff_orientation_{orientation}.tif"
        write(name, tiff(stored_for(RGB, orientation), deflate=True,
                         orientation=orientation))
        expect(name, RGB)
    for name, pixels, options in [
            ("tiff_grey_orientation_6.tif", GREY, {}),
            ("tiff_planes_orientation_8.tif", RGB, {"planes": True})]:
        orientation = int(name[-5])
        write(name, tiff(stored_for(pixels, orientation), deflate=True,
                         orientation=orientation, **options))
        expect(name, pixels)
    write("tiff_display_p3.tif", tiff(RGB, deflate=True, profile=profile))
    expect("tiff_display_p3.tif", to_srgb(RGB, profile), 2)
    write("tiff_float.tif", tiff(GREY.astype(np.float32), deflate=True))


def make_heic():
    # Smaller pictures become a grid of tiles; flat blocks take few bytes.
    rgb = np.kron(picture()[::4, ::4], np.ones((16, 16, 1), np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "picture")
        Image.fromarray(rgb).save(path + ".png")
        subprocess.run(
            ["heif-enc", "-L", "-p", "chroma=444", "--matrix_coefficients=0",
             path + ".png", "-o", path + ".heic"], check=True,
            stdout=subprocess.DEVNULL)
        with open(path + ".heic", "rb") as file:
            data = file.read()
    write("heic_rgb.heic", data)
    expect("heic_rgb.heic", rgb, 2, step=16)
    # Turned by 90 degrees counter-clockwise when it is shown.
    write("heic_rotated.heic", insert_rotation(data, 1))
    expect("heic_rotated.heic", np.rot90(rgb, 1), 2, step=16)


def main():
    profile = display_p3_profile()
    make_jpeg(profile)
    make_png(profile)
    make_tiff(profile)
    make_heic()
    with open(os.path.join(HERE, "expected.csv"), "w",
              encoding="ascii") as file:
        file.write("file,width,height,channels,bytes,tolerance,step,pixels,note\n")
        for row in ROWS:
            fields = [str(field) for field in row]
            fields[-1] = f'"{fields[-1]}"'
            file.write(",".join(fields) + "\n")


if __name__ == "__main__":
    main()
