"""The crop step with two workers on Ray: the catalogue is what the step alone makes it, whatever happens meanwhile."""

import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core import jobs
from core.crop.config import CropConfig
from core.crop.find_faces import crop
from core.plugins import load_plugins
from core.scale.cropping import look_on_ray
from core.workspace.embeddings import cached_embeddings, embed_faces
from core.workspace.models import encoder_in_use
from core.workspace.project import open_project

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.usefixtures("cluster")]  # what Ray's packages warn of
COUNT = 18
CONFIG = CropConfig("bright", batch=3)


@pytest.fixture
def workspaces(settings, monkeypatch):
    """Makes workspaces of the same 18 pictures: a face at the left, at the right, at both, or none; one is broken."""
    monkeypatch.setenv("WHOAMI_PLUGINS", "tests.scale.bright")
    settings = settings.model_copy(update={"plugins": "tests.scale.bright"})
    load_plugins(settings)
    with_faces = []

    def make(name):
        opened = open_project(name, settings, create=True)
        project = opened.__enter__()
        with_faces.append(opened)
        rei = project.catalogue.add_character("Rei Ayanami")
        (project.workspace.pictures / rei.slug).mkdir(parents=True)
        for n in range(COUNT):
            pixels = np.full((200, 200, 3), n, np.uint8)
            if n % 4 in (0, 2):
                pixels[40:100, 20:70] = 180 + n
            if n % 4 in (1, 2):
                pixels[40:100, 120:170] = 180 + n
            pixels[0, 0] = (200, 0, 0) if n == 7 else (0, 0, 0)
            path = f"pictures/{rei.slug}/{n:02d}.png"
            Image.fromarray(pixels).save(project.workspace.path(path))
            project.catalogue.add_picture(rei.id, path=path, sha256=f"{n:064x}", width=200, height=200)
        project.workspace.path(f"pictures/{rei.slug}/11.png").write_bytes(b"no picture")
        return project

    yield make
    for opened in with_faces:
        opened.__exit__(None, None, None)


def entered(project):
    """All that the step wrote, but for ids and times: of each picture its review and faces, and the crops' bytes."""
    pictures = {p.id: p for p in project.catalogue.pictures()}
    faces = [
        (
            pictures[f.picture_id].path, f.box.as_list(), f.state, f.score, f.quality, f.sha256, f.phash,
            f.character_id, f.detector, f.decided_by,
            project.workspace.path(f.path).read_bytes() if f.state == "kept" else b"",
        )
        for f in project.catalogue.faces()
    ]  # fmt: skip
    return sorted((p.path, p.review) for p in pictures.values()), sorted(faces)


def test_two_workers_enter_what_one_process_enters_though_one_is_killed(workspaces, deadly):
    alone, shared, seen = workspaces("alone"), workspaces("shared"), []
    expected = crop(alone, CONFIG)
    deadly.touch()
    done = crop(shared, replace(CONFIG, embed=True), report=seen.append, look=look_on_ray(2))
    assert not deadly.exists()
    assert replace(done, seconds=0.0) == replace(
        expected, seconds=0.0, failed=[line.replace("alone", "shared") for line in expected.failed]
    )
    assert (done.sure, done.look, done.nothing, done.kept, done.proposed) == (5, 9, 3, 5, 13)
    assert entered(shared) == entered(alone)
    assert (seen[-1].stage, seen[-1].n, seen[-1].total) == ("crop", COUNT, COUNT)
    check_vectors(alone, shared)


@pytest.mark.long
def test_a_node_that_dies_in_the_middle_changes_nothing_of_what_is_entered(workspaces, nodes):
    alone, shared, seen = workspaces("alone"), workspaces("shared"), []
    expected = crop(alone, CONFIG)

    def kill(progress):
        seen.append(progress.n)
        if progress.n >= 3 and not seen.count(-1):
            nodes()
            seen.append(-1)

    done = crop(shared, replace(CONFIG, embed=True, batch=1), report=kill, look=look_on_ray(2))
    assert -1 in seen and (done.kept, done.proposed) == (expected.kept, expected.proposed)
    assert entered(shared) == entered(alone)
    check_vectors(alone, shared)


def check_vectors(alone, shared):
    """The workers' embeddings lie where every later step finds them, and are what it would have computed."""
    encoder = encoder_in_use(shared).path
    faces, own = shared.catalogue.faces(), alone.catalogue.faces()
    known, vectors = cached_embeddings(shared, faces, encoder)
    assert known == faces
    assert cached_embeddings(alone, own, encoder)[0] == []
    of_path = {p.id: p.path for p in shared.catalogue.pictures()}
    by_place = {(f.x, of_path[f.picture_id]): v for f, v in zip(faces, vectors, strict=True)}
    computed = embed_faces(alone, own, encoder, lambda progress: None)
    of_path = {p.id: p.path for p in alone.catalogue.pictures()}
    for face, vector in zip(own, computed, strict=True):
        assert np.allclose(by_place[face.x, of_path[face.picture_id]], vector, atol=1e-3)


def test_one_process_embeds_what_it_finds_too(workspaces):
    alone = workspaces("alone")
    crop(alone, replace(CONFIG, embed=True))
    faces = alone.catalogue.faces()
    assert len(faces) == 18
    assert cached_embeddings(alone, faces, encoder_in_use(alone).path)[0] == faces


def test_a_job_with_workers_shows_its_progress_is_cancelled_and_goes_on(workspaces):
    alone, project = workspaces("alone"), workspaces("shared")
    crop(alone, CONFIG)
    arguments = ["--workers", "2", "--detector", "bright", "--batch", "1"]
    job = jobs.start(project.workspace, "crop", arguments, settings=project.settings)
    while not jobs.read_job(job.folder).progress:
        time.sleep(0.05)
    jobs.cancel(job, wait=60)
    job = jobs.read_job(job.folder)
    for process in jobs._children.values():
        process.wait(60)  # its Ray ends too
    assert (job.state, job.progress.stage, job.progress.total) == (jobs.CANCELLED, "crop", COUNT)
    assert entered(project) != entered(alone)
    crop(project, CONFIG, look=look_on_ray(2))
    assert entered(project) == entered(alone)
