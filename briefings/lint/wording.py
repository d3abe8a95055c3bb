"""F and G. How numbers are written, in English and in Chinese.

In: finished files; their sentences. Out: remarks under F1 to F13 and G1 to G13. G8 (亿 and billion) is proven by
`audit`; F12 stands with the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.lint.finished import Finished, text
from briefings.lint.model import Check, Severity, rule
from briefings.lint.structure import untitled


def _said(built: Finished) -> list[str]:
    """Sentences, titles and captions."""
    return [*built.prose, *(text(each) for each in built.page.xpath("//figcaption | //p[@class='summary']"))]


#: What may not be met in sentences and captions: number, what is asked, language, pattern, severity.
FORBIDDEN: tuple[tuple[str, str, str, str, Severity], ...] = (
    ("F1", "A percentage is written 5.2%, without a space.", "en", r"\d\s+%", "error"),
    (
        *("F2", "One point is a percentage point, any other number are percentage points.", "en"),
        r"(?<![\d.,])1(?:\.0+)? percentage points|(?<![\d.])(?!1(?:\.0+)? )\d[\d.,]* percentage point\b(?!s)",
        "error",
    ),
    ("F3", "No sentence begins with a figure.", "en", r"(?:^|(?<=[a-z)]\. ))\d[\d,.]*(?= [a-z])", "warning"),
    (
        *("F4", "From four digits on, commas part thousands; years stand bare.", "en"),
        r"(?<![\d.,#])(?!(?:1[5-9]|20|21)\d\d(?!\d))\d{4,}(?![\d]*[-–/]\d)(?=\s(?!\d{4})[a-z%])",
        "warning",
    ),
    (
        *("F5", "A range is written with to or a dash, never with a hyphen.", "en"),
        r"(?<![\w-])\d[\d.,]*-\d[\d.,]*%",
        "warning",
    ),
    ("F6", "Large numbers are written out: million, billion.", "en", r"\d\s?(?:mn|bn|tn|m|k)\b(?!\w)", "warning"),
    (
        *("F9", "A minus is a minus sign, and zero has none.", "en"),
        r"(?<![A-Za-z0-9-])-\d|\N{MINUS SIGN}0(?:\.0+)?(?![\d.])",
        "error",
    ),
    (
        *("F7", "Years are joined in full, 2019 to 2023; a fiscal year is written 2023/24.", "en"),
        r"\b(?:19|20)\d\d[-–]\d\d\b(?![-–\d])",
        "warning",
    ),
    (
        *("G12", "Months in a row are joined by a dash: 1—4月.", "zh"),
        r"(?<!\d)\d{1,2}月?[-–~～]\d{1,2}月",
        "warning",
    ),
    ("F13", "A decimal shows the zero before its point.", "en", r"(?<![\d.\w])\.\d", "warning"),
    (
        *("G4", "Rates differ by percentage points (个百分点), never by %.", "zh"),
        r"(?:高|低|快|慢|提高|回落|扩大|收窄|加快|放缓)(?:了|出)?\s?\d[\d.]*%(?!以)(?=，|。|；|）|$)",
        "warning",
    ),
    ("G5", "Statistics stand in Arabic figures.", "zh", r"百分之(?!百)[一二三四五六七八九十百]+", "error"),
    (
        *("G6", "A range keeps its unit at both ends: 63%～68%.", "zh"),
        r"(?<![\d.])\d[\d.]*[～~]\d[\d.]*(?:%|亿|万)",
        "warning",
    ),
    ("G7", "A decimal shows the zero before its point.", "zh", r"(?<![\d.])\.\d", "error"),
    (
        *("G11", "A minus is a minus sign, and zero has none.", "zh"),
        r"(?<![A-Za-z0-9-])-\d|\N{MINUS SIGN}0(?:\.0+)?(?![\d.])",
        "error",
    ),
)


def _forbid(pattern: str) -> Check:
    found = re.compile(pattern)

    def check(built: Finished) -> Iterator[str]:
        for said in _said(built):
            for match in found.finditer(said):
                around = said[max(0, match.start() - 25) : match.end() + 15]
                yield f"{match.group().strip()!r} stands in {around!r}"

    return check


for _number, _asks, _language, _pattern, _severity in FORBIDDEN:
    rule(_number, _asks, _severity, language=_language)(_forbid(_pattern))

_RATE = {
    "en": re.compile(r"\b(?:rose|fell|grew|increased|declined|was up|was down|shrank) (?:by )?[\d.,]+%"),
    "zh": re.compile(r"(?:增长|下降|上涨|下跌|上升|减少|增加|缩短|延长)\d[\d.,]*%"),
}
_AGAINST = {
    "en": re.compile(r"on (?:the )?(?:year|previous|month|quarter|week)|year|than|from|over|since|compared|per cent a|"
                     r"a year|annual|average|month|quarter|week|day|unstated base"),
    "zh": re.compile(r"同比|环比|比上年|比上|较|比|年均|累计|以来|名义|实际|增速|未说明基期"),
}  # fmt: skip
_AIM = {"en": re.compile(r"\baim|target|plan|expect"), "zh": re.compile(r"目标|预计|力争|计划")}


@rule("F10", "A rate of growth says what it is compared with.", "warning", language="en")
@rule("G1", "A rate of growth is called 同比, 环比 or by its base.", "warning", language="zh")
def compared(built: Finished) -> Iterator[str]:
    for said in built.prose:
        aimed = _AIM[built.language].search(said)
        if _RATE[built.language].search(said) and not aimed and not _AGAINST[built.language].search(said):
            yield f"a rate does not say against what it is: {said[:70]!r}"


_LITTLE = re.compile(r"changed little|little changed|unchanged|基本持平|变化不大|基本稳定")
#: What moved by more, in percent, did not change little, whatever a theme finds notable.
LITTLE = 2.0


@rule("F11", "What is said to have changed little did.", "warning")
def little(built: Finished) -> Iterator[str]:
    for said in built.prose:
        for clause in re.split(r"[;；。]|\. ", said):
            found = _LITTLE.search(clause)
            rates = re.findall(r"(\d+(?:\.\d+)?)%", clause[found.end() : found.end() + 60]) if found else []
            if rates and float(rates[0]) > LITTLE:
                yield f"{rates[0]}% is called little in {clause.strip()[:70]!r}"


_PERCENT = re.compile(r"[+\u2212]?\d[\d,]*(?:\.(\d+))?(?:%| percentage points?|个百分点)?")


@rule("F8", "A rate is printed with one number of decimals, wherever it stands.", "warning")
def one_rounding(built: Finished) -> Iterator[str]:
    for figure in built.figures:
        if figure["unit"] in ("percent", "percentage point"):
            texts = {each["text"] for each in figure["printed"]}
            numbers = (found for each in texts if (found := _PERCENT.fullmatch(each)))
            if len({len(found.group(1) or "") for found in numbers}) > 1:
                yield f"{figure['id']} is printed as {' and as '.join(sorted(texts))}"


_KINDS = {
    "annual": "年报",
    "half-yearly": "半年报",
    "quarterly": "季报",
    "monthly": "月报",
    "ten-day": "旬报",
    "weekly": "周报",
}
_REGULAR = re.compile(r"\d{4}(?:-(?:\d\d|Q\d|H\d|\d\d-T\d|W\d\d))?")


rule(
    "G9",
    "Where the first finding is preliminary, the title says so: 初步核算, 初步统计.",
    "warning",
    language="zh",
)(untitled)


@rule("G13", "A periodic briefing is called by its kind: 旬报, 月报, 季报, 年报.", "warning", language="zh")
def kind(built: Finished) -> Iterator[str]:
    where = built.one("//h1/span[@class='where']")
    wanted = _KINDS.get(built.briefing["cadence"], "")
    own = _REGULAR.fullmatch(built.briefing["period"]) and wanted
    if own and (where is None or wanted not in text(where)):
        yield f"page one does not say that the briefing is a {wanted}"


@rule("G2", "Where GDP is told, a note says at which prices.", "warning")
def prices(built: Finished) -> Iterator[str]:
    told = {figure["indicator"] for figure in built.figures if figure["printed"] and figure["kind"] == "level"}
    said = " ".join([*built.prose, *(text(each) for each in built.page.xpath("//figcaption | //th"))])
    words = {"en": r"current prices|constant prices|nominal|real", "zh": r"现价|不变价|可比价|名义|实际"}
    if any(each.startswith("gdp") for each in told) and not re.search(words[built.language], said):
        yield "GDP is told, and no note says whether at current or at constant prices"


@rule("G3", "The head of a column has its unit.", "warning")
def units_in_heads(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        own = "accounts" in figure.get("class", "") or figure.xpath(".//th[@scope='row']/span[@class='unit']")
        for at, head in enumerate(figure.xpath(".//thead//th"), start=1):
            if "l" in head.get("class", "").split() or head.xpath("./span"):
                continue
            bare = any(_BARE.match(text(cell)) for cell in figure.xpath(f".//tbody/tr/*[{at}]"))
            if not own and bare and not re.search(_UNITLESS[built.language], text(head)):
                yield f"the head {text(head)!r} of {figure.get('id')} has no unit"


#: A number without a unit; where all cells of a column have theirs, as in the table of revisions, its head needs none.
_BARE = re.compile(r"[<>≤≥≈~]?\s*[+\u2212-]?\d[\d,.]*\s*[a-z*]{0,3}$")


_UNITLESS = {
    "en": r"Rank|rank|Ratio|ratio|Multiple|Index|Records?|Number|in a row|%",
    "zh": r"位次|排名|比率|倍|指数|纪录|个数|连续|%|之比",
}


@rule("G10", "Notes are numbered, and stand behind the body.", "warning")
def numbered_notes(built: Finished) -> Iterator[str]:
    notes = built.one("//section[@id='notes']")
    if notes is not None and not notes.xpath("./ol/li"):
        yield "the notes are not numbered"
