import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from huiyin.lib import bundle


def render(text: str, **values: object) -> str:
    return Template("{% load assets %}" + text).render(Context(values))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    manifest = {
        "src/main.ts": {"name": "main", "file": "main.a1.js", "css": ["main.b2.css"], "isEntry": True},
        "src/theme-early.ts": {"name": "theme", "file": "theme.c3.js", "isEntry": True},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "icons.json").write_text(json.dumps({"file": "icons.d4.svg", "names": ["bell"]}))
    monkeypatch.setattr(finders, "find", lambda path: str(tmp_path / "manifest.json"))
    bundle.forget()
    yield tmp_path
    bundle.forget()


@pytest.mark.usefixtures("built")
def test_an_entry_brings_its_style_and_its_script() -> None:
    assert render('{% vite "main" %}') == (
        '<link rel="stylesheet" href="/static/dist/main.b2.css">'
        '<script type="module" src="/static/dist/main.a1.js"></script>'
    )
    assert render('{% vite_early "theme" %}') == '<script src="/static/dist/theme.c3.js"></script>'


@pytest.mark.usefixtures("built")
def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert render('{% icon "bell" "sm" %}') == (
        '<svg class="icon icon-sm" aria-hidden="true"><use href="/static/dist/icons.d4.svg#bell"></use></svg>'
    )
    assert 'role="img" aria-label="&lt;提醒&gt;"' in render('{% icon "bell" label=words %}', words="<提醒>")


def test_a_new_build_is_seen_without_a_restart(built: Path) -> None:
    assert bundle.current().scripts["main"] == "dist/main.a1.js"
    changed = (built / "manifest.json").read_text().replace("main.a1.js", "main.e5.js")
    (built / "manifest.json").unlink()
    (built / "manifest.json").write_text(changed)
    bundle.forget()
    assert bundle.current().scripts["main"] == "dist/main.e5.js"


def test_without_a_build_pages_still_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find", lambda path: None)
    bundle.forget()
    assert render('{% vite "main" %}{% vite_early "theme" %}') == ""
    bundle.forget()
