"""The ledger: what is due to whom, and what became of it, in SQL.

In: dues, and what happens to them. Out: rows with their states and reasons, claimed by one holder at a time. `states`
says which state may follow which, `tables` what is kept, `opening` opens a ledger or says why not, `ledger` is the
ledger itself, `tallies` counts what is in it, `migrations` bring an older one up to date. When something is due is told
next door, in `calendar`; who sends it, in `schedule`.
"""

from .ledger import Claim, Ledger, LostLeaseError
from .opening import Holding, hold, open_ledger
from .rows import Due, Row
from .states import FINAL, STATES, State
from .tallies import Tally, tally

__all__ = [
    "FINAL",
    "STATES",
    "Claim",
    "Due",
    "Holding",
    "Ledger",
    "LostLeaseError",
    "Row",
    "State",
    "Tally",
    "hold",
    "open_ledger",
    "tally",
]
