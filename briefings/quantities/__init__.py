"""Quantities: numbers with their units, read from text and written as text.

In comes text in English or Chinese (595.57亿元, CNY 59.56 billion), out goes a `Quantity` in base units (59557000000,
CNY), and the other way round. `table` holds the units, one row each; `currencies` the currencies; `units` how they are
found, composed and converted; `reading` and `writing` the two directions. `read(write(q)) == q` to the printed
precision. Which figures a text holds is found by `extraction`; when a figure was true is said by `briefings.periods`.
"""

from briefings.quantities.currencies import LOCAL, Language, currency_name, is_currency
from briefings.quantities.reading import Quantity, read
from briefings.quantities.units import Unit, convert
from briefings.quantities.writing import (
    Scale,
    beside,
    common_scale,
    qualifier_mark,
    round_half_away,
    scale_for,
    unit_label,
    write,
    write_count,
    write_manifold,
    write_number,
    write_ordinal,
)

__all__ = [
    "LOCAL",
    "Language",
    "Quantity",
    "Scale",
    "Unit",
    "beside",
    "common_scale",
    "convert",
    "currency_name",
    "is_currency",
    "qualifier_mark",
    "read",
    "round_half_away",
    "scale_for",
    "unit_label",
    "write",
    "write_count",
    "write_manifold",
    "write_number",
    "write_ordinal",
]
