"""The map as one HTML file that works without a network and carries text and points only, no pictures."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path

from core.atomic import write_text
from core.progress import Reporter, silent
from core.visualise.figure import map_figure
from core.visualise.map_builder import prepare_map
from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.workspace.project import Project

CAVEATS = {
    "pca": "Distances on this map are those of the embeddings as far as the axes carry them.",
    "umap": "Who lies beside whom means something; how far two groups lie apart, and how large they are, does not.",
    "tsne": "Who lies beside whom means something; how far two groups lie apart, and how large they are, does not.",
}
"""What may be read off a map, by method."""

TITLES = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}

POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""The browser is told to load nothing from anywhere. WebGL's shaders are compiled by eval."""

STYLE = """body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; margin: 1.5rem auto; max-width: 1200px;
padding: 0 1rem } h1 { font-size: 1.5rem } p { color: #52606d } table { border-collapse: collapse }
td, th { padding: .15rem .9rem .15rem 0; text-align: left } td + td { text-align: right }"""


def map_html(data: MapData, *, title: str) -> str:
    """The document, Plotly included (about 5 MB). Names are escaped; nothing is loaded from outside."""
    settings = data.projection.settings
    chart = map_figure(data, height=720).to_html(
        full_html=False, include_plotlyjs=True, config={"displaylogo": False, "scrollZoom": True}
    )
    about = (
        f"{TITLES[settings.method]} in {settings.dimensions} dimensions of {len(data.faces):,} faces of "
        f"{len(set(data.labels)):,} characters by the encoder {data.encoder}. {CAVEATS[settings.method]}"
    )
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{n:,}</td></tr>" for name, n in sorted(Counter(data.labels).items())
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(about)}</p>
{chart}
<table><tr><th>Character</th><th>Faces</th></tr>{rows}</table>
</body>
</html>
"""


def write_map(data: MapData, out: Path, *, title: str) -> Path:
    """Write the document atomically."""
    return write_text(out, map_html(data, title=title))


def export_map(
    project: Project,
    encoder: Path,
    out: Path,
    settings: MapSettings | None = None,
    *,
    report: Reporter = silent,
) -> tuple[Path, int]:
    """Prepare the map and write it as one HTML file; its path and the number of faces on it."""
    data = prepare_map(project, encoder, report, settings)
    return write_map(data, out, title=f"Map of {project.workspace.name}"), len(data.faces)
