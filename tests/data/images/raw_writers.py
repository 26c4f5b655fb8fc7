"""PNG and TIFF files with what Pillow cannot write: Adam7, tiles, byte order,
planes, orientation, floating point."""
import struct
import zlib

import numpy as np

# x and y of the first pixel and the steps of the seven passes.
# Source: PNG, third edition, 8.1.
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
         (1, 0, 2, 2), (0, 1, 1, 2)]


def _chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data +
            struct.pack(">I", zlib.crc32(name + data)))


def _lines(pixels):
    rows = pixels.astype(pixels.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in rows)


def png(pixels, interlaced=False, chunks=()):
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    height, width, channels = pixels.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8 * pixels.dtype.itemsize,
                         kind, 0, 0, int(interlaced))
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    data = b""
    for x, y, step_x, step_y in passes:
        part = pixels[y::step_y, x::step_x]
        if part.size:
            data += _lines(part)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) +
            b"".join(_chunk(name, body) for name, body in chunks) +
            _chunk(b"IDAT", zlib.compress(data, 9)) + _chunk(b"IEND", b""))


def _blocks(pixels, tile, planes):
    """The strips or tiles, in the order of TIFF 6.0, section 15."""
    height, width, channels = pixels.shape
    parts = ([pixels[:, :, c:c + 1] for c in range(channels)]
             if planes else [pixels])
    if not tile:
        rows = (height + 1) // 2
        return rows, [part[y:y + rows] for part in parts
                      for y in range(0, height, rows)]
    blocks = []
    for part in parts:
        padded = np.pad(part, ((0, -height % tile), (0, -width % tile), (0, 0)))
        for y in range(0, height, tile):
            for x in range(0, width, tile):
                blocks.append(padded[y:y + tile, x:x + tile])
    return 0, blocks


def tiff(pixels, big_endian=False, deflate=False, tile=0, planes=False,
         photometric=None, orientation=None, profile=None):
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    height, width, channels = pixels.shape
    order = ">" if big_endian else "<"
    rows, blocks = _blocks(pixels, tile, planes)
    dtype = pixels.dtype.newbyteorder(order)
    stored = [np.ascontiguousarray(b.astype(dtype)).tobytes() for b in blocks]
    if deflate:
        stored = [zlib.compress(block, 9) for block in stored]

    offsets, body = [], b""
    for block in stored:
        offsets.append(8 + len(body))
        body += block + bytes(len(block) % 2)
    if photometric is None:
        photometric = 2 if channels == 3 else 1
    is_float = pixels.dtype.kind == "f"
    # Tag, type (3: 16 bits, 4: 32 bits, 7: bytes), values.
    entries = [(256, 4, [width]), (257, 4, [height]),
               (258, 3, [8 * pixels.dtype.itemsize] * channels),
               (259, 3, [8 if deflate else 1]), (262, 3, [photometric]),
               (277, 3, [channels]), (284, 3, [2 if planes else 1]),
               (339, 3, [3 if is_float else 1] * channels)]
    sizes = [len(block) for block in stored]
    if tile:
        entries += [(322, 4, [tile]), (323, 4, [tile]), (324, 4, offsets),
                    (325, 4, sizes)]
    else:
        entries += [(273, 4, offsets), (278, 4, [rows]), (279, 4, sizes)]
    if orientation is not None:
        entries.append((274, 3, [orientation]))
    if profile is not None:
        entries.append((34675, 7, profile))

    directory_at = 8 + len(body)
    extra_at = directory_at + 2 + 12 * len(entries) + 4
    directory, extra = struct.pack(order + "H", len(entries)), b""
    for tag, kind, values in sorted(entries, key=lambda entry: entry[0]):
        if kind == 7:
            data = bytes(values)
        else:
            code = {3: "H", 4: "I"}[kind]
            data = struct.pack(f"{order}{len(values)}{code}", *values)
        directory += struct.pack(order + "HHI", tag, kind, len(values))
        if len(data) <= 4:
            directory += data.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", extra_at + len(extra))
            extra += data + bytes(len(data) % 2)
    mark = b"MM\0*" if big_endian else b"II*\0"
    return (mark + struct.pack(order + "I", directory_at) + body + directory +
            struct.pack(order + "I", 0) + extra)
