"""What Visualise works out once for a state of the workspace, and not at every click: the map, what is found on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st

from core.similarity import metrics
from core.similarity.confusions import ConfusedPair, confused_pairs
from core.similarity.evaluation import Evaluation
from core.similarity.label_errors import LabelError, find_label_errors
from core.similarity.outliers import OddFace, outlier_faces
from core.train.data import VALIDATION
from core.train.training import evaluate_workspace, judged_weights, split_of
from core.visualise.details import FaceDetails, face_details
from core.visualise.map_builder import ready_map
from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.workspace.embeddings import cached_embeddings, embeddings_state
from core.workspace.project import Project

State = tuple[object, ...]
"""Of the catalogue, and of the file of embeddings, to which a job writes without a commit."""


@dataclass(frozen=True)
class Findings:
    """What is found on a map: labels that look wrong, faces far from their character, characters that are confused."""

    suspects: list[LabelError]
    odd: list[OddFace]
    pairs: list[ConfusedPair]


@dataclass(frozen=True)
class Measured:
    """The figures of an encoder, and the scores of the pairs of validation faces: float32, of one character and of
    two."""

    found: Evaluation
    genuine: np.ndarray
    impostor: np.ndarray


def map_of(project: Project, weights: Path, settings: MapSettings) -> MapData | None:
    """`ready_map`: the map as far as it can be drawn without waiting."""
    return _map(project, _state(project, weights), weights, settings)


def details_of(project: Project, data: MapData) -> FaceDetails:
    """What is known of the faces of a map besides their place."""
    return _details(project.catalogue.version(), data.key, project, data)


def measured(project: Project, encoder: str) -> Measured | None:
    """The figures of an encoder on today's split; None where its faces have not all been embedded. Raises DataError
    where nothing is divided yet."""
    return _measured(project, _state(project, judged_weights(project.workspace, encoder)), encoder)


@st.cache_resource(show_spinner=False, max_entries=8)
def findings_of(key: str, _data: MapData) -> Findings:
    """Of a map; its key changes with its faces, labels and encoder."""
    vectors, labels = _data.embeddings, _data.labels
    return Findings(find_label_errors(vectors, labels), outlier_faces(vectors, labels), confused_pairs(vectors, labels))


def _state(project: Project, weights: Path) -> State:
    return *project.catalogue.version(), *embeddings_state(project.workspace, weights)


@lru_cache(maxsize=4)
def _map(project: Project, state: State, weights: Path, settings: MapSettings) -> MapData | None:
    return ready_map(project, weights, settings)


@st.cache_resource(show_spinner=False, max_entries=4)
def _details(state: State, key: str, _project: Project, _data: MapData) -> FaceDetails:
    return face_details(_project.catalogue, _data.faces, _data.labels)


@lru_cache(maxsize=4)
def _measured(project: Project, state: State, encoder: str) -> Measured | None:
    asking = split_of(project.catalogue, copies=False)
    judged = judged_weights(project.workspace, encoder)
    if len(cached_embeddings(project, asking, judged)[0]) < len(asking):
        return None
    validation = [face for face in asking if face.split == VALIDATION]
    vectors = cached_embeddings(project, validation, judged)[1]
    scores = metrics.pair_scores(metrics.cosine(vectors, vectors), [str(face.character_id) for face in validation])
    return Measured(evaluate_workspace(project, encoder), *scores)
