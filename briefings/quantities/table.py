"""The table of units: one row a unit. A new unit is a new row here and nothing else.

Columns:

code     the canonical name, in the singular; underscores in extracted figures stand for its spaces
nature   count     things that are counted; values add up and take 万, 亿, million
         amount    measured amounts; values add up and take 万, 亿, million
         time      durations; values add up and are never scaled
         size      measured, but neither added nor scaled (a temperature, a voltage, a score)
         ratio     parts of a whole, points, indices, multiples: neither added nor scaled
one, many  what follows the number in English ("%" is set close, all else after a space)
zh       what follows the number in Chinese
also     other names that are read, separated by "|": symbols, plurals, counters
base, factor  the dimension, and how many base units (of that dimension) one unit is; none: converts into nothing else
heads    what stands at the head of a column instead of `many` and `zh`: "English|Chinese"
slug     the name in extracted figures where it is not the code
beside   the unit that English readers know, where this one is used in China alone

Currencies are not rows: every ISO 4217 code is a unit. Nor are compounds: "A per B" is made of two units.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Nature = Literal["count", "amount", "time", "size", "ratio"]


class Row(NamedTuple):
    code: str
    nature: Nature
    one: str
    many: str
    zh: str
    also: str = ""
    base: str = ""
    factor: Fraction = Fraction(1)
    heads: str = ""
    slug: str = ""
    beside: str = ""


F = Fraction
ROWS: tuple[Row, ...] = (
    # numbers without a dimension
    Row("number", "count", "", "", "", "", heads="number|数值"),
    Row("ratio", "ratio", "", "", "", "比率", "ratio", F(1), heads="ratio|比率"),
    Row("percent", "ratio", "%", "%", "%", "per cent|pct|percentage|百分比", "ratio", F(1, 100), heads="percent|%"),
    Row("permille", "ratio", "‰", "‰", "‰", "per mille|千分比", "ratio", F(1, 1000)),
    Row(
        "percentage point",
        "ratio",
        "percentage point",
        "percentage points",
        "个百分点",
        "pp|ppt|百分点",
        "points",
        F(1),
    ),
    Row("basis point", "ratio", "basis point", "basis points", "个基点", "bp|bps|基点|BP", "points", F(1, 100)),
    Row("multiple", "ratio", "times", "times", "倍", "multiples|fold|x", "ratio", F(1), heads="times|倍", slug="times"),
    Row("index", "ratio", "", "", "", "index points|指数|指数点", heads="index|指数"),
    Row("rank", "ratio", "", "", "", "ranks|位次|名次", heads="rank|位次"),
    Row("place", "count", "place", "places", "位"),
    Row("point", "size", "point", "points", "分", "score|scores"),
    # people and what they found, own and do
    Row("person", "count", "person", "people", "人", "persons|inhabitants|residents|名|人口"),
    Row("person time", "count", "visit", "visits", "人次", "person-times|person times|passengers|trips"),
    Row("household", "count", "household", "households", "户"),
    Row("enterprise", "count", "enterprise", "enterprises", "家", "company|companies|firm|firms|企业|户企业|家企业"),
    Row("project", "count", "project", "projects", "个", "项目|个项目"),
    Row(
        "item",
        "count",
        "",
        "",
        "个",
        "items|个|项|件|条|种|类|处|座|场|届|栋|篇|部|支|单|piece|pieces",
        heads="number|个",
    ),
    Row("case", "count", "case", "cases", "起", "例|宗"),
    Row("contract", "count", "contract", "contracts", "份"),
    Row("document", "count", "document", "documents", "份"),
    Row("patent", "count", "patent", "patents", "件"),
    Row("job", "count", "job", "jobs", "个", "岗位|个岗位"),
    Row("share", "count", "share", "shares", "股"),
    Row("school", "count", "school", "schools", "所"),
    Row("hospital", "count", "hospital", "hospitals", "家"),
    Row("dwelling", "count", "dwelling", "dwellings", "套"),
    Row("housing unit", "count", "housing unit", "housing units", "套"),
    Row("city", "count", "city", "cities", "个", "城市|个市"),
    Row("county", "count", "county", "counties", "个", "个县"),
    Row("village", "count", "village", "villages", "个", "村|个村"),
    Row("community", "count", "community", "communities", "个", "社区|个社区"),
    Row("country", "count", "country", "countries", "个", "国家|个国家"),
    Row("head", "count", "head", "head", "头", "只|匹|头(只)|head of livestock"),
    Row("vehicle", "count", "vehicle", "vehicles", "辆"),
    Row("unit", "count", "unit", "units", "台"),
    Row("batch", "count", "batch", "batches", "批次", "批"),
    Row("flight", "count", "flight", "flights", "架次"),
    Row("times", "count", "times", "times", "次", "occurrence|occurrences|occasion|occasions"),
    Row("TEU", "count", "TEU", "TEU", "标准箱", "TEUs|twenty-foot equivalent units"),
    # length, area, volume
    Row("millimetre", "amount", "mm", "mm", "毫米", "millimetres|millimeter|millimeters", "length", F(1, 1000)),
    Row("centimetre", "amount", "cm", "cm", "厘米", "centimetres|centimeter|centimeters", "length", F(1, 100)),
    Row("metre", "amount", "metre", "metres", "米", "meter|meters|m", "length", F(1)),
    Row("km", "amount", "km", "km", "公里", "kilometre|kilometres|kilometer|kilometers|千米|㎞", "length", F(1000)),
    Row(
        "square metre",
        "amount",
        "square metre",
        "square metres",
        "平方米",
        "square meter|square meters|sq m|sqm|m²|m2|㎡",
        "area",
        F(1),
    ),
    Row("mu", "amount", "mu", "mu", "亩", "", "area", F(2000, 3), beside="hectare"),
    Row("hectare", "amount", "hectare", "hectares", "公顷", "ha", "area", F(10_000)),
    Row(
        "square kilometre",
        "amount",
        "square kilometre",
        "square kilometres",
        "平方公里",
        "square kilometer|square kilometers|sq km|km²|km2|平方千米",
        "area",
        F(1_000_000),
    ),
    Row("litre", "amount", "litre", "litres", "升", "liter|liters", "volume", F(1, 1000)),
    Row("barrel", "amount", "barrel", "barrels", "桶", "bbl", "volume", F("0.158987294928")),
    Row(
        "cubic metre",
        "amount",
        "cubic metre",
        "cubic metres",
        "立方米",
        "cubic meter|cubic meters|cu m|m³|m3|㎥",
        "volume",
        F(1),
    ),
    # mass, energy, power
    Row("microgram", "amount", "microgram", "micrograms", "微克", "μg|µg", "mass", F(1, 10**9)),
    Row("gram", "amount", "gram", "grams", "克", "g", "mass", F(1, 1000)),
    Row("troy ounce", "amount", "troy ounce", "troy ounces", "盎司", "金衡盎司|ozt", "mass", F("0.0311034768")),
    Row("jin", "amount", "jin", "jin", "斤", "市斤", "mass", F(1, 2), beside="tonne"),
    Row("kilogram", "amount", "kg", "kg", "公斤", "kilograms|千克", "mass", F(1)),
    Row("tonne", "amount", "tonne", "tonnes", "吨", "ton|tons|metric ton|metric tons|t", "mass", F(1000)),
    Row(
        "tonne of standard coal",
        "amount",
        "tonne of standard coal",
        "tonnes of standard coal",
        "吨标准煤",
        "tce|吨标煤",
    ),
    Row("steam tonne", "amount", "tonne of steam", "tonnes of steam", "蒸吨", "steam tonnes"),
    Row(
        "kWh",
        "amount",
        "kWh",
        "kWh",
        "千瓦时",
        "kilowatt hour|kilowatt hours|kilowatt-hour|kilowatt-hours|度",
        slug="kilowatt_hour",
    ),
    Row("watt", "amount", "watt", "watts", "瓦", "", "power", F(1)),
    Row("kilowatt", "amount", "kilowatt", "kilowatts", "千瓦", "kW", "power", F(1000)),
    Row("megawatt", "amount", "megawatt", "megawatts", "兆瓦", "MW", "power", F(10**6)),
    Row("gigawatt", "amount", "gigawatt", "gigawatts", "吉瓦", "GW", "power", F(10**9)),
    Row("kilovolt", "size", "kV", "kV", "千伏", "kilovolts"),
    Row("celsius", "size", "°C", "°C", "℃", "degrees celsius|摄氏度"),
    Row("gigabyte", "amount", "gigabyte", "gigabytes", "吉字节", "GB", "data", F(10**9)),
    Row("terabyte", "amount", "terabyte", "terabytes", "太字节", "TB", "data", F(10**12)),
    # time; a month is no fixed number of days
    Row("second", "time", "second", "seconds", "秒", "", "time", F(1)),
    Row("minute", "time", "minute", "minutes", "分钟", "", "time", F(60)),
    Row("hour", "time", "hour", "hours", "小时", "", "time", F(3600)),
    Row("day", "time", "day", "days", "天", "日|calendar day|calendar days", "time", F(86_400)),
    Row("week", "time", "week", "weeks", "周", "星期", "time", F(604_800)),
    Row("workday", "time", "working day", "working days", "个工作日", "workdays|工作日"),
    Row("month", "time", "month", "months", "个月", "", "calendar", F(1)),
    Row("quarter", "time", "quarter", "quarters", "个季度", "", "calendar", F(3)),
    Row("year", "time", "year", "years", "年", "岁|周年", "calendar", F(12)),
)

# Names that hold a scale: what one of them is in units of the table.
SCALED_NAMES = {
    "MWh": ("kWh", 10**3),
    "GWh": ("kWh", 10**6),
    "TWh": ("kWh", 10**9),
    "兆瓦时": ("kWh", 10**3),
    "kt": ("tonne", 10**3),
    "Mt": ("tonne", 10**6),
    "Gt": ("tonne", 10**9),
}
# Names that mean something else behind "per".
DENOMINATORS = {"capita": "person", "head": "person", "annum": "year", "月": "month", "季度": "quarter", "个": "item"}
