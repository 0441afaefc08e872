"""The makers' robots and a webhook on this machine, answering as documented: what is wrong, they say in a 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC0123456789abcdef"
Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Post:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Vendor:
    """What came, what was taken, and what it answers when there is nothing to find fault with."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    taken: list[Post] = field(default_factory=list)
    answers: list[Reply] = field(default_factory=list)  # given first, one to each post
    limit: int = 20  # a minute; here: in all
    secret: str = ""
    keyword: str = ""
    hangs: threading.Event | None = None


def as_json(status: int = 200, **told: Any) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(told, ensure_ascii=False).encode()


def wecom(vendor: Vendor, post: Post) -> Reply:
    if post.query.get("key") != "7f3c":
        return as_json(errcode=93000, errmsg="invalid webhook url, hint: [1700000000]")
    if len(vendor.taken) >= vendor.limit:
        return as_json(errcode=45009, errmsg="api freq out of limit")
    content = post.json.get("markdown", {}).get("content", "")
    if post.json.get("msgtype") != "markdown" or not content:
        return as_json(errcode=40008, errmsg="invalid message type")
    if len(content.encode()) > 4096:
        return as_json(errcode=40058, errmsg="markdown.content exceed max length 4096")
    vendor.taken.append(post)
    return as_json(errcode=0, errmsg="ok")


def dingtalk(vendor: Vendor, post: Post) -> Reply:
    if post.query.get("access_token") != "7f3c":
        return as_json(errcode=300001, errmsg="token is not exist")
    if vendor.secret:
        moment = post.query.get("timestamp", "")
        right = hmac.new(vendor.secret.encode(), f"{moment}\n{vendor.secret}".encode(), hashlib.sha256).digest()
        if post.query.get("sign") != base64.b64encode(right).decode() or len(moment) != 13:
            return as_json(errcode=310000, errmsg="sign not match")
    if vendor.keyword and vendor.keyword not in post.json["markdown"]["text"]:
        return as_json(errcode=310000, errmsg="keywords not in content")
    if len(vendor.taken) >= vendor.limit:
        return as_json(errcode=130101, errmsg="send too fast, exceed 20 times per minute")
    vendor.taken.append(post)
    return as_json(errcode=0, errmsg="ok")


def feishu(vendor: Vendor, post: Post) -> Reply:
    if not post.path.endswith("/hook/7f3c"):
        return as_json(code=19001, msg="param invalid: incoming webhook access token invalid", data={})
    if vendor.secret:
        moment = str(post.json.get("timestamp", ""))
        right = hmac.new(f"{moment}\n{vendor.secret}".encode(), b"", hashlib.sha256).digest()
        if post.json.get("sign") != base64.b64encode(right).decode() or len(moment) != 10:
            return as_json(code=19021, msg="sign match fail or timestamp is not within one hour from current time")
    if vendor.keyword and vendor.keyword not in post.body.decode():
        return as_json(code=19024, msg="Key Words Not Found")
    if len(vendor.taken) >= vendor.limit:
        return as_json(code=11232, msg="frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", data={})
    if "card" not in post.json:
        return as_json(code=9499, msg="Bad Request", data={})
    vendor.taken.append(post)
    return as_json(code=0, msg="success", data={}, StatusCode=0, StatusMessage="success")


def webhook(vendor: Vendor, post: Post) -> Reply:
    vendor.taken.append(post)
    return 204, {}, b""


Rule = Callable[[Vendor, Post], Reply]
ADDRESSES = {
    "wecom": "/cgi-bin/webhook/send?key=7f3c",
    "dingtalk": "/robot/send?access_token=7f3c",
    "feishu": "/open-apis/bot/v2/hook/7f3c",
    "webhook": "/huiyin",
}
RULES: dict[str, Rule] = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu, "webhook": webhook}


@contextmanager
def serving(rule: Rule, path: str = "/") -> Iterator[Vendor]:
    vendor = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.do_POST()

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            post = Post(parts.path, query, dict(self.headers), body)
            vendor.posts.append(post)
            if vendor.hangs is not None:
                vendor.hangs.wait(20)
                return
            status, headers, answer = vendor.answers.pop(0) if vendor.answers else rule(vendor, post)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_port}{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        if vendor.hangs is not None:
            vendor.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
