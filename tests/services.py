"""A web service on loopback that answers as a test wants it, for sources that are a request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Service:
    """A web service on loopback: `answers` are given in turn, the last for ever; `asked` are the requests it met."""

    def __init__(self) -> None:
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, dict(self.headers.items())))
                service.answers[min(len(service.asked), len(service.answers)) - 1](self)

            def log_message(self, *parts: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def answer(
    body: bytes, status: int = 200, media: str = "text/csv", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer; `Content_Length` and the like are headers."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        told = {"Content-Type": media, "Content-Length": str(len(body))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in told.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return give


def pages(answers: Mapping[str, Any], parameter: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """JSON by the value of a parameter."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        value = parse_qs(urlsplit(handler.path).query)[parameter][0]
        answer(json.dumps(answers[value]).encode(), media="application/json")(handler)

    return give
