"""Small files that a customer might send, drawn by code: nobody's photograph is shipped."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 360, 240


def photograph(seed: str) -> bytes:
    """A PNG: a carton on a floor, with a dent somewhere."""
    rng = Random(seed)
    wall, floor = rng.randrange(170, 220), rng.randrange(90, 140)
    left, top = rng.randrange(40, 110), rng.randrange(50, 90)
    right, bottom = left + rng.randrange(150, 200), top + rng.randrange(90, 130)
    dent_x, dent_y, reach = rng.randrange(left + 35, right - 35), rng.randrange(top + 20, bottom - 20), 26
    rows = bytearray()
    for y in range(HEIGHT):
        shade = (wall if y < HEIGHT * 2 // 3 else floor) - abs(y - 120) // 9 + rng.randrange(3)
        row = bytearray(bytes((shade, shade, shade - 6)) * WIDTH)
        if top <= y <= bottom:
            grain = rng.randrange(7)
            _paint(row, left, right, (176 + grain, 134 + grain, 86 + grain))
            _paint(row, (left + right) // 2 - 9, (left + right) // 2 + 9, (206 + grain, 168 + grain, 120 + grain))
        if abs(y - dent_y) < reach // 2:
            half = int((reach**2 - 4 * (y - dent_y) ** 2) ** 0.5)
            _paint(row, dent_x - half, dent_x + half, (64, 46, 34))
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body)
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    )


def _paint(row: bytearray, start: int, end: int, colour: tuple[int, int, int]) -> None:
    row[start * 3 : end * 3] = bytes(colour) * (end - start)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def report(title: str, lines: list[str]) -> bytes:
    """A PDF of one page, set in a Chinese font that readers bring along."""
    drawn = [f"BT /F1 18 Tf 72 770 Td <{_hex(title)}> Tj ET"]
    drawn += [f"BT /F1 11 Tf 72 {730 - 22 * n} Td <{_hex(line)}> Tj ET" for n, line in enumerate(lines)]
    content = "\n".join(drawn).encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    made += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(made)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()
