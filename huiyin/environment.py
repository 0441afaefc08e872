"""The settings an operator gives through the environment, read and checked: one line names each that is wrong."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

import platformdirs
from django.core.exceptions import ImproperlyConfigured

from huiyin.lib import pg

T = TypeVar("T")
CHECKOUT = Path(__file__).resolve().parent.parent


class WrongSetting(ImproperlyConfigured):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"设置 {name} 有误 (wrong setting): {reason}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def read(name: str, default: T, convert: Callable[[str], T], expected: str) -> T:
    raw = text(name)
    if not raw:
        return default
    try:
        return convert(raw)
    except ValueError as wrong:
        raise WrongSetting(name, f"{raw!r}; {expected}") from wrong


def number(name: str, default: int, *, least: int, most: int) -> int:
    def convert(raw: str) -> int:
        value = int(raw)
        if not least <= value <= most:
            raise ValueError
        return value

    return read(name, default, convert, f"应为 {least} 到 {most} 的整数 (a whole number from {least} to {most})")


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    def convert(raw: str) -> str:
        if raw.lower() not in choices:
            raise ValueError
        return raw.lower()

    return read(name, default, convert, f"应为 (one of) {', '.join(choices)}")


def words(name: str, default: tuple[str, ...]) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def time_zone(name: str, default: str) -> str:
    def convert(raw: str) -> str:
        if raw not in available_timezones():
            raise ValueError
        return raw

    return read(name, default, convert, "应为时区名，如 Asia/Shanghai (a time zone's name)")


def web_address(name: str, default: str) -> str:
    def convert(raw: str) -> str:
        parts = urlsplit(raw)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError
        return raw.rstrip("/")

    return read(name, default, convert, "应为 http:// 或 https:// 地址 (an http or https address)")


def mail() -> dict[str, Any]:
    """What the environment says of the mail server, and nothing that it leaves out."""
    given: dict[str, Any] = {
        "host": text("HUIYIN_MAIL_HOST"),
        "port": number("HUIYIN_MAIL_PORT", 0, least=1, most=65535),
        "security": one_of("HUIYIN_MAIL_SECURITY", ("starttls", "tls", "none"), ""),
        "user": text("HUIYIN_MAIL_USER"),
        "password": text("HUIYIN_MAIL_PASSWORD"),
        "sender": text("HUIYIN_MAIL_FROM"),
    }
    return {name: value for name, value in given.items() if value}


def origins(name: str) -> list[str]:
    """Scheme and host of each, and nothing more: `https://www.example.com`."""

    def convert(raw: str) -> list[str]:
        found = [word.strip().lower().rstrip("/") for word in raw.split(",") if word.strip()]
        if not all(re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", each) for each in found):
            raise ValueError  # nothing else may get into the policy's header
        return found

    return read(name, [], convert, "应为 https://主机 的列表，逗号分隔 (https://host, comma separated)")


def home() -> Path:
    """The data folder, made if it is not there yet."""
    in_checkout = (CHECKOUT / "pyproject.toml").exists()
    default = CHECKOUT / "var" if in_checkout else Path(platformdirs.user_data_dir("huiyin"))
    path = Path(text("HUIYIN_HOME", str(default))).expanduser().absolute()
    try:
        (path / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as wrong:
        raise WrongSetting("HUIYIN_HOME", f"{path}: {wrong.strerror}") from wrong
    return path


def key(path: Path) -> bytes:
    """32 random bytes kept in a file only its owner may read; made at the first call, the same ever after."""
    try:
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(draft, path)  # of two processes that start at once, one wins and both read its key
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as wrong:
        raise WrongSetting("HUIYIN_HOME", f"密钥文件无法读写 (key file) {path}: {wrong}") from wrong


@dataclass(frozen=True)
class Database:
    settings: Mapping[str, Any]
    is_embedded: bool


def database(home: Path) -> Database:
    """What DATABASE_URL names, or the embedded server of this data folder."""
    url = text("DATABASE_URL")
    if not url:
        server = pg.Server(home)
        return Database({"NAME": pg.DATABASE, "USER": pg.ROLE, "HOST": str(server.socket_folder)}, is_embedded=True)
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise WrongSetting("DATABASE_URL", "应为 postgresql://用户:密码@主机:端口/库名 (a postgresql:// address)")
    options = dict(parse_qsl(parts.query))
    try:
        port = str(parts.port or options.pop("port", ""))
    except ValueError as wrong:
        raise WrongSetting("DATABASE_URL", "端口有误 (bad port)") from wrong
    values = {
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": options,
    }
    return Database(values, is_embedded=False)


def storage(home: Path) -> dict[str, Any]:
    """Where attachments lie: a folder, or an S3-compatible bucket as s3://KEY:SECRET@HOST[:PORT]/BUCKET?region=R."""
    default = (home / "attachments").as_uri()
    url = text("HUIYIN_STORAGE_URL", default)
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path), "file_permissions_mode": 0o600, "base_url": None},
        }
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket:
        raise WrongSetting("HUIYIN_STORAGE_URL", "应为 file:///文件夹 或 s3://密钥:口令@主机/桶 (a file or s3 address)")
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {"bucket_name": bucket, "file_overwrite": True, "querystring_auth": True}
    if parts.hostname:
        scheme = "http" if query.get("tls") == "off" else "https"
        options["endpoint_url"] = f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if "region" in query:
        options["region_name"] = query["region"]
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
