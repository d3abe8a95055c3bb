"""`editions verify`: what is proven of editions and of PDFs that readers hold, and what no longer is."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pypdf
import pytest

from briefings.audit import received, recompute, verified
from briefings.audit.received_pdf import take_apart
from briefings.cli.main import run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EDITION = "tourism/riverton/2026-10/en/r1"


def command(root: Path, *arguments: str) -> int:
    return run(["--project", str(root), "--now", "2026-11-21T08:00+08:00", "-q", *arguments])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project with its English edition."""
    root = tmp_path_factory.mktemp("verify")
    shutil.copytree(ROOT / "templates/starter", root, dirs_exist_ok=True)
    assert command(root, "ingest") == 0
    assert command(root, "build", "--language", "en") == 0
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of it to be damaged."""
    return Path(shutil.copytree(built, tmp_path / "project"))


@pytest.fixture
def verify(project: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Exit code and output of `editions verify`; it must leave every byte of the project as it is."""

    def verify(*what: str) -> tuple[int, str]:
        before = everything(project)
        capsys.readouterr()
        code = command(project, "editions", "verify", *what)
        assert everything(project) == before
        told = capsys.readouterr()
        return code, told.out + told.err

    return verify


def everything(root: Path) -> dict[str, str]:
    paths = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


Verify = Callable[..., tuple[int, str]]


def test_all_of_an_edition_is_proven(verify: Verify, project: Path, tmp_path: Path) -> None:
    code, told = verify(EDITION)
    assert code == 0
    assert told.count("proven ") == 4
    assert re.search(r"(\d+) of \1 follow from the snapshots \(.*count \d+, growth \d+, level \d+, rank \d+", told)
    assert "no later revision of it is filed here" in told
    elsewhere = shutil.copytree(project / "data/editions" / EDITION, tmp_path / "copy")
    assert verify(str(elsewhere))[0] == 0
    assert verify("--all")[0] == 0


def test_nothing_named_is_a_wrong_request(verify: Verify) -> None:
    assert verify() == (2, "Name what is to be verified: editions, folders, PDFs, or --all.\n")


def test_a_changed_a_lacking_and_a_foreign_file(verify: Verify, project: Path) -> None:
    folder = project / "data/editions" / EDITION
    (folder / "mail.txt").write_text("other")
    (folder / "data.csv").unlink()
    (folder / "more.txt").write_text("new")
    code, told = verify(EDITION)
    assert code == 1
    for line in ("data.csv is gone", "mail.txt was altered since it was filed", "more.txt was never filed with it"):
        assert line in told
    filed = len(json.loads((folder / "manifest.json").read_text())["files"])
    assert f"NOT PROVEN  files         {filed - 2} of {filed} are as they were filed" in told
    assert re.search(r"(?m)^proven      figures       (\d+) of \1 follow", told)


def test_figures_are_recomputed_from_the_briefing_where_their_file_is_damaged(verify: Verify, project: Path) -> None:
    (project / "data/editions" / EDITION / "figures.json").write_text("[]")
    code, told = verify(EDITION)
    assert code == 1
    assert "figures.json was altered since it was filed" in told
    assert re.search(r"(?m)^proven      figures       (\d+) of \1 follow", told)


def test_a_manifest_that_was_altered_with_its_file(verify: Verify, project: Path) -> None:
    """Whoever changes a value in the briefing and sets its checksum right is found by the content hash."""
    folder = project / "data/editions" / EDITION
    manifest = json.loads((folder / "manifest.json").read_text())
    text = (folder / "briefing.json").read_text("utf-8").replace('"decimals": 1', '"decimals": 2', 1)
    (folder / "briefing.json").write_text(text, encoding="utf-8")
    manifest["files"]["briefing.json"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, told = verify(EDITION)
    assert code == 1
    assert "the content hash is not that of its briefing; the manifest was altered" in told
    assert "figures.json and briefing.json tell different figures" in told


@pytest.mark.parametrize(("damage", "why"), [("gone", "cannot be read"), ("altered", "was altered since it was kept")])
def test_a_snapshot_gone_or_altered(damage: str, why: str, verify: Verify, project: Path) -> None:
    (snapshot,) = (path for path in (project / "data/snapshots").iterdir() if len(path.name) == 64)
    if damage == "gone":
        snapshot.unlink()
    else:
        snapshot.write_bytes(snapshot.read_bytes().replace(b"1", b"2", 1))
    code, told = verify(EDITION)
    assert code == 1
    assert re.search(r"(?m)^proven      files         \d+ are as they were filed", told)
    assert "NOT PROVEN  snapshots     0 of 1 there and unaltered" in told
    assert f"the snapshot {why}" in told
    assert re.search(r"\d+ figures rest on it\.", told)
    assert re.search(r"NOT PROVEN  figures       0 of \d+ follow from the snapshots", told)


def alter_store(root: Path) -> None:
    """Another value in the store, under a name that is its own digest, as one who knows the store would write it."""
    (path,) = (root / "data/observations").rglob("*.parquet")
    table = pq.read_table(path)
    last = pc.equal(table["period"], "2026-10")
    values = pc.if_else(last, pc.multiply(table["value"], 1.07), table["value"])
    table = table.set_column(table.column_names.index("value"), table.schema.field("value"), values)
    content = io.BytesIO()
    pq.write_table(table.cast(pq.read_schema(path)), content)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:16]
    path.with_name(path.name.replace(path.stem.split("-")[-1].split(".")[-1], digest)).write_bytes(content.getvalue())
    path.unlink()


def test_a_value_changed_in_the_store_and_not_in_the_snapshot(verify: Verify, project: Path) -> None:
    alter_store(project)
    received = project / "data/editions" / EDITION / "briefing.pdf"
    assert command(project, "build", "--language", "en") == 0
    code, told = verify(EDITION.replace("r1", "r2"))
    assert code == 1
    assert "proven      snapshots     1 is there and unaltered" in told
    assert "DIFFERS: tourism, row=" in told
    assert "the snapshot says" in told
    code, told = verify(str(received))
    assert code == 0
    assert f"authentic: byte for byte the PDF of {EDITION}, filed on 2026-11-21" in told
    assert "superseded by tourism/riverton/2026-10/en/r2, built on 2026-11-21" in told
    assert "growth on year of overnight_stays, lakeside, 2026-10: 11.9% (was 4.6%)" in told


def test_a_damaged_file_of_the_store(verify: Verify, project: Path) -> None:
    (path,) = (project / "data/observations").rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    code, told = verify(EDITION)
    assert code == 1
    assert re.search(r"(\d+) of \1 follow from the snapshots", told)
    assert path.name in told
    assert "Editions are proven without it; as-of builds are not what they were." in told


# PDFs


def pypdf_saves(content: bytes) -> bytes:
    saved = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(content)).write(saved)
    return saved.getvalue()


def pages_alone(content: bytes) -> bytes:
    writer, saved = pypdf.PdfWriter(), io.BytesIO()
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page)
    writer.write(saved)
    return saved.getvalue()


def pikepdf_saves(content: bytes) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(saved, linearize=True)
    return saved.getvalue()


def other_words(content: bytes) -> bytes:
    """The letters of the longest word on page one stand in reverse."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        stream = page.Contents.read_bytes()
        word = max(re.findall(rb"<([0-9a-f]{8,})>", stream), key=len)
        letters = [word[at : at + 4] for at in range(0, len(word), 4)]
        page.Contents = pdf.make_stream(stream.replace(word, b"".join(reversed(letters)), 1))
        pdf.save(saved)
    return saved.getvalue()


def other_figures(content: bytes) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = pdf.attachments["figures.json"].get_file().read_bytes().replace(b"11.0%", b"12.0%")
        pdf.attachments["figures.json"] = pikepdf.AttachedFileSpec(pdf, told, filename="figures.json")
        pdf.save(saved)
    return saved.getvalue()


def not_ours(content: bytes) -> bytes:
    writer, saved = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(saved)
    return saved.getvalue()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("made", "says", "still_proven"),
    [
        (pypdf_saves, "saved again by another program; all that was filed still stands in it", 4),
        (pikepdf_saves, "saved again by another program; all that was filed still stands in it", 4),
        (pages_alone, "saved again by pypdf; its pages are as filed, what was attached is gone", 2),
        (other_words, "altered", 2),
        (other_figures, "altered", 3),
        (lambda content: content[: len(content) // 2], "what is there is as filed, the rest is missing", 0),
        (lambda content: content + b"\n%%EOF\n", "with 7 bytes added behind it: another program saved into it", 1),
        (not_ours, "not ours, as far as can be told: it names no edition", 0),
        (lambda content: b"%PDF-1.7\n" + content[4000:9000], "nothing is proven: it cannot be opened as a PDF", 0),
        (lambda content: b"minutes of a meeting", "nothing is proven: it cannot be opened as a PDF", 0),
    ],
)
def test_a_pdf_that_is_not_the_file(
    made: Callable[[bytes], bytes], says: str, still_proven: int, verify: Verify, project: Path, tmp_path: Path
) -> None:
    pdf = tmp_path / "received.pdf"
    pdf.write_bytes(made((project / "data/editions" / EDITION / "briefing.pdf").read_bytes()))
    code, told = verify(str(pdf))
    assert code == 1
    assert says in told
    assert sum(line.startswith("proven ") for line in told.splitlines()) == still_proven


def test_what_differs_is_quoted(verify: Verify, project: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "received.pdf"
    pdf.write_bytes(other_words((project / "data/editions" / EDITION / "briefing.pdf").read_bytes()))
    told = verify(str(pdf))[1]
    assert "NOT PROVEN  text          other than filed on 1 of 4 pages: 1" in told
    assert "page 1: filed '" in told
    assert "NOT PROVEN  looks         other than filed on 1 of 4 pages: 1" in told


@pytest.mark.filterwarnings("ignore")
def test_a_pdf_of_an_edition_that_is_not_here(verify: Verify, project: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "received.pdf"
    content = (project / "data/editions" / EDITION / "briefing.pdf").read_bytes()
    shutil.rmtree(project / "data/editions")
    pdf.write_bytes(content)
    code, told = verify(str(pdf))
    assert code == 1
    assert f"calls itself {EDITION}, content hash " in told
    assert "that edition is not in this archive: nothing proves who made it" in told
    assert (
        "proven      figures       its pages print every number of its own figures.json, as often as that says" in told
    )
    pdf.write_bytes(other_figures(content))
    told = verify(str(pdf))[1]
    assert "NOT PROVEN  figures       its pages do not print all that its own figures.json says" in told
    assert "12.0% (" in told
    pdf.write_bytes(pages_alone(content))
    assert "no figures.json is attached: its numbers lead nowhere" in verify(str(pdf))[1]


def test_the_library_says_the_same(project: Path) -> None:
    """What the command prints comes from values that others can use."""
    from briefings.archive import Archive
    from briefings.store import Store

    archive = Archive(project / "data/editions")
    store = Store(project / "data/observations", project / "data/snapshots")
    edition = archive.find(EDITION)
    assert verified.all_hold(verified.verify_edition(edition, archive, store.snapshot))
    verdicts = recompute.recompute(edition.figures(), store.snapshot)
    assert {verdict.state for verdict in verdicts} == {"proven"}
    assert all(proven == there for _, proven, there in recompute.by_kind(verdicts))
    statements = received.verify_pdf(edition.read("briefing.pdf"), archive, take_apart)
    assert [statement.holds for statement in statements] == [True, None]


# The way back on the command line


def trace(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = command(root, "trace", EDITION, *arguments)
    told = capsys.readouterr()
    return code, told.out + told.err


def a_growth(root: Path) -> str:
    figures = json.loads((root / "data/editions" / EDITION / "figures.json").read_bytes())
    return next(f["id"] for f in figures if f["kind"] == "growth" and f["printed"] and f["period"] == "2026-10")


def test_a_figure_is_traced_to_its_cells(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = trace(project, capsys, a_growth(project))
    assert code == 0
    assert "formula    (a / b - 1) * 100" in told
    assert told.count("source     tourism, Example Tourism Bureau, published ") == 2
    for line in (r"printed    .*%   \(", r"a =        \d+\.0 \w+", r"locator    row=\d+,column=", r'reads      "\d+"'):
        assert re.search(line, told), line


def test_a_trace_goes_on_where_files_are_damaged(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure = a_growth(project)
    (project / "data/editions" / EDITION / "figures.json").write_text("[]")
    code, told = trace(project, capsys, figure)
    assert code == 1
    assert "figures.json was altered since it was filed" in told
    assert "What follows is told by briefing.json." in told
    assert told.count("reads      ") == 2
    code, told = trace(project, capsys, "--find", "%")
    assert code == 2
    assert f"What {EDITION} printed stood in figures.json; leave --find out to list its figures." in told
    for snapshot in (project / "data/snapshots").iterdir():
        snapshot.unlink()
    code, told = trace(project, capsys, figure)
    assert code == 1
    assert told.count("reads      NOTHING: ") == 2
    assert "What the edition quotes: " in told


def test_a_file_that_is_not_there_is_no_edition(verify: Callable[..., tuple[int, str]]) -> None:
    assert verify("gone.pdf") == (
        2,
        "gone.pdf: there is no such file; name a PDF that can be read, or the id of an edition.\n",
    )
