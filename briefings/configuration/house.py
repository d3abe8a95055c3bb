"""What a project's editions look like and bear: logo, accent, fonts, footer, number in a series.

Comes in: the part `house:` of `config/project.yaml`, and `series:` of a theme. Goes out: models. The files that they
name (pictures, fonts) are looked at in `house`, next door; here is what can be said of a name or a colour by itself.
"""

from __future__ import annotations

import re
import string
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from briefings import colours
from briefings.columns import columns

from .models import Count, Language, Model, Names, Text, about
from .wording import PlacedError, found, one_of, quoted

#: Columns of the line at the foot of a page, beside its number; a Han character takes two.
FOOT = 90


def _colour(value: Any) -> str:
    if value is None:
        told = 'nothing stands here; write a colour in quotation marks, "#7a1f3d": what follows a bare # is a comment'
        raise ValueError(told)
    if not isinstance(value, str) or not re.fullmatch("#[0-9A-Fa-f]{6}", value):
        raise ValueError(f'{found(value)} is no colour; write # and six hexadecimal digits, for example "#7a1f3d"')
    return value.lower()


def _accent(value: str) -> str:
    if _fits(value):
        return value
    fit = next(each for each in colours.toward(value, "#000000") if _fits(each))
    ratio = colours.contrast(value, colours.PAPER)
    if not colours.readable(value):
        lack = f"has a contrast of {ratio:.1f} to 1 against white paper; {colours.READABLE} to 1 is needed"
    else:
        lack = "is too near the greys of charts, from which every eye must tell a highlight"
    raise ValueError(f"'{value}' {lack}. The nearest darker colour that will do: '{fit}'")


def _fits(colour: str) -> bool:
    return colours.readable(colour) and colours.told_apart(colour, colours.GREYS)


class Colours(Model):
    """The colour of the house. Those beside it are chosen so that they are told from it, and from one another."""

    accent: Annotated[
        str,
        BeforeValidator(_colour),
        AfterValidator(_accent),
        about(
            "of headings, rules, the own place and the highlight of charts, as `#rrggbb`; 4.5 to 1 against white paper",
            examples=["#7a1f3d"],
            bad=["#ffcc00", "red", "#7a1f3d} @import url(x)"],
        ),
    ]


def inside(value: str) -> str:
    """A path inside the project: relative, with slashes, without a way out."""
    path = PurePosixPath(value)
    outside = path.is_absolute() or value.startswith("~") or re.match("[A-Za-z]:", value) or ".." in path.parts
    if outside or "\\" in value or "\0" in value:
        raise ValueError(f"{quoted(value)} does not lie in the project; copy the file there and write its path with /")
    return value


File = Annotated[Text, AfterValidator(inside)]


class Logos(Model):
    """A picture in each language. One path alone stands for both."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "one picture for both languages"}

    en: Annotated[File | None, about("of English editions", examples=["brand/logo-en.svg"])] = None
    zh: Annotated[File | None, about("of Chinese editions", examples=["brand/logo-zh.svg"], bad=["../logo.svg"])] = None

    @model_validator(mode="before")
    @classmethod
    def _for_both(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    def get(self, language: str) -> str | None:
        """The path in one language, None where there is none."""
        return self.zh if language == "zh" else self.en


def _family(value: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff ._-]{0,59}", value):
        raise ValueError(f"{quoted(value)} is no name of a family; write letters, digits, spaces and . _ - alone")
    return value


Family = Annotated[Text, AfterValidator(_family)]


class Families(Model):
    """A family of type for the editions in each language. One name alone stands for both."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "one family for both languages"}

    en: Annotated[Family | None, about("of English editions", examples=["Fira Sans"])] = None
    zh: Annotated[Family | None, about("of Chinese editions", examples=["Noto Sans SC"], bad=["'; }"])] = None

    @model_validator(mode="before")
    @classmethod
    def _for_both(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    def get(self, language: Language) -> str | None:
        """The family in one language, None where the program's own is used."""
        return self.zh if language == "zh" else self.en


class Fonts(Model):
    """Families of type of the PDF, the page and charts; a Word document names them, and shows them where the
    reader's machine has them. Letters that a family lacks are set in Noto Sans or Noto Sans SC."""

    text: Annotated[
        Families,
        about("regular and bold, for all text", examples=["Fira Sans", {"zh": "Noto Sans SC"}]),
    ] = Families()
    headings: Annotated[
        Families,
        about("for titles and headings: its bold, or where there is none its regular", examples=["Fira Sans"]),
    ] = Families()


def _form(value: Names) -> Names:
    for language, text in value.texts.items():
        try:
            names = [name for _, name, spec, conversion in string.Formatter().parse(text) if name is not None]
            plain = not any(spec or conversion for _, _, spec, conversion in string.Formatter().parse(text))
        except ValueError:
            names, plain = [], False
        for name in names:
            if name not in FIELDS:
                raise PlacedError(one_of(name, FIELDS, "part of a number in a series"), language)
        if not plain or not {"number", "total"} & set(names):
            told = f"{quoted(text)} has no number; write {{number}} or {{total}} in it, and {{year}} if you like"
            raise PlacedError(told, language)
    return value


FIELDS = ("number", "total", "year")
_FORMS = {
    "yearly": Names(en="No. {number} of {year}", zh="{year}年第{number}期"),
    "yearly and in all": Names(
        en="No. {number} of {year} (No. {total} in all)", zh="{year}年第{number}期（总第{total}期）"
    ),
    "running": Names(en="No. {number}", zh="第{number}期"),
}


class Series(Model):
    """The number (期号) that the editions of a series bear. It follows from the period alone: rebuilds, revisions and
    other languages bear the same one."""

    number: Annotated[
        Literal["yearly", "running"],
        about(
            "yearly: which period of its year it is, at the theme's cadence; running: how many there were since the "
            "first issue",
            examples=["yearly", "running"],
        ),
    ] = "yearly"
    since: Annotated[
        Text | None,
        about(
            "the period of the first issue, or what it lies in; editions of earlier periods bear no number",
            examples=["2024-01", "2024"],
        ),
    ] = None
    first: Annotated[Count, about("the number of the first issue, by which {total} counts on", examples=[12], ge=1)] = 1
    form: Annotated[
        Annotated[Names, AfterValidator(_form)] | None,
        about(
            "how it is written: {number}, {total} (of all issues) and, of a yearly one, {year}; left out: as is usual "
            "in each language",
            examples=[{"en": "Issue {number}/{year}", "zh": "{year}年第{number}期（总第{total}期）"}],
            bad=[{"en": "Issue {no}"}],
        ),
    ] = None

    @model_validator(mode="after")
    def _counts_from_something(self) -> Series:
        if self.since is None and self.number == "running":
            raise ValueError("a running number counts from the first issue; write `since:` with its period")
        if self.since is None and self.form and any("{total}" in text for text in self.form.values()):
            raise ValueError("{total} counts from the first issue; write `since:` with its period")
        return self

    @model_validator(mode="after")
    def _counts_in_one_way(self) -> Series:
        """A year before a running number would tell it as the number within that year."""
        for language, text in (self.form.texts if self.form and self.number == "running" else {}).items():
            if "{year}" in text:
                told = "{year} stands beside a number that counts on over the years, as if it began anew in each; leave"
                also = "write `number: yearly`, of which {number} is counted in its year and {total} from the first"
                raise PlacedError(f"{told} {{year}} out, or {also}", "form", language)
        return self

    def write(self, language: str, *, number: int, total: int, year: int) -> str:
        """The number in the words of a language."""
        usual = _FORMS["yearly and in all" if self.number == "yearly" and self.since else self.number]
        form = (self.form.get(language) if self.form else None) or usual.get(language) or ""
        return form.format(number=number, total=total, year=year)


def _one_line(value: Names) -> Names:
    for language, text in value.texts.items():
        wide = columns(text)
        if wide > FOOT or not text.isprintable():
            told = f"a line at the foot of a page has at most {FOOT} columns (a Han character takes two)"
            raise PlacedError(f"{quoted(text)} has {wide} columns; {told}" if text.isprintable() else told, language)
    return value


class HouseStyle(Model):
    """What makes editions a house's own."""

    logo: Annotated[
        Logos | None,
        about(
            "a picture on page one, SVG or PNG, at most 2 MB: a path in the project",
            examples=["brand/logo.svg", {"en": "brand/en.png", "zh": "brand/zh.png"}],
            bad=["/srv/logo.svg"],
        ),
    ] = None
    colours: Annotated[Colours | None, about("the house's colour", examples=[{"accent": "#7a1f3d"}])] = None
    fonts: Annotated[
        Fonts,
        about(
            "families of the files in `fonts/` of the project (.ttf, .otf), or of the program's own: Noto Sans, "
            "Noto Sans SC",
            examples=[{"headings": {"zh": "Noto Sans SC"}}],
        ),
    ] = Fonts()
    footer: Annotated[
        Annotated[Names, AfterValidator(_one_line)] | None,
        about(
            "a line at the foot of each page and of the mail", examples=[{"en": "For internal use", "zh": "内部资料"}]
        ),
    ] = None
    series: Annotated[
        Series | None,
        about("which number editions bear; a theme may have its own", examples=[{"number": "yearly"}]),
    ] = None
