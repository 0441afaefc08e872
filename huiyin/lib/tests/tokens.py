"""The colours of frontend/style/_tokens.scss as the file has them: name -> (light, dark)."""

import re
from pathlib import Path

FILE = Path(__file__).parents[3] / "frontend" / "style" / "_tokens.scss"
TEXT = re.sub(r"//.*", "", FILE.read_text("utf-8"))
HEX = "#[0-9a-fA-F]{6}"
COLOURS = {
    name: (light, dark) for name, light, dark in re.findall(rf"--([\w-]+):\s*light-dark\(({HEX}), ({HEX})\);", TEXT)
}
_dark_block = TEXT.partition('[data-bs-theme="dark"] {')[2]
for _name, _dark in re.findall(rf"--([\w-]+):\s*({HEX});", _dark_block):  # two plain values: one of each theme
    _light = re.search(rf"--{_name}:\s*({HEX});", TEXT)
    assert _light, f"--{_name} is set in the dark only"
    COLOURS[_name] = (_light[1], _dark)


def coloured() -> set[str]:
    """Every token that says a colour of its own, however it is written (not one that is another token's)."""
    says = r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|oklab|lab|lch|hwb|color|color-mix)\("
    return {name for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", TEXT) if re.search(says, value)}
