"""Visualise: where the faces lie, which labels look wrong, who is taken for whom, and what the encoder is worth."""

from __future__ import annotations

import streamlit as st

from core import metrics
from core.errors import DataError, EncoderError
from core.suspects import suspects
from core.train.step import evaluate_workspace, judged_weights, split_of
from core.vision.embeddings import cached_embeddings
from core.visualise.confused import confused_pairs
from core.visualise.export import HONEST, TITLES, map_html
from core.visualise.figure import map_figure
from core.visualise.odd import odd_faces
from core.visualise.projection import MapSettings
from core.visualise.step import MapData, forget_confirmed, is_confirmed, mapped_faces, ready_map
from core.workspace.models import encoder_in_use, encoder_names, encoder_path
from ui.confused_view import confused_view
from ui.errors import told
from ui.face_actions import picked_faces
from ui.figures_view import figures_view
from ui.header import open_page
from ui.jobs import job_panel, show_twin, start_button
from ui.links import link
from ui.map_view import picked_ids
from ui.suspect_cards import suspect_cards
from ui.undo import undo_buttons
from ui.words import count, plain

workspace, catalogue = open_page(
    "Visualise", "visualise", intro="Every face is a point; faces that the encoder finds alike lie together."
)
faces, labels = mapped_faces(catalogue)
if not faces:
    st.info("There are no faces in this workspace yet. Find them on the pictures first.", icon=":material/crop:")
    link("crop")
    st.stop()
try:
    in_use = encoder_in_use(workspace, catalogue)
except EncoderError as error:
    st.info(plain(str(error)), icon=":material/model_training:")
    link("train")
    st.stop()


@st.cache_data(show_spinner=False, max_entries=8)
def _findings(key: str, _data: MapData):
    """Suspects, odd faces and confused pairs of a map; the key changes with its faces, labels and encoder."""
    found = suspects(_data.embeddings, _data.labels)
    odd = odd_faces(_data.embeddings, _data.labels)
    return found, odd, confused_pairs(_data.embeddings, _data.labels)


with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    method = st.segmented_control(
        "Projection", list(TITLES), default="umap", format_func=TITLES.get, key="method", required=True
    )
    dimensions = st.segmented_control(
        "Dimensions", [2, 3], default=2, format_func="{}D".format, key="dimensions", required=True
    )
    names = encoder_names(workspace)
    encoder = st.selectbox("Encoder", names, index=names.index(in_use.name), key=f"encoder_{in_use.name}", width=260)
    write_names = st.toggle("Names", True, key="write_names")
    ring = st.toggle("Ring the suspicious", False, key="ring", disabled=dimensions == 3)
settings = MapSettings(method, dimensions)
weights = encoder_path(workspace, encoder)
arguments = ["--method", method, "--dimensions", dimensions, "--encoder", encoder]
data = wanted = drawn = None
with told():
    wanted = ready_map(workspace, catalogue, weights, settings)
    data = wanted or ready_map(workspace, catalogue, weights, MapSettings("pca", dimensions))


def _begun(job) -> None:
    """Once all faces are embedded there is a PCA to look at, while the job goes on."""
    if data is None and job.progress is not None and job.progress.stage == method != "pca":
        st.rerun()


job_panel(workspace, "map", key="map_job", draw=_begun, quiet=True)
outdated = data is not None and (data.unseen or (wanted is not None and wanted.placed))
if wanted is None or outdated:
    if data is None:
        st.info(
            f"The encoder has not seen these {count(len(faces), 'face')} yet. It takes about a minute.",
            icon=":material/scatter_plot:",
        )
    elif wanted is None:
        st.info(f"This is the PCA. {TITLES[method]} is not made yet: it takes a moment.", icon=":material/hourglass:")
    else:
        st.info(f"{count(data.unseen + wanted.placed, 'face')} came after this map was made.", icon=":material/update:")
    file = workspace.cache / "map.html"
    start_button(
        workspace, "map", ["--out", file, *arguments], f"Make the {TITLES[method]} map", key="map_start",
        show_command=False,
    )  # fmt: skip
if data is None:
    show_twin(workspace, "map", ["--out", "map.html", *arguments])
    st.stop()

found, odd, pairs = _findings(data.key, data)
confirmed = is_confirmed(catalogue, data.faces)
doubtful = [s for s in found if not confirmed[s.index]]
ringed = {data.faces[s.index].id for s in doubtful} if ring else ()
order = [c.name for c in sorted(catalogue.characters(removed=True), key=lambda c: c.id)]
figure = map_figure(data, order=order, ringed=ringed, write_names=write_names)
chart_key = f"chart_{data.projection.settings.method}_{dimensions}"
with st.container(horizontal=True, gap="medium"):
    with st.container(width=700, gap="small"):
        event = st.plotly_chart(
            figure, key=chart_key, on_select="rerun", selection_mode=("points", "box", "lasso"),
            config={"displaylogo": False, "scrollZoom": True},
        )  # fmt: skip
        st.caption(f"{HONEST[data.projection.settings.method]} Scroll to zoom, double click to see all again.")
    with st.container(width="stretch", gap="small"):
        picked = data.select(picked_ids(event))
        if picked:
            st.markdown(f"**{count(len(picked), 'face')} picked on the map**")
            by_id = {c.id: c.name for c in catalogue.characters(removed=True)}
            picked_faces(workspace, catalogue, picked, by_id, key="picked")
        else:
            st.markdown("**Click a point, or draw a lasso around some,** and see their pictures here.")
        undo_buttons(workspace, catalogue)
st.download_button(
    "Download this map", lambda: map_html(data, title=f"Map of {workspace.name}"), f"{workspace.name}-map.html",
    "text/html", key="map_download", icon=":material/download:", help="One file that works without a network.",
)  # fmt: skip
show_twin(workspace, "map", ["--out", "map.html", *arguments])

titles = [f"Suspicious labels ({len(doubtful)})", f"Odd ones out ({len(odd)})", "Confused pairs", "Figures"]
first, second, third, fourth = st.tabs(titles, key="visualise_tabs")
with first:
    suspect_cards(workspace, catalogue, data, doubtful)
    if any(confirmed) and st.button(f"Ask again about {count(sum(confirmed), 'confirmed label')}", type="tertiary"):
        forget_confirmed(catalogue)
        st.rerun()
with second:
    st.caption("Faces far from all others of their character: bad crops, hands, logos, backs of heads. Oddest first.")
    picked_faces(workspace, catalogue, [data.faces[o.index] for o in odd], dict(zip(
        (f.character_id for f in data.faces), data.labels, strict=True)), key="odd")  # fmt: skip
with third:
    confused_view(workspace, data, pairs)
with fourth:
    judged = judged_weights(workspace, encoder)
    try:
        asking = split_of(catalogue, copies=False)
    except DataError as error:
        st.info(plain(str(error)), icon=":material/balance:")
        link("balance")
        st.stop()
    job_panel(workspace, "evaluate", key="evaluate_job", quiet=True)
    if len(cached_embeddings(workspace, asking, judged)[0]) < len(asking):
        st.info("This encoder has not been measured on these faces yet.", icon=":material/speed:")
        start_button(workspace, "evaluate", ["--encoder", encoder], "Measure", key="evaluate_start")
    else:
        validation = [f for f in asking if f.split == "validation"]
        vectors = cached_embeddings(workspace, validation, judged)[1]
        scores = metrics.pair_scores(metrics.cosine(vectors, vectors), [f.character_id for f in validation])
        figures_view(evaluate_workspace(workspace, catalogue, encoder), *scores)
