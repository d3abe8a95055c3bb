"""The page in a browser: what it can do, with and without its script, at every width, in the dark and in print."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

pytestmark = pytest.mark.slow

Open = Callable[..., Any]
THEMES = ("world_economy", "markets", "compare", "development")
EDITIONS = [f"{theme} {language}" for theme in THEMES for language in ("en", "zh")]
#: The heaviest pages are looked at in one language.
CHECKED = ["world_economy en", "world_economy zh", "compare zh", "development en"]
SVG = "{http://www.w3.org/2000/svg}"


def axe(page: Any, *rules: str) -> list[str]:
    """What axe-core reports, a line each. It is put in from outside, which the policy of the page would not allow."""
    source = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    options |= {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


# Access, layout


@pytest.mark.parametrize("edition", CHECKED)
@pytest.mark.parametrize("device", ["phone", "tablet", "desk"])
def test_axe_reports_nothing(visit: Open, edition: str, device: str) -> None:
    page = visit(edition, device)
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page, "color-contrast", "link-in-text-block") == []
    page.emulate_media(media="print")
    assert axe(page) == []


def test_axe_reports_nothing_where_all_is_open(visit: Open) -> None:
    page = visit("world_economy en", "phone")
    page.locator("nav.contents summary").click()
    page.locator(".tools summary").first.click()
    page.locator(".findings a.n").first.click()
    page.locator("th button").nth(1).click()
    picture = page.locator(".picture.narrow").first
    picture.focus()
    page.keyboard.press("ArrowRight")
    assert axe(page) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_wider_than_its_window(visit: Open, edition: str) -> None:
    page = visit(edition)
    for width in (320, 390, 575, 577, 820, 1151, 1153, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_file_is_small_enough_for_the_way(editions: Mapping[str, Path], edition: str) -> None:
    assert (editions[edition] / "briefing.html").stat().st_size <= 1_500_000


# Without script, in print, in the dark


@pytest.mark.parametrize("edition", ["markets en", "compare zh"])
def test_without_script_the_page_is_whole(visit: Open, edition: str) -> None:
    with_script, without = (visit(edition, java_script_enabled=on) for on in (True, False))
    assert without.locator("button, .tools, .tip, [aria-current]").count() == 0
    for part in ("main section", "figure", "nav a", "table", ".wide svg.chart", ".under"):
        shown = [page.locator(part).filter(visible=True).count() for page in (with_script, without)]
        assert shown[0] == shown[1] == without.locator(part).count()
    with_script.evaluate("document.querySelectorAll('.tools').forEach((menu) => menu.remove())")
    said = ["".join(page.locator("body").inner_text().split()) for page in (with_script, without)]
    assert said[0] == said[1]
    without.locator(".findings a.n").first.click()
    assert without.locator(".group li:target, .group li:has(:target)").first.is_visible()
    without.locator(".close").click()
    without.locator(".close").wait_for(state="hidden")


def test_print_is_light_and_leaves_out_what_only_a_screen_can_do(visit: Open) -> None:
    page = visit("world_economy zh", color_scheme="dark")
    assert colours(page) != ("rgb(255, 255, 255)", "rgb(27, 39, 51)")
    page.emulate_media(media="print")
    assert colours(page) == ("rgb(255, 255, 255)", "rgb(27, 39, 51)")
    assert page.locator("svg.chart").first.evaluate("svg => getComputedStyle(svg).filter") == "none"
    for part in (".tools", "nav.contents", ".skip"):
        assert not page.locator(part).first.is_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def colours(page: Any) -> tuple[str, str]:
    """Of the ground and the text."""
    ground, ink = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color]"
    )
    return ground, ink


CONTRASTS = """svg => {
  const light = (r, g, b) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const seen = (colour, filter) => {
    pen.filter = filter;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 9, 9);
    return light(...pen.getImageData(4, 4, 1, 1).data);
  };
  const ground = seen(getComputedStyle(document.documentElement).backgroundColor, "none");
  const filter = getComputedStyle(svg).filter;
  const found = [];
  for (const shape of svg.querySelectorAll("text, path, rect, circle, line"))
    for (const name of ["fill", "stroke"]) {
      const colour = shape.getAttribute(name);
      if (!/^#/.test(colour ?? "")) continue;
      const on_paper = ratio(light(...colour.match(/[0-9a-f]{2}/gi).map((c) => parseInt(c, 16))), 1);
      found.push([shape.localName, colour, on_paper, ratio(seen(colour, filter), ground)]);
    }
  return found;
}"""


@pytest.mark.parametrize("edition", ["world_economy en", "markets zh"])
def test_in_the_dark_what_is_told_from_paper_is_told_from_the_ground(visit: Open, edition: str) -> None:
    page = visit(edition, color_scheme="dark")
    for picture in page.locator(".wide svg.chart").all():
        for shape, colour, on_paper, in_the_dark in picture.evaluate(CONTRASTS):
            least = 4.5 if shape == "text" and on_paper >= 4.5 else 3.0 if on_paper >= 3 else 1.0
            assert in_the_dark >= least, (shape, colour, on_paper, in_the_dark)


def test_an_accent_of_ones_own_is_told_from_the_dark_ground(visit: Open) -> None:
    page = visit("compare en", color_scheme="dark")
    seen = set()
    for accent in ("#000000", "#7a0019", "#005a2b", "#4b0082", "#5c4a00"):
        # As a project's own stands: behind the style sheet of the page.
        page.evaluate("accent => document.head.append(Object.assign(document.createElement('style'), "
                      "{textContent: `:root { --accent: ${accent}; }`}))", accent)  # fmt: skip
        seen.add(page.locator("h1").evaluate("h1 => getComputedStyle(h1).color"))
        assert axe(page, "color-contrast") == []
    assert len(seen) == 5


# What the script adds


@pytest.mark.parametrize("edition", ["world_economy en", "markets zh"])
@pytest.mark.parametrize("device", ["phone", "desk"])
def test_pointing_at_a_mark_says_what_it_is(visit: Open, edition: str, device: str) -> None:
    page = visit(edition, device)
    for figure in page.locator("figure.chart").all():
        picture = figure.locator(".picture").filter(visible=True)
        data = json.loads(figure.locator("script").text_content())
        wide, narrow = data["marks"][len(data["marks"]) // 2][5:]
        x, y, width, height = [*(narrow if device == "phone" else wide), 0, 0][:4]
        picture.scroll_into_view_if_needed()
        box = picture.locator("svg").bounding_box()
        scale = box["width"] / float(picture.locator("svg").get_attribute("width"))
        page.mouse.move(box["x"] + (x + width / 2) * scale, box["y"] + (y + height / 2) * scale)
        tip = picture.locator(".tip")
        tip.wait_for(state="visible")
        # Marks may lie on one another: another one at this place may speak.
        assert re.fullmatch(r"(.+) · (.+)\n(.+)", tip.inner_text())
        here = [
            f"{data['names'][mark[0]]} · {data['times'][mark[1]]}"
            for mark in data["marks"]
            if abs(mark[6 if device == "phone" else 5][0] - x) <= width + 1
        ]
        assert tip.inner_text().split("\n")[0] in here
        inside, around = tip.bounding_box(), picture.bounding_box()
        assert inside["x"] >= around["x"] - 1
        assert inside["x"] + inside["width"] <= around["x"] + around["width"] + 1
        page.mouse.move(0, 0)
        tip.wait_for(state="hidden")


def test_a_finger_brings_up_a_mark_as_well(visit: Open) -> None:
    page = visit("world_economy en", "phone", has_touch=True)
    picture = page.locator(".picture.narrow").first
    picture.scroll_into_view_if_needed()
    picture.locator("svg").tap()
    picture.locator(".tip").wait_for(state="visible")
    page.locator("h1").tap()
    picture.locator(".tip").wait_for(state="hidden")


def test_the_arrow_keys_go_from_mark_to_mark(visit: Open) -> None:
    page = visit("markets en")
    figure = page.locator("figure.chart").first
    picture, tip = figure.locator(".picture.wide"), figure.locator(".picture.wide .tip")
    data = json.loads(figure.locator("script").text_content())
    figure.locator("figcaption a, .subtitle").last.scroll_into_view_if_needed()
    picture.focus()
    page.keyboard.press("Home")
    words = [f"{data['names'][s]} · {data['times'][t]}\n{value}" for s, t, value, *_ in data["marks"]]
    assert tip.inner_text() == words[0]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert tip.inner_text() == words[1]
    spoken = page.locator("main > [role=status]").text_content()
    assert spoken == words[1].replace(" · ", ", ").replace("\n", ": ")
    page.keyboard.press("End")
    assert tip.inner_text() == words[-1]
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    page.keyboard.press("ArrowLeft")
    tip.wait_for(state="visible")
    page.keyboard.press("Tab")
    tip.wait_for(state="hidden")
    heat = page.locator("figure.chart").nth(4)
    heat.locator(".picture.wide").focus()
    page.keyboard.press("Home")
    first = heat.locator(".wide .tip").inner_text()
    page.keyboard.press("ArrowDown")
    second = heat.locator(".wide .tip").inner_text()
    assert first.split(" · ")[0] != second.split(" · ")[0]
    assert first.split(" · ")[1].split("\n")[0] == second.split(" · ")[1].split("\n")[0]


def column(table: Any, number: int) -> list[str]:
    return [text.strip() for text in table.locator(f"tbody tr > :nth-child({number})").all_inner_texts()]


def test_a_head_sorts_its_column_and_the_third_time_gives_the_order_back(visit: Open) -> None:
    page = visit("markets en")
    table = page.locator(".table:not(.accounts) table").filter(has=page.locator("tbody tr:nth-child(9)")).first
    given, names = column(table, 2), column(table, 1)
    head = table.locator("thead th").nth(1)
    number = lambda text: float(re.sub(r"[^0-9.-]", "", text.replace("−", "-")))  # noqa: E731
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    values = [number(text) for text in column(table, 2) if re.search("[0-9]", text)]
    assert values == sorted(values, reverse=True)
    assert sorted(column(table, 1)) == sorted(names)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    values = [number(text) for text in column(table, 2) if re.search("[0-9]", text)]
    assert values == sorted(values)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") is None
    assert (column(table, 1), column(table, 2)) == (names, given)


def test_names_sort_by_the_alphabet_of_their_language(visit: Open) -> None:
    for edition in ("markets en", "markets zh"):
        page = visit(edition)
        table = page.locator("table").filter(has=page.locator("tbody tr:nth-child(9)"))
        table = table.filter(has=page.locator("th:first-child button")).first
        names = column(table, 1)
        table.locator("th:first-child button").click()
        if edition == "markets en":
            assert column(table, 1) == sorted(names, key=str.casefold)
        assert column(table, 1)[:2] == ["Australia", "Brazil"] if edition == "markets en" else ["澳大利亚", "巴西"]


def test_periods_have_an_order_of_their_own(visit: Open) -> None:
    page = visit("markets en")
    table = page.locator("table").filter(has=page.locator("tbody tr:first-child th .k")).first
    assert table.locator("th button").count() > 0
    assert table.locator("th:first-child button").count() == 0


def test_accounts_are_not_sorted(visit: Open) -> None:
    page = visit("development en")
    assert page.locator(".accounts").count() > 0
    assert page.locator(".accounts button").count() == 0


def test_a_table_whose_cells_have_their_own_units_is_not_sorted(browser: Any, editions: Mapping[str, Path]) -> None:
    """As accounts are and the table of revisions: what is else sorted, marked as they are."""
    said = (editions["world_economy en"] / "briefing.html").read_text()
    buttons = {}
    for mark in ("", " data-mixed"):
        page = browser.new_page()
        page.set_content(re.sub(r'(<figure class="table" id="[^"]*")>', rf"\1{mark}>", said))
        buttons[mark] = page.locator(".table .sort").count()
        page.close()
    assert buttons[""] > 0
    assert buttons[" data-mixed"] == 0


def test_the_contents_mark_the_section_that_is_read(visit: Open) -> None:
    page = visit("world_economy en")
    links = page.locator("nav.contents a")
    for number in (1, 3, 0):
        links.nth(number).click()
        page.wait_for_function(
            "(text) => [...document.querySelectorAll('nav.contents a[aria-current]')]"
            ".map((link) => link.innerText).join() === text",
            arg=links.nth(number).inner_text(),
        )
        assert page.locator("nav.contents").bounding_box()["y"] >= 0
    page.set_viewport_size({"width": 390, "height": 900})
    links.first.wait_for(state="hidden")
    page.locator("nav.contents summary").click()
    links.first.wait_for(state="visible")


def test_the_first_stop_of_the_keyboard_leads_to_the_findings(visit: Open) -> None:
    page = visit("markets zh", "phone")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.wait_for_url("**#findings")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.findings') !== null")


def test_a_note_opens_and_escape_leads_back(visit: Open) -> None:
    page = visit("markets en", "phone")
    link = page.locator(".findings a.n").nth(1)
    link.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    note = page.locator(".group:has(:target)")
    assert link.inner_text() in note.inner_text()
    assert note.bounding_box()["y"] + note.bounding_box()["height"] <= 901
    page.keyboard.press("Escape")
    page.locator(".group:has(:target)").wait_for(state="detached")
    assert link.evaluate("link => link === document.activeElement")
    assert abs(page.evaluate("scrollY") - before) < 900


def saved(page: Any, figure: Any, kind: str) -> bytes:
    with page.expect_download() as waited:
        figure.locator(f"button[data-act=save][data-as={kind}]").click()
    assert waited.value.suggested_filename == f"{figure.get_attribute('id')}.{kind}"
    return Path(waited.value.path()).read_bytes()


@pytest.mark.parametrize("edition", ["world_economy en", "markets zh"])
def test_a_chart_is_saved_with_its_words_and_its_data(visit: Open, editions: Mapping[str, Path], edition: str) -> None:
    page = visit(edition, "phone", color_scheme="dark")
    figure = page.locator("figure.chart").nth(1)
    figure.locator(".tools summary").click()
    root = ET.fromstring(saved(page, figure, "svg"))
    drawn = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    for part in (".title", ".subtitle", ".under"):
        words = figure.locator(part).first.text_content()
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", drawn)
    assert root.find(f"{SVG}title") is not None
    image = Image.open(BytesIO(saved(page, figure, "png")))
    assert image.size == tuple(round(float(root.get(side, "0")) * 2) for side in ("width", "height"))
    assert image.convert("RGB").getpixel((4, 4)) == (255, 255, 255)
    assert len(image.convert("L").getcolors(1 << 20)) > 10
    text = saved(page, figure, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    every = (editions[edition] / "data.csv").read_text(encoding="utf-8-sig")
    known = {(row["period"], float(row["value"]), row["unit"]) for row in csv.DictReader(io.StringIO(every))}
    assert len(rows) == len(json.loads(figure.locator("script").text_content())["marks"])
    assert {(row["period"], float(row["value"]), row["unit"]) for row in rows} <= known
    assert {row["source"] for row in rows} == {" ".join(figure.locator(".under").inner_text().split())}


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_a_chart_is_copied(visit: Open, kind: str) -> None:
    page = visit("world_economy en", permissions=["clipboard-read", "clipboard-write"])
    figure = page.locator("figure.chart").first
    figure.locator(".tools summary").click()
    figure.locator(f"button[data-act=copy][data-as={kind}]").click()
    done = figure.locator(".done")
    done.filter(has_text=re.compile(".")).wait_for()
    assert done.inner_text() == "Copied."
    kinds = page.evaluate("navigator.clipboard.read().then((items) => items[0].types)")
    assert kinds == ["image/png" if kind == "png" else "text/plain"]
    if kind != "png":
        text = page.evaluate("navigator.clipboard.readText()")
        assert text.startswith({"svg": "<svg", "csv": "series,period,value,unit"}[kind])


def test_where_copying_is_not_allowed_the_page_says_so(visit: Open) -> None:
    page = visit("world_economy zh")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    figure = page.locator("figure.chart").first
    figure.locator(".tools summary").click()
    figure.locator("button[data-act=copy][data-as=csv]").click()
    figure.locator(".done").filter(has_text=re.compile(".")).wait_for()
    assert "保存" in figure.locator(".done").inner_text()


def test_nothing_moves_for_those_who_want_no_motion(visit: Open) -> None:
    page = visit("world_economy en", reduced_motion="reduce")
    page.locator(".findings a.n").first.click()
    page.locator(".picture.wide").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
