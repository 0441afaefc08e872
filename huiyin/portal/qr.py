"""A QR code as one SVG path: no style in it, so that the content policy lets it be."""

from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white round it, as the standard asks


@dataclass(frozen=True)
class Picture:
    size: int
    path: str


def picture(text: str) -> Picture:
    code = qrcode.QRCode(border=0, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    dots = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    ]
    return Picture(size=len(rows) + 2 * QUIET, path="".join(dots))
