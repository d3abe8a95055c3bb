"""On the day, to every reader: what is due is built, sent and accounted for.

In: settings, the ledger, the archive, the store, and a clock that is passed in. Out: editions with their readers, and
rows in the ledger. `planning` says what is due, `gathering` reads the sources that it needs, `gate` says whether what
it requires is in, `desk` does the work of one tick, `sending` that of one delivery, `knowledge` says whom
a change of what is known concerns, `revising` makes anew what other figures are known of, `corrections` finds who must
hear of it, `overview` tells a person, `daemon` is the clock around it (APScheduler, in memory, one tick). Rules become
days next door, in `calendar`.
"""

from .desk import Desk
from .gathering import Gathering
from .overview import Upcoming, overview
from .planning import Service, services
from .tick import Tick

__all__ = ["Desk", "Gathering", "Service", "Tick", "Upcoming", "overview", "services"]
