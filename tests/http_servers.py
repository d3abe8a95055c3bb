"""A web server in a process of its own, as obliging as a test wants it.

Run: `python http_servers.py JSON`. The first line of stdout is the port. Each request is written to the spool, a JSON
object a line: `{"path", "headers", "body"}`. `script` says what becomes of each: a status, `silent` or `drop`; `answer`
is the body of answers (PORT in it stands for the server's), `headers` are sent with them, `certificate` is a PEM file
for TLS.
"""

from __future__ import annotations

import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def main() -> None:
    options = json.loads(sys.argv[1])
    spool, script = Path(options["spool"]), list(options.get("script", [200]))
    met: list[None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            told = {"path": self.path, "headers": dict(self.headers.items()), "body": body.decode("utf-8", "replace")}
            with spool.open("a") as file:
                file.write(json.dumps(told) + "\n")
            met.append(None)
            act = script[min(len(met), len(script)) - 1]
            if act == "silent":
                time.sleep(60)
            if act == "drop":
                self.close_connection = True
                return
            self.send_response(act)
            for name, value in options.get("headers", {}).items():
                self.send_header(name, value)
            answer = options.get("answer", "taken").replace("PORT", str(server.server_address[1])).encode()
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815  the name that http.server looks for

        def log_message(self, *parts: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if "certificate" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
