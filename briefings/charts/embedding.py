"""Charts that answer to the pointer, in a page without a network.

In: a specification. Out: JSON that is safe inside a `<script>` element, and the Vega runtime that vl-convert carries,
as one script for the page. The pictures that stand in the page until (or unless) that script runs come from `drawing`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import tempfile
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

#: What could end or confuse a script element, as JSON writes it otherwise.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def interactive(specification: dict[str, Any]) -> str:
    """The specification as JSON for `<script type="application/json">`: no `<`, `>` or `&`, no line separators."""
    plain = {key: value for key, value in specification.items() if key != "usermeta"}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).translate(_ESCAPES)


@cache
def bundle(folder: Path | None = None) -> str:
    """The script that makes charts of a page interactive, with Vega in it: 0.9 MB, the same bytes on every machine.

    It looks for `<script type="application/json" data-chart="ID">` and draws that chart into the element with the id ID
    in place of the picture there. Expressions are interpreted and not compiled, so that a page may forbid `eval`;
    nothing is fetched. A chart that fails leaves its picture as it was.

    Making it takes 2.5 s: it is kept in `folder`, where one is given, for other processes.
    """
    if folder is None:
        return _make()
    recipe = hashlib.sha256(f"{metadata.version('vl-convert-python')}{_BOOT}".encode()).hexdigest()
    kept = folder / f"vega-{recipe[:16]}.js"
    script = _read(kept)
    if script is None:
        script = _make()
        _keep(kept, f"/*{_checksum(script)}*/{script}")
    return script


def _make() -> str:
    import vl_convert

    script = str(vl_convert.javascript_bundle(_BOOT))
    return re.sub("</(?=script)", r"<\\/", script, flags=re.IGNORECASE)


def _read(path: Path) -> str | None:
    """What was kept, or None where there is nothing or it is damaged: the checksum of the rest stands at its head."""
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    head, script = text[:68], text[68:]
    return script if head == f"/*{_checksum(script)}*/" else None


def _checksum(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


def _keep(path: Path, text: str) -> None:
    """Written beside and moved into place. A folder that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}-", delete=False
        ) as beside:
            beside.write(text)
        Path(beside.name).replace(path)


_BOOT = """
const refuse = () => Promise.reject(new Error("charts load nothing"));
const loader = {load: refuse, http: refuse, file: refuse, sanitize: refuse, options: {}};
const draw = (source) => {
  const place = document.getElementById(source.dataset.chart);
  if (!place) return;
  const canvas = document.createElement("div");
  const options = {mode: "vega-lite", ast: true, renderer: "svg", actions: false, loader: loader, defaultStyle: false};
  vegaEmbed(canvas, JSON.parse(source.textContent), options)
    .then(() => {
      const drawn = canvas.querySelector("svg");
      const picture = place.querySelector("svg");
      if (!drawn || !picture) return;
      for (const name of ["class", "role", "aria-labelledby", "aria-describedby"])
        if (picture.hasAttribute(name)) drawn.setAttribute(name, picture.getAttribute(name));
      for (const words of Array.from(picture.querySelectorAll(":scope > title, :scope > desc")).reverse())
        drawn.prepend(words);
      picture.replaceWith(canvas);
    })
    .catch((error) => console.error(error));
};
const start = () => document.querySelectorAll('script[type="application/json"][data-chart]').forEach(draw);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
"""
