"""A reverse proxy that does the TLS, as docs/settings.md has one: /live/ to the live port, the rest to the web port."""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OURS = (b"connection:", b"x-forwarded-proto:", b"x-forwarded-for:")


def certificate(folder: Path) -> ssl.SSLContext:
    """Of localhost, signed by itself."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class Proxy:
    """Runs in a thread of its own on `port`; one request a connection. `asked` keeps the paths."""

    def __init__(self, folder: Path, port: int, to: Callable[[str], int]) -> None:
        self.port, self.to = port, to
        self.asked: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", port, ssl=certificate(folder))
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(20)

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    async def _stop(self) -> None:
        self._server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            path = first.split(b" ")[1].decode()
            self.asked.append(path)
            there, on = await asyncio.open_connection("127.0.0.1", self.to(path))
            kept = [line for line in lines if line and not line.lower().startswith(OURS)]
            ours = [b"Connection: close", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 127.0.0.1"]
            on.write(b"\r\n".join([first, *kept, *ours, b"", b""]))
            sending = asyncio.create_task(_pour(reader, on))
            await _pour(there, writer)
            sending.cancel()
            on.close()
        writer.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
