import numpy as np
import pytest

from core.errors import DataError
from core.progress import silent
from core.visualise.export import export_map
from core.visualise.map_builder import mapped_faces, prepare_map, ready_map
from core.visualise.map_settings import MapSettings
from core.workspace.confirmed import confirm_labels, forget_confirmed, is_confirmed
from core.workspace.faces import reject, relabel
from core.workspace.staleness import freshness
from tests.coloured_faces import MeanColour, add_face

PCA, TSNE = MapSettings("pca"), MapSettings("tsne")


@pytest.fixture
def encoder(tmp_path):
    path = tmp_path / "run1" / "encoder.safetensors"
    path.parent.mkdir()
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def cast(project):
    """Five reddish faces of Rei, five bluish of Asuka, and a balancing copy."""
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(5):
            face = add_face(project, character, f"{i}", (colour[0] + 10 * i, colour[1], colour[2] + i))
    add_face(project, character, "4_balancing", (1, 2, 3), copy_of=face.id)
    return project


def load(path):
    return MeanColour()


def test_copies_and_removed_characters_are_not_on_the_map(cast):
    project = cast
    faces, labels = mapped_faces(project.catalogue)
    assert (len(faces), labels) == (10, ["Rei"] * 5 + ["Asuka"] * 5)


def test_a_map_has_a_place_for_every_face_and_remembers_what_it_was_made_from(cast, encoder):
    project = cast
    stages = []
    made = prepare_map(project, encoder, lambda p: stages.append(p.stage), TSNE, load=load)
    assert made.projection.points.shape == (10, 2)
    assert list(dict.fromkeys(stages)) == ["embed", "tsne"]
    state = freshness(project.catalogue, "map")
    assert not state.stale
    assert state.result.detail["faces"] == 10
    assert state.result.detail["encoder"] == "run1"
    assert state.result.name == "tsne-2d"


def test_the_second_time_nothing_is_computed(cast, encoder, monkeypatch):
    project = cast
    first = prepare_map(project, encoder, silent, TSNE, load=load)
    monkeypatch.setattr("core.visualise.map_builder.fit_projection", lambda *a: pytest.fail("projected again"))
    again = prepare_map(project, encoder, silent, TSNE, load=lambda path: pytest.fail("loaded"))
    assert np.array_equal(first.projection.points, again.projection.points)
    ready = ready_map(project, encoder, TSNE)
    assert np.array_equal(first.projection.points, ready.projection.points)
    assert ready.key == first.key


def test_nothing_is_ready_before_the_first_map_and_then_pca_is_at_once(cast, encoder):
    project = cast
    assert ready_map(project, encoder, PCA) is None
    prepare_map(project, encoder, silent, PCA, load=load)
    assert ready_map(project, encoder, PCA).projection.points.shape == (10, 2)
    assert ready_map(project, encoder, TSNE) is None


def test_a_rejected_face_leaves_the_map_and_the_others_stay_where_they_are(cast, encoder):
    project = cast
    before = prepare_map(project, encoder, silent, TSNE, load=load)
    reject(project, [before.faces[0]])
    after = ready_map(project, encoder, TSNE)
    assert np.array_equal(after.projection.points, before.projection.points[1:])
    assert freshness(project.catalogue, "map").stale
    assert after.key != before.key


def test_a_relabelled_face_stays_in_its_place_under_its_new_name(cast, encoder):
    project = cast
    before = prepare_map(project, encoder, silent, TSNE, load=load)
    relabel(project, [before.faces[0]], project.catalogue.character("Asuka"))
    after = ready_map(project, encoder, TSNE)
    assert after.labels[0] == "Asuka"
    assert np.array_equal(after.projection.points, before.projection.points)


def test_a_new_face_is_placed_among_its_neighbours_once_it_is_embedded(cast, encoder):
    project = cast
    prepare_map(project, encoder, silent, TSNE, load=load)
    add_face(project, project.catalogue.character("Rei"), "new", (205, 0, 20))
    assert ready_map(project, encoder, TSNE).unseen == 1
    prepare_map(project, encoder, silent, PCA, load=load)
    after = ready_map(project, encoder, TSNE)
    assert (after.placed, after.unseen, len(after.faces)) == (1, 0, 11)
    own = after.projection.points[:5]
    assert (after.projection.points[-1] >= own.min(axis=0)).all()
    assert (after.projection.points[-1] <= own.max(axis=0)).all()


def test_a_confirmed_label_holds_until_the_face_is_given_away(cast):
    project = cast
    face, other, *_ = project.catalogue.faces()
    confirm_labels(project.catalogue, [face])
    assert is_confirmed(project.catalogue, [face, other]) == [True, False]
    relabel(project, [face], project.catalogue.character("Asuka"))
    assert is_confirmed(project.catalogue, [project.catalogue.face(face.id)]) == [False]
    forget_confirmed(project.catalogue)
    assert is_confirmed(project.catalogue, [face]) == [False]


def test_too_few_faces_say_what_to_do(project, encoder):
    add_face(project, project.catalogue.add_character("Rei"), "1", (1, 2, 3))
    with pytest.raises(DataError, match="needs 8 faces"):
        prepare_map(project, encoder, silent, TSNE, load=load)


def test_the_exported_file_holds_every_face(cast, encoder, tmp_path):
    project = cast
    prepare_map(project, encoder, silent, PCA, load=load)
    out, n = export_map(project, encoder, tmp_path / "map.html", PCA)
    assert n == 10
    assert "PCA in 2 dimensions of 10 faces of 2 characters by the encoder run1" in out.read_text()
