"""What docs/deploy offers: units that systemd takes, and a command line that works with no more than they leave it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.daemons import PATIENCE, ending
from tests.desks import RECIPIENTS, world

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
PROGRAM = "/opt/briefings/bin/briefings"


def keys_of(unit: str) -> dict[str, str]:
    lines = (DEPLOY / unit).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not there")
    units = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
    for unit in units:  # the program is not installed where the unit says, the rest is as it is
        text = unit.read_text("utf-8")
        assert unit.suffix == ".timer" or PROGRAM in text
        (tmp_path / unit.name).write_text(text.replace(PROGRAM, sys.executable), encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "briefings" in line]
    assert (found.returncode, ours) == (0, [])
    assert len(units) == 3


@pytest.mark.parametrize("unit", ["briefings.service", "briefings-once.service"])
def test_what_ends_a_child_or_asks_to_stop_is_the_daemons_to_answer(unit: str) -> None:
    """By default systemd asks every process of a unit to end, and ends the unit with the first that the kernel ends."""
    keys = keys_of(unit)
    assert (keys["KillMode"], keys["OOMPolicy"], keys["TimeoutStopSec"]) == ("mixed", "continue", "120")


#: What ProtectSystem=strict and PrivateTmp leave: everything is read-only but the folders named, and a /var/tmp.
SANDBOX = """
set -e
mount --rbind / /mnt
mount -o remount,bind,ro /mnt
for folder in "$DATA" "$CACHE"; do mount --bind "$folder" "/mnt$folder"; done
mount -t tmpfs tmpfs /mnt/var/tmp
if touch "/mnt$PROJECT/config/written" 2>/dev/null; then echo 'the sandbox is none'; exit 99; fi
umask 077
exec chroot /mnt env -i PATH=/usr/bin:/bin LANG=C.UTF-8 XDG_CACHE_HOME="$CACHE" PYTHONPATH="$CODE" \\
  PYTHONDONTWRITEBYTECODE=1 sh -c 'cd "$1"; shift; exec "$@"' sh "$PROJECT" "$@"
"""


@pytest.mark.slow
def test_the_command_of_the_unit_works_with_what_the_unit_leaves_it(tmp_path: Path) -> None:
    """No home, a bare environment, all folders read-only but data/ and the cache: an edition is made and sent."""
    keys = keys_of("briefings.service")
    assert keys["ReadWritePaths"] == "-/srv/briefings/data"
    assert (keys["CacheDirectory"], keys["Environment"]) == ("briefings", "XDG_CACHE_HOME=/var/cache")
    assert keys["UMask"] == "0077"
    probe = ["unshare", "--mount", "mount", "--rbind", "/", "/mnt"]
    if sys.platform != "linux" or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("the rest of the machine cannot be made read-only here; it needs root and its own mounts")
    world(
        project := tmp_path / "project",
        "schedule: {release: 20th, within: 40 days}\n",
        RECIPIENTS.replace("[en, zh]", "en"),
    )
    (cache := tmp_path / "cache").mkdir()
    words = shlex.split(
        keys["ExecStart"].replace(PROGRAM, f"{sys.executable} -c 'from briefings.cli import main; main()'")
    )
    places = {"DATA": project / "data", "CACHE": cache, "CODE": ROOT, "PROJECT": project}
    with (log := tmp_path / "log.txt").open("w") as file:
        daemon = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", SANDBOX, "sh", *words],
            stderr=file,
            stdout=file,
            env={**os.environ, **{name: str(path) for name, path in places.items()}},
        )
    with ending(daemon):
        limit = time.monotonic() + PATIENCE
        while not list((project / "data/shelf").glob("*/*/*/*/r*/briefing.pdf")):
            assert daemon.poll() is None, log.read_text()
            assert time.monotonic() < limit, log.read_text()
            time.sleep(0.1)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE) == 0, log.read_text()
    assert '"message": "Stopped."' in log.read_text()
    assert (project / "data/ledger.sqlite").stat().st_mode & 0o077 == 0
