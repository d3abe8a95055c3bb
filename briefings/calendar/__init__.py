"""When something is due: cadences, release rules in words, working days, and the instant in a zone.

In: a rule such as `3rd working day after 15th`, a cadence, a zone, a calendar of holidays, and instants that the caller
names. Out: which period is released when. `cadences` knows the row of periods, `rules` reads and words the rules,
`cron` those of cron, `working` tells working days, `releases` puts them together. Nothing here reads the clock; what
was sent is known next door, in `ledger`.
"""

from .cadences import Cadence
from .releases import Release
from .rules import Rule, parse_rule
from .working import WorkingDays, countries

__all__ = ["Cadence", "Release", "Rule", "WorkingDays", "countries", "parse_rule"]
