from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from pytest_django import Settings

from huiyin.lib import store
from huiyin.lib.canonical import sha256_hex

TEXT = "洗衣机漏水的说明".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_what_is_put_is_got_again_by_its_digest() -> None:
    blob = store.put([TEXT[:5], TEXT[5:]], name="说明.txt", limit=100)
    assert blob == store.Blob(sha256_hex(TEXT), len(TEXT), "text/plain")
    assert b"".join(store.read(blob.sha256)) == TEXT


def test_the_same_content_is_one_file_under_any_name(folder: Path) -> None:
    first = store.put([TEXT], name="甲.txt", limit=100)
    second = store.put([TEXT], name="乙.txt", limit=100)
    assert first == second
    assert len(files(folder)) == 1


def test_a_file_stored_between_the_question_and_the_answer_is_not_doubled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = store.put([TEXT], name="甲.txt", limit=100)
    storage = storages["default"]
    answers = iter([False])
    exists = storage.exists
    monkeypatch.setattr(storage, "exists", lambda name: next(answers, None) is not False and exists(name))
    store._save(store.path(blob.sha256), ContentFile(TEXT))
    assert len(files(folder)) == 1


def test_what_is_too_large_is_refused_before_it_is_read_to_its_end(folder: Path) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"a" * 1000

    with pytest.raises(store.TooLarge):
        store.put(endless(), name="大.txt", limit=5000)
    assert read == 6
    assert files(folder) == []


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [(b"", "空.txt", store.Empty), (b"<html>", "页.jpg", store.KindRefused), (b"<svg/>", "图.png", store.KindRefused)],
)
def test_nothing_is_kept_of_what_is_refused(folder: Path, content: bytes, name: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        store.put([content], name=name, limit=100)
    assert files(folder) == []


def test_a_changed_file_is_found_out(folder: Path) -> None:
    blob = store.put([TEXT], name="说明.txt", limit=100)
    assert store.holds(blob.sha256)
    files(folder)[0].write_bytes(b"changed")
    assert not store.holds(blob.sha256)
    store.drop(blob.sha256)
    assert not store.holds(blob.sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "0" * 63])
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        store.get(name)
