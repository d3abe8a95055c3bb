"""Settings: the files of a project held against one another, every mistake at its place."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.cli.main import run
from briefings.errors import ConfigurationError
from briefings.settings import Settings, load
from briefings.workspace import Workspace, builtin


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project that `briefings init` begins."""
    root = tmp_path / "project"
    shutil.copytree(builtin("templates") / "starter", root)
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def settings(root: Path) -> Settings:
    return load(Workspace.find(root))


def complaints(root: Path) -> list[str]:
    """The first line of each complaint."""
    with pytest.raises(ConfigurationError) as caught:
        settings(root)
    return [complaint.splitlines()[0] for complaint in caught.value.complaints]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "places.yaml",
            "{en: Riverton, zh: 河城市}",
            "{en: Riverton}",
            "config/places.yaml:5:20: places.riverton.name: no name in 'zh', in which the theme 'tourism' makes "
            "editions; add it",
        ),
        (
            "indicators.yaml",
            "{en: Overnight stays, zh: 过夜游客人次}",
            "{zh: 过夜游客人次}",
            "config/indicators.yaml:5:11: indicators.overnight_stays.name: no name in 'en', in which the theme "
            "'tourism' makes editions; add it",
        ),
        (
            "themes/tourism.yaml",
            "{en: Tourism briefing, zh: 旅游经济简报}",
            "{en: Tourism briefing}",
            "config/themes/tourism.yaml:4:8: title: no title in 'zh', in which the theme's editions are written; "
            "add it",
        ),
        (
            "themes/tourism.yaml",
            "{en: Overnight stays, zh: 过夜游客}",
            "{en: Overnight stays}",
            "config/themes/tourism.yaml:11:12: sections[0].title: no title in 'zh', in which the theme's editions "
            "are written; add it",
        ),
    ],
)
def test_a_name_that_an_edition_will_lack_is_told_before_it_is_built(
    project: Path, file: str, old: str, new: str, complaint: str
) -> None:
    edit(project / "config" / file, old, new)
    assert complaints(project) == [complaint]


def test_a_project_in_one_language_needs_names_in_that_one_alone(project: Path) -> None:
    edit(project / "config/project.yaml", "languages: [en, zh]", "languages: en")
    edit(project / "config/themes/tourism.yaml", "{en: Tourism briefing, zh: 旅游经济简报}", "Tourism briefing")
    edit(project / "config/places.yaml", "{en: Riverton, zh: 河城市}", "Riverton")
    assert list(settings(project).themes) == ["tourism"]


def test_places_that_lie_within_one_another_are_told(project: Path) -> None:
    edit(project / "config/places.yaml", "kind: province}", "kind: province, within: riverton}")
    assert complaints(project) == [
        "config/places.yaml:4:71: places.riverland.within: 'riverland' lies within itself (riverland, riverton, "
        "riverland); name the place that holds it",
        "config/places.yaml:5:65: places.riverton.within: 'riverton' lies within itself (riverton, riverland, "
        "riverton); name the place that holds it",
    ]


def test_both_endings_of_yaml_are_read_and_hidden_files_are_not(project: Path) -> None:
    themes = project / "config/themes"
    (themes / ".#tourism.yaml").symlink_to("somebody@somewhere")  # an editor's lock
    (themes / "tourism.yaml").rename(themes / "tourism.yml")
    assert list(settings(project).themes) == ["tourism"]


def test_an_indicator_of_a_topic_without_a_name_is_left_out_and_said(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "themes").mkdir(parents=True)
    (config / "project.yaml").write_text("title: B\npublisher: Desk\nlanguages: [en, zh]\n")
    (config / "sources.yaml").write_text("sources: {}\n")
    (config / "places.yaml").write_text("places:\n  town: {name: {en: Town, zh: 市}, kind: city}\n")
    (config / "indicators.yaml").write_text(
        "indicators:\n"
        "  loans: {name: {en: Loans, zh: 贷款}, unit: CNY, nature: stock, topic: finance}\n"
        "  bonds: {name: Bonds, unit: CNY, nature: stock, topic: finance}\n"
    )
    (config / "themes" / "finance.yaml").write_text(
        "theme: finance\ntitle: {en: Finance, zh: 财政}\nplaces: {each: town}\ncadence: annual\ntopics: finance\n"
    )
    assert load(Workspace(tmp_path)).advice == (
        "config/indicators.yaml:3:17: indicators.bonds.name: no name in 'zh'; "
        "its figures are left out of 'finance'; add it",
    )


RECIPIENTS = """\
channels: {shelf: {kind: folder, path: out}}
owners: {tourism: desk}
recipients: {desk: {name: Desk, languages: en, by: shelf, receives: {themes: tourism, places: all}}}
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("themes/tourism.yaml", "cadence: monthly", "cadence: montly", "config/themes/tourism.yaml:6:10: cadence: "),
        ("themes/tourism.yaml", "theme: tourism", "theme: [", "config/themes/tourism.yaml:"),
        ("project.yaml", "languages: [en, zh]", "languages: [en, tlh]", "config/project.yaml:6:17: languages[1]: "),
    ],
)
def test_a_mistake_is_not_told_again_of_the_readers(
    project: Path, file: str, old: str, new: str, complaint: str
) -> None:
    (project / "config/recipients.yaml").write_text(RECIPIENTS)
    edit(project / "config" / file, old, new)
    (told,) = complaints(project)
    assert told.startswith(complaint)


def test_one_value_is_corrected_once(project: Path) -> None:
    entry = (
        "  - {indicator: overnight_stays, place: riverton, period: 2026-04, expected: 1, value: %s, reason: typing, "
        "provider: Desk, when: 2026-11-%s}\n"
    )
    (project / "config/corrections.yaml").write_text("corrections:\n" + entry % (2, 20) + entry % (3, 21))
    assert complaints(project) == [
        "config/corrections.yaml:3:5: corrections[1]: the same value is corrected at config/corrections.yaml:2 too; "
        "keep one of the two"
    ]


# Known, and without effect

READERS = """
channels:
  shelf: {kind: folder, path: out}
  other: {kind: folder, path: out2}
owner: desk
recipients:
  desk: {name: Desk, languages: en, by: shelf}
  guest: {name: Guest, languages: en, by: shelf}
  office: {name: Office, languages: [en, zh], by: shelf, receives: {themes: all, places: [riverton, hillford, cities]}}
"""


def test_what_is_known_and_has_no_effect_is_told_and_no_mistake(project: Path) -> None:
    config = project / "config"
    edit(config / "indicators.yaml", "indicators:\n", "indicators:\n  beds: {name: B, unit: item, nature: stock}\n")
    edit(
        config / "sources.yaml",
        "sources:\n",
        "sources:\n  houses:\n    {path: a.csv, published: on ingest, period: M, place: C, values: {B: beds}}\n"
        "  open:\n    {path: a.csv, published: on ingest, period: M, place: C, value: V, indicator: "
        "{column: I, names: {B: beds}}}\n",
    )
    edit(
        config / "themes/tourism.yaml",
        "beside: cities}",
        "beside: [cities, peers, nation, province, counties]}\nnotable: {thresholds: {beds: 100}}\n"
        "period: {of: {hillford: 2026-01}}",
    )
    (config / "recipients.yaml").write_text(READERS, encoding="utf-8")
    assert settings(project).hints == ()
    told = load(Workspace.find(project), now=datetime(2026, 11, 21, tzinfo=UTC)).hints
    assert list(told) == [
        "config/sources.yaml:5:12: sources.houses.path: a.csv: no such file. Put it there, or correct `path`.",
        "config/sources.yaml:7:12: sources.open.path: a.csv: no such file. Put it there, or correct `path`.",
        "config/sources.yaml:4:3: sources: no theme shows anything of this source (beds)",
        "config/themes/tourism.yaml:5:43: places.beside[1]: 'peers' stands for no place here: no place of the theme "
        "has `peers:` in the places' file",
        "config/themes/tourism.yaml:5:50: places.beside[2]: 'nation' stands for no place here: no place of the theme "
        "lies `within:` one of this kind (country)",
        "config/themes/tourism.yaml:5:68: places.beside[4]: 'counties' stands for no place here: no place is of the "
        "kind 'county'",
        "config/themes/tourism.yaml:7:15: period.of: this theme makes no briefing of 'hillford'; its periods are "
        "never built",
        "config/themes/tourism.yaml:6:24: notable.thresholds: this theme shows no 'beds'; its thresholds are never "
        "passed",
        "config/recipients.yaml:4:3: channels: no recipient is reached by this channel",
        "config/recipients.yaml:8:3: recipients: this recipient gets nothing: it has no `receives:`, and owns no theme",
        "config/recipients.yaml:9:101: recipients.office.receives.places[1]: none of these themes makes a briefing of "
        "'hillford'; they make them of riverton",
    ]


def test_a_title_that_leaves_its_page_little_room_is_told(project: Path) -> None:
    theme = project / "config/themes/tourism.yaml"
    edit(
        theme,
        "{en: Tourism briefing, zh: 旅游经济简报}",
        "{en: 'Of {place}" + " a b" * 28 + "', zh: " + "旅" * 60 + "}",
    )
    edit(theme, "{en: Overnight stays, zh: 过夜游客}", "{en: Overnight stays, zh: " + "过" * 151 + "}")
    edit(project / "config/project.yaml", "publisher: {en: Example Statistics Desk, zh: 示例统计室}", "publisher: Desk")
    told = load(Workspace.find(project), now=datetime(2026, 11, 21, tzinfo=UTC)).hints
    assert [line.replace(" (a Han character takes two)", "") for line in told] == [
        "config/themes/tourism.yaml:4:13: title.en: this title has 123 columns and 4 lines; at most 3 lines, 120 "
        "columns, leave its page room: shorten it",
        "config/themes/tourism.yaml:11:38: sections[0].title.zh: this title has 302 columns and 5 lines; at most 3 "
        "lines, 204 columns, leave its page room: shorten it",
        "config/project.yaml:4:12: publisher: no text in 'zh'; editions in it show that of the other language",
    ]


def test_a_correction_of_no_observation_is_told_once_its_source_was_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "indicator: overnight_stays, place: riverton, reason: typing, provider: Desk, when: 2026-11-20, value: 2"
    (project / "config/corrections.yaml").write_text(
        f"corrections:\n  - {{period: 1999-04, expected: 1, {given}}}\n  - {{period: 2026-10, expected: 1, {given}}}\n"
    )
    at = ["--project", str(project), "--now", "2026-11-21T08:00+08:00"]
    assert run([*at, "check"]) == 0
    assert "corrections.yaml" not in capsys.readouterr().err
    assert run([*at, "ingest"]) == 0
    assert run([*at, "check"]) == 0
    first, second = [line for line in capsys.readouterr().err.splitlines() if "corrections.yaml" in line]
    assert first == (
        "config/corrections.yaml:2:5: the correction of the level of overnight_stays for riverton in 1999-04 matches "
        "no observation; mend what it names, or delete it. No edition with this figure can be built."
    )
    assert second.startswith("config/corrections.yaml:3:5: the correction of the level of overnight_stays for riverton")
    assert " expects 1 " in second


# What the commands say of folders and files


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init", ""], "'' is no name of a folder; write one on one line, or . for this one.\n"),
        (["init", "a\nb"], "'a\\nb' is no name of a folder; write one on one line, or . for this one.\n"),
        (
            ["--project", "{root}/config", "check"],
            "{root}/config: no project here, config/project.yaml is lacking.\n"
            "The project is further up: go there, or write --project {root}.\n",
        ),
        (
            ["check", "{root}/data/inputs/tourism.csv"],
            "{root}/data/inputs/tourism.csv is no file of config/, which `briefings check` reads; name one of those, "
            "or none.\n",
        ),
    ],
)
def test_a_folder_or_file_that_is_not_meant_is_told(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([each.format(root=project) for each in arguments]) == 2
    assert capsys.readouterr().err == said.format(root=project)


def test_a_file_that_is_lacking_is_told_with_what_to_do(project: Path) -> None:
    (project / "config/places.yaml").unlink()
    assert complaints(project)[0] == (
        "config/places.yaml:1:1: the file cannot be read: No such file or directory; write it, or copy it from a "
        "project that `briefings init DIR` begins"
    )
