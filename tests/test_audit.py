"""The audit: figures that contradict one another are held, figures that agree within rounding are not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from briefings import sources
from briefings.briefing import Briefing
from briefings.catalogue import Catalogue, IndicatorsFile
from briefings.compose import compose
from briefings.configuration import DecisionsFile, Project, read
from briefings.errors import ConfigurationError
from briefings.narrative import narrate, plain
from briefings.observations import Observation, Panel, rows_of
from briefings.periods import Period
from briefings.reconcile import Decided, Held, check
from briefings.reconcile.printed import last_digit, printed
from briefings.settings import Settings, load
from briefings.themes import Theme
from briefings.workspace import Workspace
from tests.measure_cases import load as load_cases
from tests.measure_cases import observations, world
from tests.narratives import BOOKS

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "audit"


def _world() -> Catalogue:
    """The world of the cases of measures, and indicators whose ids have stages and tiers."""
    count = {"name": {"en": "Projects"}, "unit": "project", "nature": "count"}
    more = {f"{stage}_projects_over_{size}": count for stage in ("new", "landed") for size in ("100m", "500m", "1bn")}
    more |= {"projects_completed_over_1bn": count, "projects_completed": count, "new_projects": count}
    rate = {"name": {"en": "Completion"}, "unit": "percent", "nature": "share", "completes": "revenue"}
    known = world()
    added = IndicatorsFile.model_validate({"indicators": more | {"revenue_target_completion": rate}}).indicators
    return Catalogue({**known.indicators, **added}, known.places, known.groups)


WORLD = _world()
LISTED = load_cases(CASES / "cases.yaml")


def described(item: Held) -> str:
    """`growth deposits 2025 9.1; from 1250.5; to 1339.3; implied 7.1`, all as far as a note can say it."""
    first, *others = item.observations
    told = [f"{role} {row.value:g}" for role, row in zip(item.roles[1:], others, strict=False)]
    told += [f"{role} {round(found.value, found.decimals or 0):g}" for role, found in rounded(item)]
    return "; ".join([f"{item.reason} {item.indicator} {item.period} {first.value:g}", *told])


def rounded(item: Held) -> Iterator[tuple[str, Any]]:
    for role, found in item.implied.items():
        yield role, found if found.decimals is not None else replace(found, decimals=6)


# -- every rule, case by case ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", LISTED, ids=[case["about"] for case in LISTED])
def test_cases(case: dict[str, Any]) -> None:
    checked = check(Panel.of_rows(observations(case["given"], WORLD)), WORLD)
    expected = case["held"] if isinstance(case["held"], list) else [case["held"]]
    assert [described(item) for item in checked.held] == ([] if case["held"] == "nothing" else expected)


def quotes() -> list[tuple[str, float, str]]:
    text = re.sub(r"^#.*\n", "", (CASES / "quotes.txt").read_text("utf-8"), flags=re.MULTILINE)
    pairs = re.findall(r"^(\S.*) = ([0-9]+)\n  (\w+)$", text, re.MULTILINE)
    return [(quote, float(value), reason) for quote, value, reason in pairs]


@pytest.mark.parametrize(("quote", "value", "reason"), quotes())
def test_quotes(quote: str, value: float, reason: str) -> None:
    row = Observation("wuhai", "patents", Period.parse("2025"), value, "item", "s", date(2026, 1, 7), "", "", quote)
    assert [item.reason for item in check(Panel.of_rows([row]), WORLD).held] == (
        [] if reason == "nothing" else [reason]
    )


@pytest.mark.parametrize(
    ("quote", "value", "unit", "digit"),
    [
        ("1339.34亿元", 133_934_000_000, "CNY", 1_000_000),
        ("1339.34", 133_934_000_000, "CNY", 1_000_000),  # the scale stands in the head of the column
        ("133934000000", 133_934_000_000, "CNY", 1_000_000),  # zeros at the end may be mere places
        ("CNY 59.56 billion", 59_560_000_000, "CNY", 10_000_000),
        ("30000", 30_000, "person", 10_000),
        ("5.0", 5.0, "percent", 0.1),
        ("5", 5.0, "percent", 1),
        ("90", 90.0, "percent", 1),  # nobody rounds percentages to tens
        ("68000", 68_000.0, "percent", 1000),  # but multiples
        ("下降32.5%", -32.5, "percent", 0.1),
        ("20", 0.01, "tonne", 0.005),  # read in jin, kept in tonnes
        ("no number at all", 12.25, "km", 0.01),
        ("0", 0.0, "CNY", 1),
    ],
)
def test_how_exact_a_figure_is(quote: str, value: float, unit: str, digit: float) -> None:
    row = Observation("wuhai", "deposits", Period.parse("2025"), value, unit, "s", date(2026, 1, 7), "", "", quote)
    assert last_digit(row) == pytest.approx(digit)


@pytest.mark.parametrize(
    ("qualifier", "value", "low", "high"),
    [
        ("exact", 6.0, 5.5, 6.5),
        ("over", 6.0, 6.0, math.inf),
        ("over", -6.0, -math.inf, -6.0),
        ("under", 6.0, 0.0, 6.0),
        ("about", 6.0, 5.5, 6.5),
        ("about", 98.0, 93.1, 102.9),
    ],
)
def test_what_a_qualifier_allows(qualifier: str, value: float, low: float, high: float) -> None:
    row = Observation(
        "wuhai", "gdp", Period.parse("2025"), value, "percent", "s", date(2026, 1, 7), "", "", f"{value:g}",
        qualifier=qualifier,
    )  # fmt: skip
    assert (printed(row).low, printed(row).high) == pytest.approx((low, high))


# -- the seeds ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Workspace.find(ROOT))


@pytest.fixture(scope="module")
def seeds(settings: Settings) -> Panel:
    def keep(content: bytes, dialect: dict[str, Any]) -> str:
        return sha256(content).hexdigest()

    found: list[Observation] = []
    for path in sorted((ROOT / "seeds").glob("*.csv")):
        source, day = settings.sources[path.stem], date(2026, 7, 20)
        reading = sources.read(path.stem, source, catalogue=settings.catalogue, root=ROOT, keep=keep, today=day)
        found += rows_of(reading.frame.assign(recorded_at=None))
    return Panel.of_rows(found)


#: What the rules find in the 875 figures of the seeds, and nothing else.
IN_THE_SEEDS = [
    "percent_or_points case_mediation_withdrawal_rate 2025 5.61",
    "average_growth deposits_rmb 2021/2025 11.67; from 9.6175e+10; to 1.33934e+11; implied 6.85; fits 3",
    "stages industrial_projects_completed_over_1bn 2018 98; from 13",
    "average_growth loans_rmb 2021/2025 12.34; from 4.726e+10; to 6.6975e+10; implied 7.22; fits 3",
    "of_held loans_rmb 2021/2025 5; from 12.34",
    "scales special_bonds 2023 3.55e+09",
    "part_of_year technology_contract_turnover 2023-H1 7.96e+08; from 7.74e+08",
]


def test_what_contradicts_itself_in_the_seeds_is_found_and_nothing_else(seeds: Panel, settings: Settings) -> None:
    checked = check(seeds, settings.catalogue)
    assert [described(item) for item in checked.held] == IN_THE_SEEDS
    assert [item.place for item in checked.held] == ["wuhai", "wuhai", "changde", "wuhai", "wuhai", "hebi", "hebi"]


def test_the_levels_beside_a_rate_that_is_held_stay(seeds: Panel, settings: Settings) -> None:
    panel = check(seeds, settings.catalogue).panel
    deposits = panel.series("deposits_rmb", "wuhai")
    assert deposits is not None
    assert [row.value for row in deposits] == [96_175_000_000, 133_934_000_000]
    assert panel.series("deposits_rmb", "wuhai", kind="growth", basis="cagr") is None


def test_a_slip_of_two_scales_is_found_in_the_words_alone(seeds: Panel, settings: Settings) -> None:
    bonds = seeds.series("special_bonds", "hebi")
    assert bonds is not None
    (row,) = bonds
    assert check(Panel.of_rows([replace(row, quote="3550000000")]), settings.catalogue).held == ()


# -- what a person decides ---------------------------------------------------------------------------------------------

OVER_THREE_YEARS = next(case["given"] for case in LISTED if "fits three" in case["about"])


@pytest.mark.parametrize("kind", ["growth", None])
def test_what_was_accepted_is_not_held(kind: str | None) -> None:
    panel = Panel.of_rows(observations(OVER_THREE_YEARS, WORLD))
    decided: Decided = frozenset([("deposits", "wuhai", Period.parse("2021/2025"), kind)])
    assert check(panel, WORLD, decided=decided).held == ()
    assert check(panel, WORLD, decided=decided).panel.series("deposits", "wuhai", kind="growth", basis="cagr")


@pytest.mark.parametrize(
    "decision",
    [
        ("deposits", "wuhai", "2021/2025", "level"),
        ("deposits", "wuhai", "2025", "growth"),
        ("deposits", "hohhot", "2021/2025", "growth"),
    ],
)
def test_what_was_accepted_elsewhere_is_held_here(decision: tuple[str, str, str, str]) -> None:
    panel = Panel.of_rows(observations(OVER_THREE_YEARS, WORLD))
    indicator, place, period, kind = decision
    decided: Decided = frozenset([(indicator, place, Period.parse(period), kind)])
    assert len(check(panel, WORLD, decided=decided).held) == 1


def test_an_accepted_level_may_jump() -> None:
    panel = Panel.of_rows(observations({"deposits, wuhai": {"2023": "5", "2024": "700", "2025": "800"}}, WORLD))
    decided: Decided = frozenset([("deposits", "wuhai", Period.parse("2024"), "level")])
    checked = check(panel, WORLD, decided=decided)
    assert (checked.held, checked.barriers) == ((), {})


def test_two_values_of_one_figure_cannot_be_accepted() -> None:
    (row,) = observations({"deposits, wuhai": {"2025": "5"}}, WORLD)
    decided: Decided = frozenset([("deposits", "wuhai", Period.parse("2025"), None)])
    checked = check(Panel.of_rows([row, replace(row, value=6.0)]), WORLD, decided=decided)
    assert [item.reason for item in checked.held] == ["conflict"]


DECISION = """\
decisions:
  - decision: accept
    indicator: deposits_rmb
    place: wuhai
    period: 2021/2025
    who: Statistics desk
    when: 2026-07-20
    why: the bank counts from 2022
"""


def project(folder: Path, text: str) -> Workspace:
    """A project with the configuration of this one, and these decisions."""
    for name in ("indicators", "places", "themes", "sources", "indicators.yaml", "sources.yaml", "project.yaml"):
        (folder / "config").mkdir(exist_ok=True)
        (folder / "config" / name).symlink_to(ROOT / "config" / name)
    (folder / "config" / "decisions.yaml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def test_decisions_are_read(tmp_path: Path, seeds: Panel) -> None:
    settings = load(project(tmp_path, DECISION))
    assert settings.decided == {("deposits_rmb", "wuhai", Period.parse("2021/2025"), None)}
    assert [item.who for item in settings.decisions] == ["Statistics desk"]
    checked = check(seeds, settings.catalogue, decided=settings.decided)
    assert [described(item) for item in checked.held] == [told for told in IN_THE_SEEDS if "deposits_rmb" not in told]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("deposits_rmb", "deposit_rmb", "decisions.yaml:3:16: decisions[0].indicator: unknown indicator 'deposit_rmb'"),
        ("wuhai", "wuhei", "decisions.yaml:4:12: decisions[0].place: unknown place 'wuhei'"),
        ("2021/2025", "five years", "decisions.yaml:5:13: decisions[0].period: "),
    ],
)
def test_mistakes_in_decisions_are_told_with_their_place(
    tmp_path: Path, right: str, wrong: str, complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match="^config/" + re.escape(complaint)):
        load(project(tmp_path, DECISION.replace(right, wrong)))


def test_a_decision_says_who_when_and_why(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(re.sub(r"    wh.*\n", "", DECISION), encoding="utf-8")
    found = [str(complaint).splitlines()[0] for complaint in read(path, DecisionsFile, root=tmp_path).complaints]
    assert sorted(re.findall("'(.*?)'", line)[0] for line in found) == ["when", "who", "why"]


# -- the notes ---------------------------------------------------------------------------------------------------------


def composed(given: dict[str, dict[str, str]], settings: Settings, theme: str, place: str, period: str) -> Briefing:
    rows = list(observations(given, settings.catalogue))
    rows = [replace(row, source="wuhai") for row in rows]
    asked = Theme.model_validate(
        {
            "theme": "finance",
            "title": {"en": "Finance", "zh": "金融"},
            "places": {"each": place},
            "cadence": "annual",
            "headline": [{theme: "level"}],
        }
    )
    return compose(
        asked, place, Period.parse(period), check(Panel.of_rows(rows), settings.catalogue),
        catalogue=settings.catalogue,
        project=Project.model_validate({"title": "Tests", "publisher": "Tests"}),
        sources=settings.sources,
        previous=None,
    )  # fmt: skip


def test_the_notes_say_what_was_told_and_what_would_follow(settings: Settings) -> None:
    given = {
        "deposits_rmb, wuhai": {"2020": "96175000000", "2025": "133934000000"},
        "growth cagr, deposits_rmb, wuhai": {"2021/2025": "11.67"},
    }
    briefing = composed(given, settings, "deposits_rmb", "wuhai", "2025")
    notes = {language: narrate(briefing, language, BOOKS[language]).notes for language in ("en", "zh")}
    assert plain(notes["en"][0]) == (
        "RMB deposits, Wuhai, the 14th Five-Year Plan period (2021–2025): the published average annual growth, "
        "11.67%, does not follow from the levels at both ends (CNY 96.175 billion for 2020 and CNY 133.934 billion for "
        "2025), which give 6.85% a year; the published rate would fit a span of 3 years; it is used in no finding or "
        "chart until it is checked."
    )
    assert plain(notes["zh"][0]) == (
        "乌海市人民币各项存款余额：“十四五”时期公布的年均增速（11.67%）与首尾两年数值（2020年为961.75亿元，2025年为1339.34亿元）"
        "不符，按首尾数值推算为年均6.85%；公布的增速与按3年计算的结果相符，核实前不用于结论和图表。"
    )
    numbers = [run for run in notes["en"][0] if run.figure]
    assert len(numbers) == 5
    implied = briefing.figures[briefing.notes[0].figures["implied"]]
    assert implied.computed
    assert [given.value for given in implied.inputs] == [96_175_000_000, 133_934_000_000]


# -- generated figures -------------------------------------------------------------------------------------------------

#: Sets of consistent figures on which nothing may be held.
SETS = 200
YEARS = range(2019, 2026)
PUBLISHED = date(2026, 1, 20)


@dataclass
class Printer:
    """Makes observations of true values, rounded as sources print them."""

    random: Random
    rows: list[Observation] = field(default_factory=list)

    def money(self, indicator: str, period: str, true: float, **more: Any) -> Observation:
        """In 亿元 with none to two decimals; now and then over, under or about a round figure."""
        decimals = self.random.choice([0, 1, 2, 2])
        scaled, mode = true / 1e8, self.random.random()
        qualifier = "exact"
        if mode < 0.04:
            shown, qualifier = math.floor(scaled * 10**decimals) / 10**decimals, "over"
        elif mode < 0.08:
            shown, qualifier = math.ceil(scaled * 10**decimals) / 10**decimals, "under"
        elif mode < 0.12:
            decimals = 1 - math.floor(math.log10(scaled))
            shown, qualifier, decimals = round(scaled, decimals), "about", max(decimals, 0)
        else:
            shown = round(scaled, decimals)
        quote = f"{shown:.{decimals}f}亿元"
        return self.add(indicator, period, float(f"{shown:.{decimals}f}") * 1e8, "CNY", quote, qualifier, **more)

    def rate(self, indicator: str, period: str, true: float, unit: str = "percent", **more: Any) -> Observation:
        """With one or two decimals."""
        shown = f"{true:.{self.random.choice([1, 1, 2])}f}"
        return self.add(indicator, period, float(shown), unit, shown, **more)

    def change(self, indicator: str, period: str, true: float) -> Observation:
        shown = f"{true / 1e8:.2f}"
        return self.add(indicator, period, float(shown) * 1e8, "CNY", f"{shown}亿元", kind="change", basis="yoy")

    def count(self, indicator: str, value: int) -> Observation:
        return self.add(indicator, "2025", float(value), "project", str(value))

    def add(
        self, indicator: str, period: str, value: float, unit: str, quote: str, qualifier: str = "exact", **more: Any
    ) -> Observation:
        row = Observation(
            place=more.pop("place", "wuhai"), indicator=indicator, period=Period.parse(period), value=value, unit=unit,
            source="given", published=PUBLISHED, snapshot="", locator=f"row={len(self.rows)}", quote=quote,
            qualifier=qualifier, **more,
        )  # fmt: skip
        self.rows.append(row)
        return row


def consistent(seed: int) -> list[Observation]:
    """Levels, growths, parts, shares, gaps, targets, tiers and parts of years that are all true, and then printed."""
    random = Random(seed)
    make = Printer(random)
    _levels_and_rates(make, "deposits", random.uniform(5e9, 3e12))
    _parts_and_targets(make, random.uniform(2e9, 5e11))
    growth, beside = random.uniform(-15, 40), random.uniform(-5, 12)
    make.rate("industry", "2025-01/2025-10", growth, kind="growth", basis="yoy")
    make.rate("industry", "2025-01/2025-10", beside, kind="growth", basis="yoy", place="inner_mongolia")
    make.rate(
        "industry", "2025-01/2025-10", growth - beside, "percentage point", kind="gap", basis="province", of="growth"
    )
    lowest = random.randint(40, 900)
    middle = random.randint(10, lowest)
    for size, number in (("100m", lowest), ("500m", middle), ("1bn", random.randint(2, middle))):
        make.count(f"new_projects_over_{size}", number)
    make.count("projects_completed_over_1bn", random.randint(0, int(make.rows[-1].value)))
    return make.rows


def _levels_and_rates(make: Printer, indicator: str, level: float) -> None:
    levels = {}
    for year in YEARS:
        levels[year] = level
        make.money(indicator, str(year), level)
        level *= 1 + make.random.uniform(-0.12, 0.3)
    for year in YEARS[1:]:
        growth = (levels[year] / levels[year - 1] - 1) * 100
        make.rate(indicator, str(year), growth, kind="growth", basis="yoy")
        make.change(indicator, str(year), levels[year] - levels[year - 1])
    average = ((levels[2025] / levels[2020]) ** (1 / 5) - 1) * 100
    make.rate(indicator, "2021/2025", average, kind="growth", basis="cagr")


def _parts_and_targets(make: Printer, total: float) -> None:
    weights = [make.random.uniform(0.1, 1) for _ in range(4)]
    parts = {name: total * w / sum(weights) for name, w in zip("abc", weights, strict=False)}
    parts["other"] = total - sum(parts.values())
    make.money("revenue", "2025", total)
    for name, part in parts.items():
        make.money("revenue", "2025", part, breakdown=f"industry={name}")
        make.rate("revenue", "2025", part / total * 100, kind="share", breakdown=f"industry={name}")
    target = total * make.random.uniform(0.6, 1.3)
    make.money("revenue", "2025", target, target=True, status="target")
    make.rate("revenue", "2025", total / target * 100, kind="share", basis="annual target")
    make.money("revenue", "2025-H1", total * make.random.uniform(0.3, 0.6))
    make.money("revenue", "2024", total * make.random.uniform(0.85, 1.2))


def test_nothing_is_held_of_consistent_figures() -> None:
    for seed in range(SETS):
        found = check(Panel.of_rows(consistent(seed)), WORLD).held
        assert [described(item) for item in found] == [], f"set {seed}"


#: Which figures are altered, and the rule that must find it.
ALTERED = {
    "growth": ("deposits", "growth", "yoy"),
    "average_growth": ("deposits", "growth", "cagr"),
    "change": ("deposits", "change", "yoy"),
    "share": ("revenue", "share", ""),
    "attainment": ("revenue", "share", "annual target"),
    "gap": ("industry", "gap", "province"),
}


def implied(row: Observation, rows: list[Observation]) -> list[float]:
    """What follows from the printed levels at every corner of their rounding: worked out apart from the audit."""

    def level(period: str, **more: Any) -> tuple[float, float]:
        wanted = {"indicator": row.indicator, "kind": "level", "place": "wuhai", "breakdown": "", "target": False}
        wanted |= {"period": Period.parse(period)} | more
        found = next(one for one in rows if all(getattr(one, name) == value for name, value in wanted.items()))
        if found.qualifier != "exact":
            raise LookupError
        half = 10.0 ** -len(found.quote.removesuffix("亿元").partition(".")[2]) / 2
        half *= 1e8 if found.unit == "CNY" else 1.0
        zeros = re.fullmatch(r"[0-9]*?(0+)亿元", found.quote)
        half *= 10 ** len(zeros[1]) if zeros else 1
        return found.value - half, found.value + half

    period = str(row.period)
    if row.kind == "gap":
        ends = level(period, kind="growth"), level(period, kind="growth", place="inner_mongolia")
        return [one - other for one in ends[0] for other in ends[1]]
    if row.kind == "share":
        other = level(period, target=True) if row.basis else level(period)
        return [one / two * 100 for one in level(period, breakdown=row.breakdown) for two in other]
    if row.basis == "cagr":
        return [((one / two) ** 0.2 - 1) * 100 for one in level("2025") for two in level("2020")]
    ends = level(period), level(str(row.period.step(-1)))
    if row.kind == "change":
        return [one - other for one in ends[0] for other in ends[1]]
    return [(one / other - 1) * 100 for one in ends[0] for other in ends[1]]


def with_one_altered(reason: str, seed: int) -> tuple[Observation, list[Observation]] | None:
    """The set with one figure altered by as little as must be found: beyond what the rounding of the figures beside it
    allows by one and a half units of its own last digit. None where those are not exact."""
    rows, random = consistent(seed), Random(seed)
    indicator, kind, basis = ALTERED[reason]
    told = [row for row in rows if (row.indicator, row.kind, row.basis) == (indicator, kind, basis)]
    row = random.choice(told)
    try:
        corners = implied(row, rows)
    except LookupError:
        return None
    decimals = len(re.sub("[^0-9.]", "", row.quote).partition(".")[2])
    scale = 1e8 if row.unit == "CNY" else 1.0
    unit = 10.0**-decimals * scale
    up = random.random() < 0.5
    limit = max(corners) + 1.5 * unit if up else min(corners) - 1.5 * unit
    rounding = math.ceil if up else math.floor
    shown = f"{rounding(round(limit / unit, 6)) * 10.0**-decimals:.{decimals}f}"
    altered = replace(row, value=float(shown) * scale, quote=row.quote.replace(row.quote.rstrip("亿元"), shown))
    return altered, [altered if one is row else one for one in rows]


@pytest.mark.parametrize("reason", ALTERED)
def test_one_altered_figure_is_found(reason: str) -> None:
    """A rate altered by more than its levels' rounding and two units of its own last digit is held, and it alone."""
    tried = 0
    for seed in range(SETS):
        made = with_one_altered(reason, seed)
        if made is None:
            continue
        tried += 1
        altered, rows = made
        found = check(Panel.of_rows(rows), WORLD).held
        assert [(item.reason, item.observations[0]) for item in found] == [(reason, altered)], f"set {seed}"
    assert tried > SETS / 3


def test_one_altered_total_is_found() -> None:
    """A total altered by its own and all its parts' rounding, and one unit more, is held; so are the rates that it no
    longer bears out, where it stays."""
    tried = 0
    for seed in range(SETS):
        rows = consistent(seed)
        total, *parts = (
            row for row in rows if row.indicator == "revenue" and str(row.period) == "2025" and row.kind == "level"
            and not row.target
        )  # fmt: skip
        if any(row.qualifier != "exact" for row in (total, *parts)):
            continue
        tried += 1
        room = sum(last_digit(row) for row in (total, *parts)) / 2
        together = sum(row.value for row in parts)
        value = round(together + room + 2e8)
        altered = replace(total, value=float(value), quote=str(value))
        found = check(Panel.of_rows(altered if row is total else row for row in rows), WORLD).held
        assert ("parts", altered) in [(item.reason, item.observations[0]) for item in found], f"set {seed}"
    assert tried > SETS / 3


@pytest.mark.parametrize(
    ("indicator", "bound", "reason"),
    [
        ("new_projects_over_1bn", "new_projects_over_500m", "tiers"),
        ("new_projects_over_500m", "new_projects_over_100m", "tiers"),
        ("projects_completed_over_1bn", "new_projects_over_1bn", "stages"),
    ],
)
def test_one_altered_count_is_found(indicator: str, bound: str, reason: str) -> None:
    """One more than the number that it cannot exceed; where that ends in two zeros, more than it may round to."""
    for seed in range(SETS):
        rows = consistent(seed)
        by = {row.indicator: row for row in rows if row.unit == "project"}
        limit = by[bound].value
        value = limit + (1 if limit % 100 else last_digit(by[bound]) + 1)
        value += 1 if value % 100 == 0 else 0
        altered = replace(by[indicator], value=value, quote=f"{value:.0f}")
        found = check(Panel.of_rows(altered if row is by[indicator] else row for row in rows), WORLD).held
        assert (reason, altered) in [(item.reason, item.observations[0]) for item in found], f"set {seed}"


def test_half_a_year_above_its_year_is_found() -> None:
    for seed in range(SETS):
        rows = consistent(seed)
        year = next(row for row in rows if row.indicator == "revenue" and str(row.period) == "2025")
        if year.qualifier != "exact" or year.target:
            continue
        half = next(row for row in rows if str(row.period) == "2025-H1")
        value = year.value + last_digit(year) + 1e8
        altered = replace(half, value=value, quote=f"{value / 1e8:.2f}亿元", qualifier="exact")
        found = check(Panel.of_rows(altered if row is half else row for row in rows), WORLD).held
        assert [(item.reason, item.observations[0]) for item in found] == [("part_of_year", altered)], f"set {seed}"
