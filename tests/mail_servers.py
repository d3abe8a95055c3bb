"""Mail servers in processes of their own, each as obliging as a test wants it.

Run: `python mail_servers.py KIND JSON`. The first line of stdout is the port. What was taken is written to the spool, a
JSON object a line: `{"from", "to", "content", "connection"}`. KIND is `proper` (aiosmtpd; options `tls`, `require_tls`,
`user`, `password`, `replies`, `size`, `sink`: keep nothing), `raw` (a socket; option `script`: what each connection
does) or `quick` (a socket that takes everything, looks at nothing and keeps nothing: for benchmarks).
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Any

#: Seconds that a server which is slow takes to answer, once it has a message.
SLOW = 6
#: What a raw connection may do, beside `accept`.
SCRIPT = (
    "silent",
    "silent_after_rcpt",
    "drop_before_dot",
    "drop_after_dot",
    "silent_after_dot",
    "slow_after_dot",
    "accept",
    "accept_one",
)


def keep(spool: Path, sender: str, to: list[str], content: bytes, connection: int) -> None:
    """Write down a message that was taken."""
    told = {"from": sender, "to": to, "content": content.decode("latin-1"), "connection": connection}
    with spool.open("a") as file:
        file.write(json.dumps(told) + "\n")


def ready(port: int) -> None:
    print(port, flush=True)


# A server as it should be.


def proper(options: dict[str, Any]) -> None:
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

    replies: dict[str, str] = options.get("replies", {})
    spool = Path(options["spool"])
    connections: dict[int, int] = {}

    class Handler:
        async def handle_MAIL(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, o: list[str]
        ) -> str:
            envelope.mail_from = address
            return replies.get("MAIL", "250 OK")

        async def handle_RCPT(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, o: list[str]
        ) -> str:
            reply = replies.get(f"RCPT {address}", replies.get("RCPT", "250 OK"))
            if reply.startswith("2"):
                envelope.rcpt_tos.append(address)
            return reply

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            reply = replies.get("DATA", "250 2.0.0 OK queued")
            if reply.startswith("2") and not options.get("sink"):
                number = connections.setdefault(id(session), len(connections) + 1)
                content = envelope.content if isinstance(envelope.content, bytes) else b""
                keep(spool, envelope.mail_from or "", list(envelope.rcpt_tos), content, number)
            return reply

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (
            options["user"],
            options["password"],
        )
        return AuthResult(success=good, handled=False)

    context = None
    if "certificate" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"])
    implicit = options.get("tls") == "implicit"
    settings: dict[str, Any] = {"tls_context": context} if context and not implicit else {}
    if "user" in options:
        settings |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": context is not None}

    async def serve() -> None:
        loop = asyncio.get_running_loop()

        def make() -> SMTP:
            return SMTP(
                Handler(), data_size_limit=options.get("size", 33554432), loop=loop, hostname="localhost", **settings
            )

        server = await loop.create_server(make, "127.0.0.1", 0, ssl=context if implicit else None)
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


# A server that is not.


def raw(options: dict[str, Any]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ready(listener.getsockname()[1])
    script = list(options["script"])
    for number in range(1, 1000):
        connection, _ = listener.accept()
        act = script[min(number, len(script)) - 1]
        threading.Thread(target=converse, args=(connection, act, Path(options["spool"]), number), daemon=True).start()


def converse(connection: socket.socket, act: str, spool: Path, number: int) -> None:
    with connection, connection.makefile("rwb") as lines:

        def say(text: str) -> None:
            lines.write(text.encode() + b"\r\n")
            lines.flush()

        if act == "silent":
            time.sleep(60)
        say("220 localhost")
        sender, to = "", ""
        for line in lines:
            word = line.split(b":")[0].strip().upper().decode()
            if word.startswith(("EHLO", "HELO")):
                say("250 localhost")
            elif word == "MAIL FROM":
                sender = line.decode().partition("<")[2].partition(">")[0]
                say("250 OK")
            elif word == "RCPT TO":
                to = line.decode().partition("<")[2].partition(">")[0]
                if act == "silent_after_rcpt":
                    time.sleep(60)
                say("250 OK")
            elif word == "DATA":
                if not take(lines, say, act, spool, sender, to, number):
                    return
            else:
                say("250 OK")


def take(lines: Any, say: Any, act: str, spool: Path, sender: str, to: str, number: int) -> bool:
    """Read a message; whether the conversation goes on."""
    say("354 go on")
    content = b""
    for line in lines:
        if line == b".\r\n":
            break
        content += line
        if act == "drop_before_dot":
            return False
    else:
        return False
    keep(spool, sender, [to], content, number)
    if act == "silent_after_dot":
        time.sleep(60)
    if act == "slow_after_dot":
        time.sleep(SLOW)
    if act == "drop_after_dot":
        return False
    say("250 2.0.0 OK queued")
    return act != "accept_one"


# A server that costs next to nothing.


def quick(options: dict[str, Any]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ready(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=swallow, args=(connection,), daemon=True).start()


def swallow(connection: socket.socket) -> None:
    """Answer yes to every line, and once to a message."""
    with connection:
        connection.sendall(b"220 localhost\r\n")
        data, tail = False, b""
        while received := connection.recv(1 << 20):
            tail = (tail + received)[-5:] if data else received
            if data and tail != b"\r\n.\r\n":
                continue
            data = not data and received.upper().startswith(b"DATA")
            connection.sendall(b"354 go on\r\n" if data else b"250 2.0.0 OK\r\n")


if __name__ == "__main__":
    {"proper": proper, "raw": raw, "quick": quick}[sys.argv[1]](json.loads(sys.argv[2]))
