"""The commands: a skin over the library, and the only place that knows exit codes.

In: arguments. Out: results on stdout, messages on stderr, an exit code: 0 done, 1 something failed and the rest was
done, 2 the request or the configuration is wrong and nothing was done. Each command imports what it needs when it runs,
so that `--help` answers at once.
"""

from __future__ import annotations

from briefings.cli.main import main

__all__ = ["main"]
