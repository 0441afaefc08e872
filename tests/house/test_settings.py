"""Settings that are read into more than a word."""

import pytest

from huiyin.environment import WrongSetting, origins

SITE = "https://www.example.com"


def test_an_origin_is_scheme_and_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_EMBED_ORIGINS", f"{SITE}, http://localhost:8080/")
    assert origins("HUIYIN_EMBED_ORIGINS") == [SITE, "http://localhost:8080"]
    for wrong in (
        "*",
        "www.example.com",
        f"{SITE}/help",
        f"{SITE}; script-src *",
        "https://*.example.com",
        "https://a;b",
    ):
        monkeypatch.setenv("HUIYIN_EMBED_ORIGINS", wrong)
        with pytest.raises(WrongSetting):
            origins("HUIYIN_EMBED_ORIGINS")
