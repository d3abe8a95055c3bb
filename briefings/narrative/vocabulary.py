"""What every phrase book must hold besides findings: captions, notes, names of measures, fixed words of the pages.

In: nothing. Out: the keys against which `phrases` checks a book. The furniture is read by `tables` and `render`.
"""

from __future__ import annotations

LANGUAGES = ("en", "zh")

#: The parts of a phrase book.
PARTS = (
    "language",
    "punctuation",
    "subject",
    "entities",
    "words",
    "own",
    "nouns",
    "basis",
    "ranking",
    "status",
    "qualifiers",
    "roles",
    "absent",
    "measures",
    "heads",
    "clauses",
    "findings",
    "titles",
    "captions",
    "changes",
    "notes",
    "furniture",
)

#: Tables with more than one level: the keys of the first.
TABLES: dict[str, tuple[str, ...]] = {
    "words": ("direction", "extreme", "moved", "pace", "against", "met", "manner"),
    "basis": ("on year", "on previous period", "since"),
    "own": ("verb", "moved"),
    "nouns": ("year", "half-year", "quarter", "month", "ten-day period", "week", "day", "times"),
}

MEASURES = (
    "level",
    "change",
    "change on previous period",
    "change since",
    "growth",
    "growth on previous period",
    "growth since",
    "change in growth",
    "change in growth on previous period",
    "average annual growth",
    "average annual growth over",
    "average annual growth since",
    "share",
    "share of",
    "share of total",
    "per head",
    "ratio",
    "index",
    "gap",
    "gap in growth",
    "rank",
    "rank by growth",
    "rank from bottom",
    "rank by growth from bottom",
    "attainment",
    "contribution",
    "rolling average",
    "volatility",
    "volatility over",
    "streak",
    "record",
    "revision",
    "previous",
    "increment",
    "multiple",
    "multiple of",
    "rank among",
    "rank by growth among",
    "rank from bottom among",
    "rank by growth from bottom among",
    "implied level in",
    "implied growth in",
    "implied average annual growth in",
)

#: Measures whose heads name the basis: on the previous year, 同比.
HEADS = (
    "change",
    "change on previous period",
    "growth",
    "growth on previous period",
    "change in growth on previous period",
)

FURNITURE = (
    "findings",
    "commentary",
    "byline",
    "summary",
    "contents",
    "notes",
    "sources and figures",
    "sources and figures lead",
    "close note",
    "sources",
    "figure",
    "see figure",
    "link to note",
    "table",
    "source",
    "source item",
    "list separator",
    "colon",
    "page of pages",
    "heading",
    "heading without place",
    "published by",
    "place",
    "period",
    "data up to",
    "contact",
    "edition",
    "revision",
    "content hash",
    "licence",
    "published on",
    "snapshot",
    "computed",
    "formula",
    "skip to content",
    "data attached",
    "in full",
    "showing",
    "rounding",
    "ranked by",
    "benchmarks",
    "rows places",
    "rows indicators",
    "rows periods",
    "rows breakdowns",
    "rows accounts",
    "rows revisions",
    *(f"measure {measure}" for measure in MEASURES),
    *(f"absence {absence}" for absence in ("not available", "not applicable", "held", "refused", "zero")),
    *(f"flag {flag}" for flag in "bcefkprtux"),
    *(f"mark {mark}" for mark in "><≈≥≤"),
    *(
        *("above", "below", "above in growth", "below in growth", "the nation"),
        *("growth word", "moved word", "fallen", "taken away"),
        "bare gap",
        "bare gap in growth",
        "bare ratio",
        "growth alone",
        "change alone",
        "in place",
        "among group",
        "figure alone",
        "measure",
        "value",
        "unit",
    ),
    "about",
    "figures",
    "figures in tables and charts",
    "more inputs",
    "locator document",
    "next period",
    "since last edition",
    "revised from",
    "other figures",
    "revisions",
    "previously",
    "now",
    "difference",
    "published head",
    "told alike",
    "quoted",
    *(f"locator {key}" for key in ("row", "column", "sheet", "cell", "char", "json", "series", "period")),
    *(f"formula {function}" for function in ("rank", "rank_from_bottom", "count", "stdev")),
    "measure count",
)

#: By what a rank or a gap may be counted, as a sentence says it.
BY = (
    *("by growth", "by average", "by share", "by score"),
    *("by level amount", "by level rate", "by level price"),
)

#: How a number may be meant: as it stands, more, less, or about so much.
QUALIFIED = ("exact", "over", "under", "within", "about")

#: Flat tables of texts: their keys, and whether others may stand beside them.
FIXED: dict[str, tuple[tuple[str, ...], bool]] = {
    "punctuation": (("stop", "list", "and", "join", "open", "close", "clause", "last clause"), False),
    "subject": (
        ("default", "breakdown", "added", "label", "in place", "of entity", "at end", "due", "since", "to date"),
        False,
    ),
    "entities": (("country", "region", "province", "city", "district", "county", "aggregate", "other"), True),
    "ranking": (
        (
            "tied",
            "from bottom",
            "group",
            "numbered group",
            "members",
            "by growth",
            "these",
            "all of them",
            "counted",
            "largest",
            "last",
            "within",
            "words",
        ),
        False,
    ),
    "status": (("estimate", "flash", "preliminary", "target"), False),
    "qualifiers": (tuple(f"{use}{word}" for use in ("", "is ", "target ") for word in QUALIFIED), False),
    "roles": (
        (
            "came to",
            "totalled",
            "cumulated",
            "at prices",
            "totals",
            "country",
            "province",
            "city",
            "county",
            "computed",
            "both computed",
            "exceed",
            "came",
            "rank was",
            *BY,
        ),
        False,
    ),
    "absent": (
        (
            *("level", "amount", "growth", "month", "target", "rank", "average", "change", "share", "gap", "multiple"),
            *("of", "for", "list", "alone", "numbers"),
        ),
        False,
    ),
    "measures": (MEASURES, False),
    "heads": (HEADS, False),
    "furniture": (FURNITURE, True),
}

CHART_KINDS = (
    *("line", "column", "bar", "dot plot", "small multiples", "heat map", "rank bump"),
    *("dumbbell", "bullet", "stacked bar", "tier bar"),
)
CAPTIONS: dict[str, tuple[str, ...]] = {
    "chart": ("title", "title of several", "subtitle", "dumbbell", "bullet", "stacked bar", "tier bar"),
    "alternative": (*CHART_KINDS, "course", "extent", "same", "others", "pair", "item", "total", "more"),
    "table": ("places", "latest available", "indicators", "periods", "breakdowns", "accounts", "revisions"),
}

NOTES: dict[str, tuple[str, ...]] = {
    "decision": ("accept", "take", "confirmed", "corrected", "correction"),
    "refusal": (
        "no_observation",
        "base_missing",
        "gap_inside",
        "too_short",
        "held_jump",
        "held_conflict",
        "held_contradiction",
        "benchmark_missing",
        "whole_missing",
        "population_missing",
        "other_missing",
        "shapes_differ",
        "year_to_date_against_month",
        "to_date_against_whole",
        "cumulated_on_previous",
        "since_not_earlier",
        "not_whole_years",
        "units_differ",
        "break_between",
        "jump_between",
        "counted_differently",
        "constant_prices",
        "comparable_scope",
        "not_comparable",
        "growth_not_defined",
        "percent_of_percent",
        "not_additive",
        "pacing_not_additive",
        "per_head_of_heads",
        "base_zero",
        "base_negative",
        "value_negative",
        "value_not_positive",
        "window_too_small",
        "not_part_of_whole",
        "part_exceeds_whole",
        "benchmark_is_itself",
        "aggregate_ranked",
        "peers_too_few",
        "peers_missing",
        "no_target",
        "target_period_differs",
        "rank_of_ranks",
        "not_a_record",
        "not_revised",
    ),
    "held": (
        *("jump", "conflict", "contradiction"),
        *("growth", "growth_by_change", "change", "average_growth", "part", "parts", "share", "gap", "attainment"),
        *("stages", "tiers", "part_of_year", "scales", "list", "percent_or_points", "month_of_range", "of_held"),
    ),
    "missing": ("no_observation", "late", "nothing_to_compare", "only_totals", "other_periods"),
    "rejected": ("rows",),
    "conflict": ("rows", "sources"),
    "break": ("declared",),
    "method": (
        "nominal",
        "computed_growth",
        "totals",
        "current_prices",
        "within",
        "comparable_scope",
        "constant_prices",
        "average_annual_growth",
        "volatility",
        "share",
        "rank",
        "streak",
        "rolling_average",
        "index",
        "contribution",
        "record_span",
        "rounding",
        "definition",
    ),
    "revision": ("changed",),
}

#: What changed since the last edition; its slots.
CHANGES = (
    *("revised", "sign up", "sign down", "target up", "round up", "round down", "moved", "returned", "new", "dropped"),
)
CHANGE_SLOTS = frozenset(("what", "measure", "period", "then", "old", "new", "change", "threshold", "list"))

#: Slots of captions, notes and entries, by what fills them.
CAPTION_PERIODS = ("period", "first_period", "last_period", "highest_period", "lowest_period")
NOTE_PERIODS = ("period", "latest", "base", "from_period", "to_period", "before_period", "day")
PERIOD_SLOTS = frozenset((*CAPTION_PERIODS, *NOTE_PERIODS, "then"))
CAPTION_NUMBERS = ("first", "last", "highest", "lowest")
NOTE_NUMBERS = ("value", "before", "from", "to", "implied", "fits", "count", "old", "new")
CHANGE_NUMBERS = ("old", "new", "change", "threshold")
ENTRY_NUMBERS = (
    *("growth", "value", "rank", "previous_rank", "share", "level", "increment", "completion", "change"),
    *(
        "growth_target",
        "average_target",
        "decline_target",
        "multiple_target",
        "change_target",
        "count_target",
        "level_target",
    ),
)
NUMBERS = frozenset((*CAPTION_NUMBERS, *NOTE_NUMBERS, *CHANGE_NUMBERS, *ENTRY_NUMBERS))
CAPTION_SLOTS = frozenset(
    (
        *CAPTION_PERIODS,
        *CAPTION_NUMBERS,
        "name",
        "label",
        "measure",
        "unit",
        "places",
        "place",
        "span",
        "section",
        "things",
        "ends",
        "highest_place",
        "lowest_place",
    )
)
NOTE_SLOTS = frozenset((*NOTE_PERIODS, *NOTE_NUMBERS, "what", "measure", "reason", "note", "who", "why", "source"))
