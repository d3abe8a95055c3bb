"""Send one edition to many recipients by mail: messages a second, and memory, which must not grow with their number.

Run: `python benchmarks/send.py [RECIPIENTS [proper|quick]]`. The server is on loopback, in a process of its own:
`proper` is aiosmtpd, which reads a message line by line and is slower than what is measured; `quick` takes everything
and looks at nothing. The edition is of the usual size (a PDF of 300 kB, two charts). Each message is frozen, entered in
the ledger and handed over, as the daemon does it. Prints a line of JSON: `first` is the peak after a tenth of the
recipients, `last` at the end (MB).
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from briefings.deliver import open_channel  # noqa: E402
from briefings.ledger import Due, open_ledger  # noqa: E402
from briefings.schedule.sending import Sender  # noqa: E402
from tests.deliveries import file_edition, mail_server, project  # noqa: E402

RECIPIENTS = 2_000
CHANNEL = """
channels:
  post: {{kind: mail, host: 127.0.0.1, port: {port}, security: none, sender: {{email: b@example.org}}}}
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECIPIENTS
    kind = sys.argv[2] if len(sys.argv) > 2 else "proper"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with mail_server(kind, folder, sink=True) as server:
            told = {"benchmark": "send", "server": kind, **measure(folder, count, server.port)}
            print(json.dumps(told), flush=True)


def measure(folder: Path, count: int, port: int) -> dict[str, object]:
    """Send to `count` recipients and say how it went."""
    people = "".join(
        f"  r{n}: {{name: Reader {n}, email: r{n}@example.org, languages: zh, by: post,"
        " receives: {themes: all, places: all}}\n"
        for n in range(count)
    )
    settings = project(folder, f"{CHANNEL.format(port=port)}recipients:\n{people}")
    edition = file_edition(settings, briefing_dot_pdf=os.urandom(300_000), charts__c2_dot_png=os.urandom(40_000))
    ledger = open_ledger(folder, None, archive_has_editions=False)
    now = datetime.now(UTC)
    key = edition.key
    dues = [
        Due(
            **{"theme": key.theme, "cadence": "monthly", "place": key.place, "period": key.period},
            **{"language": key.language, "recipient": f"r{n}", "channel": "post", "due_at": now, "send_from": now},
            **{"state": "built", "edition": edition.id},
        )
        for n in range(count)
    ]
    ledger.enter(dues, now)
    rows = ledger.in_states("built")
    first = 0.0
    states: dict[str, int] = {}
    started, cpu = time.perf_counter(), time.process_time()
    with closing(open_channel(settings, "post", {})) as channel:
        sender = Sender(ledger, channel, lambda: datetime.now(UTC), random.Random(1))
        for number, row in enumerate(rows, 1):
            done = sender.send(row, edition.folder, "UTC", now + timedelta(days=1))
            states[done.state if done else "taken"] = states.get(done.state if done else "taken", 0) + 1
            if number == max(1, count // 10):
                first = peak()
    took, spent = time.perf_counter() - started, time.process_time() - cpu
    ledger.close()
    kept = sum(path.stat().st_size for path in folder.glob("ledger.sqlite*")) / 1e6
    return {
        "recipients": count,
        **states,
        "seconds": round(took, 1),
        "messages_a_second": round(count / took, 1),
        "cpu_ms_a_message": round(1000 * spent / count, 1),
        "first_mb": round(first, 1),
        "last_mb": round(peak(), 1),
        "ledger_mb": round(kept, 1),
    }


def peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
