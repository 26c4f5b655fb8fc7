"""An ICC profile with the primaries of Display P3 and a gamma of 2.2."""
import struct

# Columns of the matrix from linear Display P3 to XYZ under D50.
# Source: SMPTE EG 432-1 primaries, white D65, Bradford adaptation.
PRIMARIES = [(b"rXYZ", (0.51512, 0.24120, -0.00105)),
             (b"gXYZ", (0.29198, 0.69225, 0.04189)),
             (b"bXYZ", (0.15710, 0.06657, 0.78407))]
WHITE = (0.9642, 1.0, 0.8249)


def _xyz(values):
    return b"XYZ \0\0\0\0" + struct.pack(
        ">3i", *(round(value * 65536) for value in values))


def _description(text):
    raw = text.encode("ascii") + b"\0"
    return (b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw +
            bytes(4 + 4 + 2 + 1 + 67))


def display_p3_profile():
    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256))
    tags = [(b"desc", _description("Plumbline wide RGB")),
            (b"cprt", b"text\0\0\0\0" + b"No copyright\0"),
            (b"wtpt", _xyz(WHITE))]
    tags += [(name, _xyz(values)) for name, values in PRIMARIES]
    tags += [(name, gamma) for name in (b"rTRC", b"gTRC", b"bTRC")]
    table = struct.pack(">I", len(tags))
    offset = 128 + 4 + 12 * len(tags)
    body = b""
    for name, data in tags:
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02100000, b"mntr",
                         b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp"
    header = header.ljust(68, b"\0") + struct.pack(
        ">3i", *(round(value * 65536) for value in WHITE))
    return header.ljust(128, b"\0") + table + body
