"""Gives a HEIC file of heif-enc a rotation (property irot)."""
import struct

# Source: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12, 6.5.10 (irot), 9.3 (ipma).


def _boxes(data, start, end):
    while start < end:
        size, name = struct.unpack_from(">I4s", data, start)
        yield name, start, size
        start += size


def _find(data, path):
    """The places of the boxes of the path, outermost first."""
    places, start, end = [], 0, len(data)
    for name in path:
        place, size = next((place, size) for found, place, size
                           in _boxes(data, start, end) if found == name)
        places.append(place)
        start, end = place + (12 if name == b"meta" else 8), place + size
    return places


def _grow(data, places, count):
    for place in places:
        size, = struct.unpack_from(">I", data, place)
        struct.pack_into(">I", data, place, size + count)


def insert_rotation(heic, quarter_turns):
    """Counter-clockwise, of the first picture that has properties."""
    data = bytearray(heic)
    path = [b"meta", b"iprp", b"ipco"]
    places = _find(data, path)
    size, = struct.unpack_from(">I", data, places[-1])
    end = places[-1] + size
    number = 1 + sum(1 for _ in _boxes(data, places[-1] + 8, end))
    data[end:end] = struct.pack(">I4sB", 9, b"irot", quarter_turns)
    _grow(data, places, 9)

    path[-1] = b"ipma"
    places = _find(data, path)
    version_and_flags, = struct.unpack_from(">I", data, places[-1] + 8)
    assert version_and_flags == 0, "item numbers of 16 bits, properties of 8"
    count_at = places[-1] + 12 + 4 + 2
    count = data[count_at]
    data[count_at] = count + 1
    at = count_at + 1 + count
    data[at:at] = bytes([0x80 | number])  # must be understood
    _grow(data, places, 1)
    _move_extents(data, 10)
    return bytes(data)


def _move_extents(data, by):
    """Adds to the places of the pictures' data that the box iloc holds."""
    place = _find(data, [b"meta", b"iloc"])[-1]
    version = data[place + 8]
    sizes, items = struct.unpack_from(">HH", data, place + 12)
    assert version in (0, 1) and sizes in (0x4400, 0x4440)
    at = place + 16
    for _ in range(items):
        at += 4 if version == 0 else 6
        if sizes == 0x4440:
            base, = struct.unpack_from(">I", data, at)
            struct.pack_into(">I", data, at, base + by)
            at += 4
        extents, = struct.unpack_from(">H", data, at)
        at += 2
        for _ in range(extents if sizes == 0x4400 else 0):
            old, = struct.unpack_from(">I", data, at)
            struct.pack_into(">I", data, at, old + by)
            at += 8
        at += 8 * extents if sizes == 0x4440 else 0
