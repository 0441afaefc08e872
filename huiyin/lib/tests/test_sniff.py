"""What a file is, its content says; a name can make it worse and never better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.lib.sniff import ALLOWED, HTML, SCRIPT, SVG, UNKNOWN, XML, sniff

DOCX = b"PK\x03\x04" + b"\x00" * 26 + b"[Content_Types].xml....PK\x03\x04 word/document.xml"
XLSX = b"PK\x03\x04" + b"\x00" * 26 + b"_rels/.rels....PK\x03\x04 xl/workbook.xml"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "照片.jpg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "截图.png", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "图.webp", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "图.heic", "image/heic"),
        (b"%PDF-1.7\n", "合同.pdf", "application/pdf"),
        (DOCX, "说明.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "清单.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "旧.doc", "application/msword"),
        ("投诉内容".encode(), "内容.txt", "text/plain"),
        ("投诉内容".encode("gb18030"), "内容.txt", "text/plain"),
        ("﻿编号,内容\n1,漏水".encode(), "清单.csv", "text/csv"),
        ("BMW车主投诉".encode(), "a.txt", "text/plain"),
        ("MZ公司的说明".encode(), "a.txt", "text/plain"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "录音.wav", "audio/wav"),
        (b"#!AMR\n", "录音.amr", "audio/amr"),
        (b"ID3\x04\x00", "录音.mp3", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypM4A ", "录音.m4a", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "视频.mp4", "video/mp4"),
        (b"\x1aE\xdf\xa3", "视频.webm", "video/webm"),
    ],
)
def test_evidence_of_the_usual_kinds_is_taken(head: bytes, name: str, kind: str) -> None:
    assert sniff(head, name) == kind
    assert kind in ALLOWED


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"<html><script>alert(1)</script>", "照片.jpg", HTML),
        (b"\n\n  <!DOCTYPE html>", "内容.txt", HTML),
        ("说明<script src=//x>".encode(), "内容.txt", HTML),
        (b"<?xml version='1.0'?><svg onload='x'>", "图.png", SVG),
        (b"<svg xmlns='x'>", "图", SVG),
        (b"<?xml version='1.0'?><a/>", "a.txt", XML),
        (b"#!/bin/sh\n", "a.txt", SCRIPT),
        (b"MZ\x90\x00\x03", "a.jpg", SCRIPT),
        (b"\x7fELF\x02", "a.pdf", SCRIPT),
        ("投诉内容".encode(), "a.html", HTML),
        (b"\x89PNG\r\n\x1a\n....", "a.svg", SVG),
        ("投诉内容".encode(), "a.js", SCRIPT),
        (b"PK\x03\x04" + b"\x00" * 26 + b"evil.exe", "a.docx", UNKNOWN),
        (DOCX + b"word/vbaProject.bin", "a.docx", UNKNOWN),
        (b"\x00\x01\x02\x03", "a.txt", UNKNOWN),
    ],
)
def test_what_a_browser_or_a_desktop_would_run_is_not(head: bytes, name: str, kind: str) -> None:
    assert sniff(head, name) == kind
    assert kind not in ALLOWED


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_get_some_answer(head: bytes, name: str) -> None:
    assert "/" in sniff(head, name)


@given(st.binary(max_size=50))
def test_nothing_named_as_a_web_page_is_ever_allowed(head: bytes) -> None:
    assert sniff(head, "a.HTML") not in ALLOWED
