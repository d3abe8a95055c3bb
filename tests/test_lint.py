"""Every rule of publication is met by the sample editions, and finds the fault that it is there for.

Each fault is put into the finished files of a sample edition, one at a time; the matrix of rules and faults is printed
with `pytest -s`.
"""

# ruff: noqa: E501 - a fault a line

from __future__ import annotations

import html
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest

from briefings.archive import Archive
from briefings.cli.main import run as command
from briefings.fonts import ensure_fonts, fontconfig_file
from briefings.lint import RULES, Finished, run
from briefings.workers import Workers
from tests import samples

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
Files = dict[str, bytes]
Fault = Callable[[Files], None]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Files]:
    """Edition -> its finished files: sample editions in both languages."""
    root = tmp_path_factory.mktemp("lint")
    for folder in ("config", "seeds", "data/inputs"):
        shutil.copytree(ROOT / folder, root / folder)
    at = ["--project", str(root), "--now", "2026-11-21T08:00+08:00", "-q"]
    assert command([*at, "ingest"]) == 0
    for theme, place in (("world_economy", "china"), ("finance", "wuhai")):
        assert command([*at, "build", theme, "--place", place]) == 0
    found = {}
    for edition in Archive(root / "data/editions").editions():
        found[edition.id] = {name: edition.read(name) for name in edition.manifest["files"]}
    return found


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], bytes]:
    """HTML -> a PDF set with the fonts of the house."""
    fonts = ensure_fonts()
    workers = Workers(1, environment={"FONTCONFIG_FILE": str(fontconfig_file(fonts))})

    def page(body: str, lang: str = "zh-CN") -> bytes:
        style = "@page { size: A4; margin: 20mm } body { font: 10pt/1.7 'Noto Sans SC', 'Noto Sans'; width: 138mm }"
        text = f"<html lang='{lang}'><title>x</title><style>{style}</style><body>{body}</body></html>"
        return bytes(workers.call("briefings.render.pdf:write", samples.page_to_set(text))["pdf"])

    return page


def of(built: Mapping[str, Files], theme: str, language: str) -> Files:
    return dict(next(files for name, files in built.items() if name.startswith(theme) and f"/{language}/" in name))


def test_the_sample_editions_are_without_fault(built: Mapping[str, Files]) -> None:
    assert len(built) == 4
    for name, files in built.items():
        assert [str(remark) for remark in run(files)] == [], name


# Faults: a text put in place of another in a finished file, or a change of the PDF


def put(name: str, pattern: str, new: str, *, count: int = 1) -> Fault:
    """Put `new` in place of what a pattern finds; the fault must have something to change."""

    def change(files: Files) -> None:
        for each in [name] if name in files else [key for key in sorted(files) if re.fullmatch(name, key)]:
            said, changes = re.subn(pattern, new, files[each].decode(), count=count, flags=re.DOTALL)
            if changes:
                files[each] = said.encode()
                return
        raise AssertionError(f"{pattern!r} is nowhere in {name}")

    return change


def every(name: str, pattern: str, new: str) -> Fault:
    """As `put`, in all files of a name, wherever it stands."""

    def change(files: Files) -> None:
        for each in sorted(key for key in files if re.fullmatch(name, key)):
            files[each] = re.sub(pattern, new, files[each].decode(), flags=re.DOTALL).encode()

    return change


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Fault:
    def apply(files: Files) -> None:
        with pikepdf.open(io.BytesIO(files["briefing.pdf"])) as found:
            change(found)
            kept = io.BytesIO()
            found.save(kept)
        files["briefing.pdf"] = kept.getvalue()

    return apply


def add_page(content: bytes, before: int | None) -> Callable[[pikepdf.Pdf], None]:
    def change(found: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(content)) as other:
            if before is None:
                found.pages.extend(other.pages)
            else:
                found.pages.insert(before, other.pages[0])

    return change


def drop_attachments(found: pikepdf.Pdf) -> None:
    for name in list(found.attachments):
        del found.attachments[name]


def widen(found: pikepdf.Pdf) -> None:
    found.pages[0].MediaBox = [0, 0, 612, 792]


def shift(found: pikepdf.Pdf) -> None:
    page = found.pages[0]
    page.contents_add(b"1 0 0 1 -45 0 cm", prepend=True)


def shrink(found: pikepdf.Pdf) -> None:
    found.pages[0].contents_add(b"0.5 0 0 0.5 0 0 cm", prepend=True)


def rename_fonts(found: pikepdf.Pdf) -> None:
    for each in found.objects:
        if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each:
            each.BaseFont = pikepdf.Name("/ABCDEF+Noto-Serif-CJK-SC")


def regular(found: pikepdf.Pdf) -> None:
    for each in found.objects:
        if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each:
            each.BaseFont = pikepdf.Name(str(each.BaseFont).replace("-Bold", ""))


def unembed(found: pikepdf.Pdf) -> None:
    for each in found.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile2", "/FontFile3"):
                if key in each:
                    del each[key]


def untag(found: pikepdf.Pdf) -> None:
    del found.Root.StructTreeRoot


def no_words_on_links(found: pikepdf.Pdf) -> None:
    for page in found.pages:
        for each in page.get("/Annots", []):
            each.Contents = each.get("/Dest", "")


def no_profile(found: pikepdf.Pdf) -> None:
    del found.Root.OutputIntents


def turn_pages(found: pikepdf.Pdf) -> None:
    found.pages.reverse()


def page_twice(found: pikepdf.Pdf) -> None:
    found.pages.append(found.pages[0])


def figures(change: Callable[[list[dict[str, object]]], None]) -> Fault:
    def apply(files: Files) -> None:
        told = json.loads(files["figures.json"])
        change(told)
        files["figures.json"] = json.dumps(told).encode()

    return apply


def all_preliminary(told: list[dict[str, object]]) -> None:
    for each in told:
        each["status"] = "preliminary"


def paragraph_over_pages(files: Files) -> None:
    """The last line of page one and the first of page two become one paragraph."""
    first, second = (leaf.body() for leaf in Finished(files).paper.leaves[:2])
    lines = ["".join(run.text for run in line).strip() for line in (first[-1], second[0])]
    put("briefing.html", r'(<section class="notes".*?<li>)', rf"\1{html.escape(' '.join(lines))}</li><li>")(files)


def otherwise_rounded(told: list[dict[str, object]]) -> None:
    rate = next(each for each in told if each["unit"] == "percent" and each["printed"])
    rate["printed"].append({"text": "1.2345%", "where": "note/1"})  # type: ignore[attr-defined]


SVG = r"charts/.*\.svg"
#: What stands at the end of the benchmark's line.
WORLD_LABEL = r'<text text-anchor="start"[^>]*>World [\d\u2212][^<]*</text>'
WORLD, BANKS = "world_economy", "finance"
#: Rule -> the edition and the fault that it must find.
FAULTS: dict[str, tuple[str, str, Fault]] = {
    "A1": (WORLD, "en", put("briefing.html", r"<title>[^<]*</title>", "<title>Briefing</title>")),
    "A2": (WORLD, "en", figures(all_preliminary)),
    "A3": (WORLD, "en", put("briefing.html", r"<title>[^<]*</title>", "<title>World economy: China, Q1 2023</title>")),
    "A4": (WORLD, "en", put("briefing.html", r'<p class="summary">', '<p class="summary">This briefing shows that ')),
    "A5": (WORLD, "en", put("briefing.html", r"<main id=.main.>", "<main id='main'><p>Dear reader</p>")),
    "A6": (WORLD, "en", put("briefing.html", r'(<section class="findings".*?<li>).*?(<a [^>]*>)[^<]*.*?</li>', r"\1It rose \2much</a>.</li>")),
    "A7": (WORLD, "en", put("briefing.html", r'(<section class="findings".*?<li>)', r'\1<a href="https://x.org">x</a>')),
    "A8": (WORLD, "en", put("briefing.html", r'(<section class="findings".*?href="#n-f)', r"\1ff")),
    "A9": (WORLD, "en", put("briefing.html", r'<section class="sources" id="sources">', '<section id="source">')),
    "A11": (WORLD, "en", pdf(drop_attachments)),
    "A12": (WORLD, "en", put("briefing.html", r"(<h2>)[^<]*(</h2>\s*<ol>)", r"\1Notes {{ n }}\2")),
    "B1": (WORLD, "en", put("briefing.html", r"<dt>Release</dt>", "<dt>Issue</dt>")),
    "B2": (WORLD, "zh", put("briefing.html", r"(<dt>下期发布</dt><dd>)[^<]*", r"\1不久")),
    "B3": (WORLD, "en", put("briefing.html", r'<a href="mailto:[^"]*">', "<a>")),
    "B4": (WORLD, "en", pdf(page_twice)),
    "B5": (WORLD, "en", put("briefing.html", r'<dl class="facts">.*?</dl>', '<dl class="facts"></dl>')),
    "B6": (WORLD, "en", put("briefing.html", r'<footer class="colophon">.*?</footer>', '<footer class="colophon"></footer>')),
    "B8": (WORLD, "en", put(SVG, r"Source", "Maker", count=0)),
    "C1": (WORLD, "en", put("briefing.html", r'(<figure class="chart".*?<span class="title"[^>]*>)', r"\1" + "Very long " * 12)),
    "C2": (WORLD, "en", put("briefing.html", r'(<figure class="chart".*?<span class="title"[^>]*>).*?</span>', r"\1GDP OF CHINA ROSE</span>")),
    "C3": (WORLD, "en", put("briefing.html", r'(<span class="subtitle">).*?</span>', r"\1GDP</span>")),
    "C5": (WORLD, "en", put("briefing.html", r"(class=\"label\"[^>]*>Figure )1", r"\g<1>3")),
    "C6": (WORLD, "en", put("briefing.html", r'(<figure class="chart".*?<p class="under">)Source: ', r"\1")),
    "C9": (WORLD, "en", every(SVG, r"(<title[^>]*>)([^<]*)", r"\1Line chart: no numbers here")),
    "C10": (WORLD, "en", put("briefing.html", r'(<section class="findings".*?<li>)', r"\1Trade plunged. ")),
    "D1": (WORLD, "en", put(SVG, r"(<title[^>]*>)[^<]*", r"\1", count=1)),
    "C8": (WORLD, "en", put(SVG, r"(<text[^>]*>)([A-Z][^<]*)", r"\1" + "A label " * 9)),
    "D2": (WORLD, "en", put(SVG, WORLD_LABEL, "")),
    "D4": (WORLD, "en", put(SVG, r'(<text text-anchor="start" transform="translate\([\d.]+,)[\d.]+(\)"[^>]*>17\.79)', r"\g<1>200\2")),
    "D7": (WORLD, "en", put(SVG, r"(<title[^>]*>Column.*?)#12436D", r"\1#F46A25")),
    "D8": (WORLD, "en", put(SVG, r'(<title[^>]*>Bar chart:.*?fill=")#9AA5AF(".*?fill=")#9AA5AF', r"\1#F46A25\2#28A197")),
    "D16": (WORLD, "en", put(SVG, r"(<title[^>]*>Line.*?<path )([^>]*data-series)", r'\1stroke-dasharray="4,3" \2')),
    "D17": (WORLD, "en", put(SVG, r'(<title[^>]*>Line[^<]*trillion.*?text-anchor="end"[^>]*>)0<', r"\g<1>4<")),
    "D19": (WORLD, "en", put(SVG, r'(<title[^>]*>Line.*?<path[^>]* d="M[^L]*(?:L[^L"]*){3})L[^L"]*L[^L"]*', r"\1")),
    "D20": (WORLD, "en", put(SVG, r"(<title[^>]*>Column.*?)(?:<rect [^>]*data-series[^>]*/>){12}", r"\1")),
    "D22": (WORLD, "en", put(SVG, r'font-size="16px"', 'font-size="20px"')),
    "D23": (WORLD, "en", put(SVG, r'(<title[^>]*>Line[^<]*trillion.*?<path d="M[^L]*L[^L"]*)[^"]*"', r'\1"')),
    "D3": (WORLD, "en", put(SVG, r"(<title[^>]*>Line.*?</desc>)", r'\1<rect fill="#FF0000"/><rect fill="#00FF00"/><rect fill="#0000FF"/><rect fill="#00FFFF"/>')),
    "D5": (WORLD, "en", put(SVG, r'(<path[^>]* stroke=")#12436D', r"\1#FFFF99")),
    "D6": (WORLD, "en", put(SVG, r'(<text[^>]* fill=")#555F66', r"\1#CCCCCC")),
    "D9": (WORLD, "en", put(SVG, r"(<title[^>]*>Column.*)>0%<", r"\1>1%<")),
    "D10": (WORLD, "en", put(SVG, r"(<title[^>]*>Line[^<]*trillion.*?<g fill=\"none\"[^>]*>)", r"\1" + "".join(f'<text text-anchor="end" transform="translate(-6,{n})">{n}</text><text text-anchor="start" transform="translate(600,{n})">{n}</text>' for n in range(4)))),
    "D11": (WORLD, "en", put(SVG, r"(</desc>)", r'\1<path fill="#12436D" d="M0,-50A50,50,0,0,1,50,0L0,0Z"/>')),
    "D12": (WORLD, "en", put(SVG, r'(<text[^>]* transform="translate\([^)]*\))', r"\1 rotate(-45)")),
    "D13": (WORLD, "en", put(SVG, r"(<title[^>]*>Line.*?<g fill=\"none\"[^>]*>)", r"\1" + '<line x2="5" y2="0" stroke="#E3E6E8"/>' * 9)),
    "D14": (WORLD, "en", put(SVG, r"(<title[^>]*>Line.*?text-anchor=\"middle\"[^>]*>)2005<", r"\1'05<")),
    "D15": (WORLD, "en", every(SVG, r"<circle[^>]*/>", "")),
    "D18": (WORLD, "en", put(SVG, r"(<title[^>]*>Line.*?<g fill=\"none\"[^>]*>)", r'\1<line x2="0" y2="230" stroke="#E3E6E8"/>')),
    "D21": (WORLD, "en", put(SVG, r"(</desc>)", r'\1<image href="data:image/png;base64,AAAA"/>')),
    "E1": (WORLD, "en", put("briefing.html", r"<table>.*?</table>", '<img src="data:,x" alt="a table">')),
    "E2": (WORLD, "en", put("briefing.html", r"<td>(<a[^>]*>[\d.]+)", r'<td class="l">\1')),
    "E3": (WORLD, "en", put("briefing.html", r"(<tbody>.*<td><a[^>]*>\d+\.\d)(\d?</a></td>)", r"\g<1>123\2")),
    "E4": (WORLD, "en", put("briefing.html", r"(<th scope=\"row\" class=\"l\"><span class=\"k\">)2022", r"\g<1>2002")),
    "E5": (WORLD, "en", put("briefing.html", r"In order of [^<]*?\.", "Ordered.")),
    "E10": (WORLD, "en", put("briefing.html", r'(<td><a class="n"[^>]*>[\d.]+</a>)(</td>)', r"\1<sup>r</sup>\2")),
    "E6": (WORLD, "en", put("briefing.html", r"</style>", "td { border-left: 1px solid #000 }</style>")),
    "E7": (BANKS, "en", put("briefing.html", r"\.sub[^{}]*\{[^}]*padding-left[^}]*\}", "", count=0)),
    "E8": (WORLD, "en", put("briefing.html", r"<td><a class=\"n\"[^>]*>[^<]*</a></td>", "<td></td>")),
    "E9": (BANKS, "en", put("briefing.html", r"<sup>p</sup>", "<sup>q</sup>")),
    "E11": (WORLD, "en", put("briefing.html", r"[Rr]ounding", "something", count=0)),
    "E13": (WORLD, "en", put("briefing.html", r'<th scope="col"', "<th")),
    "F1": (WORLD, "en", put("briefing.html", r"(<li>.*?<a class=\"n\"[^>]*>\d[\d.]*)%", r"\1 %")),
    "F2": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It rose by 2.0 percentage point. ")),
    "F3": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1Few came. 15 countries grew. ")),
    "F4": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1There were 12500 firms. ")),
    "F5": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It was 3-5% there. ")),
    "F6": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It came to CNY 5bn. ")),
    "F7": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It was so in 2019–20. ")),
    "F8": (WORLD, "en", figures(otherwise_rounded)),
    "F11": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1Output changed little (7.5%). ")),
    "F12": (WORLD, "en", put("briefing.html", r'(<td><a class="n"[^>]*>[\d.]+</a>)(</td>)', r"\1<sup>f</sup>\2")),
    "F9": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It was -2.5 then. ")),
    "F10": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>).*?</li>', r"\1Output rose 5.2%.</li>")),
    "F13": (WORLD, "en", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1It was .5 then. ")),
    "G1": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>).*?</li>', r"\1产值增长5.2%。</li>")),
    "G2": (WORLD, "zh", put("briefing.html", r"现价|不变价|可比价|名义|实际", "某", count=0)),
    "G3": (WORLD, "zh", put("briefing.html", r"(<th scope=\"col\">[^<位]*)<span[^>]*>[^<]*</span>", r"\1")),
    "G4": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1增速比上年提高0.5%。")),
    "G5": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1占百分之五十二。")),
    "G6": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1在63～68%之间。")),
    "G7": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1为.5个百分点。")),
    "G9": (BANKS, "zh", put("briefing.html", r"<title>[^<]*</title>", "<title>乌海</title>")),
    "G12": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1为1-4月数据。")),
    "G13": (WORLD, "zh", put("briefing.html", r'(class="where">.*?)年报', r"\1")),
    "G10": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?)<ol>(.*?)</ol>', r"\1<ul>\2</ul>")),
    "G11": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1为-2.5。")),
    "H1": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1产值增长,价格下降。")),
    "H2": (WORLD, "zh", put("briefing.html", r'(<section class="notes".*?<li>)', r"\1产值 GDP 增长。")),
    "H10": (WORLD, "zh", put("briefing.html", r'<html lang="zh-CN">', '<html lang="zh">')),
    "H9": (WORLD, "zh", pdf(rename_fonts)),
    "H11": (WORLD, "zh", pdf(regular)),
    "I1": (WORLD, "en", put(SVG, r"(<title[^>]*>)[^<]*", r"\1Line chart: GDP", count=1)),
    "I2": (WORLD, "en", put("briefing.html", r'(<svg[^>]*) role="img"', r"\1")),
    "I3": (WORLD, "en", pdf(untag)),
    "I4": (WORLD, "en", put("briefing.html", r"<h2>(.*?)</h2>", r"<h1>\1</h1>")),
    "I5": (WORLD, "en", pdf(turn_pages)),
    "I6": (WORLD, "en", pdf(no_words_on_links)),
    "I7": (WORLD, "en", put("briefing.html", r"</style>", ".under { color: #bbbbbb }</style>")),
    "I8": (WORLD, "en", put("mail.txt", r".*", "")),
    "I10": (WORLD, "en", pdf(no_profile)),
    "I9": (WORLD, "en", put(SVG, WORLD_LABEL, "")),
    "J1": (WORLD, "en", pdf(widen)),
    "J4": (WORLD, "en", paragraph_over_pages),
    "J6": (WORLD, "en", pdf(shrink)),
    "J7": (WORLD, "en", pdf(unembed)),
    "J9": (WORLD, "en", put("briefing.html", r"</main>", '<img src="https://x.org/p.gif" alt="x"></main>')),
    "J11": (WORLD, "en", put("briefing.html", r"</main>", "<!--" + "x" * 1_500_000 + "--></main>")),
    "M1": (WORLD, "en", put("mail.html", r"</body>", "<!--" + "x" * 110_000 + "--></body>")),
    "M2": (WORLD, "en", put("mail.html", r"</body>", "<script>1</script></body>")),
    "M3": (WORLD, "en", put("mail.html", r"(<li[^>]*>.*?</li>\s*)<li[^>]*>.*?</li>", r"\1")),
    "M4": (WORLD, "en", put("mail.html", r'lang="en"', 'lang="fr"')),
    "M5": (WORLD, "zh", put("mail.html", r"(<title>)【年报】([^<]*?）)：[^<]*", r"\1\2")),
    "M6": (WORLD, "en", put("mail.html", r'<div id="preview".*?</div>', "")),
    "M7": (WORLD, "en", put("mail.html", r"<p style=\"", '<p style="background:#fff;')),
    "M8": (WORLD, "en", put("mail.txt", r"(\n- .*?)\n- .*?(\n- )", r"\1\2")),
    "M9": (WORLD, "en", put("mail.html", r"telephone=no, ", "")),
    "M10": (WORLD, "en", put("mail.html", r"</body>", '<img src="cid:1" alt=""></body>')),
}  # fmt: skip
#: Rule -> a page that is put into the PDF: before which one (None: behind the last), the edition's language, its text.
LONG = "2023年中国国内生产总值按现价计算继续居世界第二位其增速高于多数国家而低于印度"
PAGES: dict[str, tuple[int | None, str, str]] = {
    "C7": (None, "en", "<p style='font-size:12pt'>Source: World Bank</p>"),
    "E12": (-2, "en", "{rows}"),
    "H3": (None, "zh", f"<p>{LONG}<br>，还有许多</p>"),
    "H4": (None, "zh", f"<p>{LONG}—<br>—还有许多</p>"),
    "H5": (None, "zh", f"<p>{LONG}增<br>长。</p>"),
    "H6": (None, "zh", f"<p style='line-height:1.1'>{LONG}<br>{LONG}</p>"),
    "H7": (None, "zh", f"<p>{LONG[:30]}29.6<br>万亿元</p>"),
    "H8": (None, "en", "<p>Gross domestic product of all those that are compared with other coun<br>tries</p>"),
    "H12": (None, "zh", f"<p style='letter-spacing:.15em'>{LONG}</p>"),
    "J2": (1, "en", ""),
    "J3": (1, "en", "<div style='height:225mm'>.</div><h2 style='margin:0;font-size:12pt'>{heading}</h2>"),
    "J5": (1, "en", "<p>A line</p>"),
    "J8": (None, "en", "".join(f"<p style='font-size:{6 + 0.5 * n}pt'>{6 + 0.5 * n}</p>" for n in range(14))),
}  # fmt: skip


def told(number: str, files: Files) -> set[str]:
    """What one rule says of the files."""
    return set(RULES[number].check(Finished(files)))


@pytest.mark.parametrize("number", FAULTS)
def test_a_fault_in_a_finished_file_is_found_by_its_rule(number: str, built: Mapping[str, Files]) -> None:
    theme, language, fault = FAULTS[number]
    files = of(built, theme, language)
    before = told(number, files)
    fault(files)
    after = told(number, files)
    print(f"{number:4} {len(after) - len(before):+d}  {next(iter(after - before), '')[:110]}")
    assert after - before


@pytest.mark.parametrize("number", PAGES)
def test_a_fault_on_a_page_is_found_by_its_rule(
    number: str, built: Mapping[str, Files], page_of: Callable[[str, str], bytes]
) -> None:
    before_page, language, body = PAGES[number]
    files = of(built, WORLD, language)
    before = told(number, files)
    if number == "J2":
        files["briefing.html"] = files["briefing.html"].replace(b">Figure 1<", b">Figure 77<")
    else:
        last_table = files["briefing.html"].decode().rpartition("<tbody>")[2]
        rows = re.findall(r'<th scope="row" class="l">(.*?)</th><td>(.*?)</td>(?:<td>(.*?)</td>)?', last_table)
        lines = "".join(f"<p style='margin:0'>{re.sub('<.*?>', '', ' '.join(row))}</p>" for row in rows)
        page = page_of(
            body.replace("{rows}", lines).replace("{heading}", "Notes"), "en" if language == "en" else "zh-CN"
        )
        pdf(add_page(page, before_page))(files)
    after = told(number, files)
    print(f"{number:4} {next(iter(after - before), '')[:110]}")
    assert after - before


#: A further fault that a rule must find: rule -> the edition and the fault.
FURTHER: dict[str, list[Fault]] = {
    "A12": [
        put("briefing.html", r'(<section class="notes".*?<li>).*?</li>', r"\1</li>"),
        put("briefing.html", r'(<figure class="chart".*?)<svg.*?</figure>', r"\1</figure>"),
        put("briefing.html", r"<tbody>.*?</tbody>", "<tbody></tbody>"),
    ],
    "I7": [put("briefing.html", r"(@media screen and \(prefers-color-scheme: dark\).*?--quiet: )#\w+", r"\1#333333")],
}


@pytest.mark.parametrize(("number", "fault"), [(number, fault) for number in FURTHER for fault in FURTHER[number]])
def test_a_further_fault_is_found_by_its_rule(number: str, fault: Fault, built: Mapping[str, Files]) -> None:
    files = of(built, WORLD, "en")
    before = told(number, files)
    fault(files)
    assert told(number, files) - before


@pytest.mark.parametrize(("number", "body"), [("J5", "<p>A line</p><p>Another</p>"), ("H5", "<p>一行字</p>")])
def test_a_last_page_of_few_lines_is_found(
    number: str, body: str, built: Mapping[str, Files], page_of: Callable[[str, str], bytes]
) -> None:
    files = of(built, WORLD, "en")
    before = told(number, files)
    pdf(add_page(page_of(body, "en"), None))(files)
    assert told(number, files) - before


def test_every_rule_has_its_fault() -> None:
    assert set(FAULTS) | set(PAGES) == set(RULES)
    assert len(RULES) >= 90
