"""The files that make editions a house's own, looked at before anything is made of them: logo and fonts.

In: a project's folder and the paths and names that `config/project.yaml` gives. Out: `HouseFiles`: the picture that is
safe to show, with its size (`logo`), and the fonts of the project (`faces`). What is wrong with a file becomes a
complaint at its line (`checking`). How they are set is decided in `render`.
"""

from briefings.house.checking import HouseFiles, check, check_since
from briefings.house.faces import Face, Faces, letters_of
from briefings.house.logo import Logo

__all__ = ["Face", "Faces", "HouseFiles", "Logo", "check", "check_since", "letters_of"]
