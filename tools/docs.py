"""Writes the documents that are made of the product's own data: docs/GLOSSARY.md. Run by `make docs`."""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def glossary() -> str:
    """The words of the trade: identifier, English, Chinese, meaning."""
    document = yaml.safe_load((ROOT / "huiyin/defaults/glossary.yaml").read_text("utf-8"))
    lines = [
        "# Glossary",
        "",
        "One word for one thing, in code, on screen, in documents. Made by `make docs` from the default glossary.",
        "",
        "| identifier | English | 中文 | meaning |",
        "|---|---|---|---|",
    ]
    for term in document["terms"]:
        cells = (f"`{term['id']}`", term["en"], term["zh"], term["meaning"])
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/GLOSSARY.md").write_text(glossary(), "utf-8")
