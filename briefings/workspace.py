"""Where things are: the folders and files of a project, and the package's own templates.

In: the root of a project. Out: paths. Nothing is read or written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from briefings.errors import RequestError

NO_PROJECT = "Run `briefings init DIR` to begin one, or name a project with --project DIR."


@dataclass(frozen=True)
class Workspace:
    """A project: `config/` that people edit, `data/` that the program keeps, `templates/` that override its own."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """The project at `start`. Raises `RequestError` where there is no `config/project.yaml`."""
        root = start.resolve()
        if not (root / "config" / "project.yaml").is_file():
            above = next((each for each in root.parents if (each / "config" / "project.yaml").is_file()), None)
            raise RequestError(
                f"{start}: no project here, config/project.yaml is lacking.\n"
                + (f"The project is further up: go there, or write --project {above}." if above else NO_PROJECT)
            )
        return cls(root)

    @property
    def project_file(self) -> Path:
        return self.root / "config" / "project.yaml"

    @property
    def indicator_files(self) -> tuple[Path, ...]:
        return self._files("indicators")

    @property
    def place_files(self) -> tuple[Path, ...]:
        return self._files("places")

    @property
    def source_files(self) -> tuple[Path, ...]:
        return self._files("sources")

    @property
    def decision_files(self) -> tuple[Path, ...]:
        """None where nothing was decided yet."""
        return tuple(path for path in self._files("decisions") if path.exists())

    @property
    def correction_files(self) -> tuple[Path, ...]:
        """None where nothing had to be corrected yet."""
        return tuple(path for path in self._files("corrections") if path.exists())

    @property
    def remark_files(self) -> tuple[Path, ...]:
        """None where no source says anything without a figure."""
        return tuple(path for path in self._files("remarks") if path.exists())

    @property
    def review_files(self) -> tuple[Path, ...]:
        """None where no figure of a document was reviewed yet."""
        return tuple(path for path in self._files("reviews") if path.exists())

    @property
    def recipient_files(self) -> tuple[Path, ...]:
        """None where nothing is sent."""
        return tuple(path for path in self._files("recipients") if path.exists())

    @property
    def commentary_files(self) -> tuple[Path, ...]:
        """What people write beside the figures, a file an edition; not the hidden ones, which editors leave."""
        found = (self.root / "config" / "commentary").rglob("*.md")
        return tuple(sorted(path for path in found if not path.name.startswith(".")))

    def review_file(self, source: str) -> Path:
        """Where the decisions on figures of a source are written."""
        return self.root / "config" / "reviews" / f"{source}.yaml"

    @property
    def theme_files(self) -> tuple[Path, ...]:
        return _yaml_in(self.root / "config" / "themes")

    def _files(self, name: str) -> tuple[Path, ...]:
        """`config/<name>.yaml` and `config/<name>/*.yaml`; the first even if it is lacking and the folder is too."""
        single = self.root / "config" / f"{name}.yaml"
        several = _yaml_in(self.root / "config" / name)
        return (single, *several) if single.exists() or not several else several

    @property
    def snapshots(self) -> Path:
        return self.root / "data" / "snapshots"

    @property
    def observations(self) -> Path:
        return self.root / "data" / "observations"

    @property
    def rejects(self) -> Path:
        return self.root / "data" / "rejects"

    @property
    def editions(self) -> Path:
        return self.root / "data" / "editions"

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for: the project's own first, then the package's."""
        own = self.root / "templates"
        packaged = builtin("templates")
        return (own, packaged) if own.is_dir() and own.resolve() != packaged.resolve() else (packaged,)


def _yaml_in(folder: Path) -> tuple[Path, ...]:
    """The YAML files of a folder under either ending; not the hidden ones, which editors leave beside an open file."""
    found = (path for ending in ("*.yaml", "*.yml") for path in folder.glob(ending))
    return tuple(sorted(path for path in found if not path.name.startswith(".")))


def builtin(name: str) -> Path:
    """A folder that comes with the program: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_builtin" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the installation is damaged: the folder {name!r} is lacking beside {package}")
