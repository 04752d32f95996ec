"""Who is this? Unnamed faces of a workspace in groups, kept until the faces change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from core.characters.group_files import load_groups, newest_groups, save_groups
from core.characters.heap import Heap, heap_key, read_heap, unnamed_ids
from core.characters.values import GRANULARITY, Group, Groups
from core.errors import DataError
from core.progress import Progress, Reporter, silent
from core.similarity import clustering
from core.similarity.suggestions import Likeness
from core.workspace.embeddings import Loader
from core.workspace.models import encoder_in_use
from core.workspace.project import Project


def find_groups(
    project: Project,
    granularity: float = GRANULARITY,
    *,
    encoder: Path | None = None,
    report: Reporter = silent,
    load: Loader | None = None,
) -> Groups:
    """The groups of the workspace's unnamed faces; at once where nothing changed since they were last made.

    granularity: 0 few groups that are sure, 1 many and large ones. encoder: a file; by default the one in use. Stages
    reported: `embed`, `group`. Raises DataError for a granularity outside 0 to 1, EncoderError without an encoder.
    """
    if not 0 <= granularity <= 1:
        raise DataError(f"Granularity lies between 0 (few, sure) and 1 (many, large); got {granularity}.")
    encoder = encoder or encoder_in_use(project).path
    known = ready_groups(project, granularity, encoder=encoder)
    if known is not None:
        return known
    key = heap_key(project, encoder)
    heap = read_heap(project, encoder, report=report, load=load)
    report(Progress("group", 0, len(heap.faces)))
    found = grouped(heap, granularity)
    report(Progress("group", len(heap.faces), len(heap.faces)))
    save_groups(project, key, found)
    return found


def ready_groups(project: Project, granularity: float = GRANULARITY, *, encoder: Path | None = None) -> Groups | None:
    """The groups of exactly these faces if they were made before, else None: for a page that must not wait."""
    encoder = encoder or encoder_in_use(project).path
    return load_groups(project, heap_key(project, encoder), granularity)


def last_groups(project: Project) -> Groups | None:
    """The groups that were made last, whatever was decided since, without the faces that are no longer unnamed.

    So a group's id means what it meant when it was shown. None where no groups were made yet.
    """
    found = newest_groups(project)
    return None if found is None else left_of(found, unnamed_ids(project.catalogue))


def group_called(project: Project, group_id: str) -> Group:
    """The group of that id, as it was shown last. Raises DataError with the ids there are."""
    found = last_groups(project)
    if found is None:
        raise DataError("There are no groups yet. `characters --groups` makes them.")
    for group in found.groups:
        if group.id == group_id.strip():
            return group
    ids = ", ".join(group.id for group in found.groups[:20]) or "none"
    raise DataError(f"There is no group {group_id!r} with unnamed faces. There are: {ids}. Look at the groups again.")


def left_of(groups: Groups, unnamed: Collection[int]) -> Groups:
    """Groups with the faces that are still unnamed only, in their order; groups of which none is left are gone."""
    left = []
    for group in groups.groups:
        faces = tuple(face for face in group.faces if face in unnamed)
        if faces:
            left.append(replace(group, faces=faces, cover=group.cover if group.cover in unnamed else faces[0]))
    singles = tuple(face for face in groups.singles if face in unnamed)
    odd = tuple(face for face in groups.non_faces if face in unnamed)
    return replace(groups, groups=tuple(left), singles=singles, non_faces=odd)


def grouped(heap: Heap, granularity: float = GRANULARITY) -> Groups:
    """The groups of a heap, largest first. Named characters say whom a group may be."""
    found = clustering.group_faces(
        heap.vectors,
        pictures=heap.pictures,
        quality=heap.quality,
        attractors=Likeness.of(heap.named_vectors, heap.owners) if heap.named else None,
        non_faces=heap.non_faces,
        others=heap.named_vectors,
        granularity=granularity,
    )
    ids = [face.id for face in heap.faces]
    groups = tuple(
        Group(
            _name(members := [ids[i] for i in group.faces]),
            tuple(members),
            ids[group.cover],
            group.cohesion,
            group.looks_like or "",
            group.similarity,
        )
        for group in found.groups
    )
    odd = set(found.non_faces)
    singles = tuple(ids[i] for i in found.ungrouped if i not in odd)
    return Groups(groups, singles, tuple(ids[i] for i in found.non_faces), granularity)


def _name(faces: list[int]) -> str:
    """An id that stays while the group's first face stays in it: no face is in two groups."""
    return f"g{min(faces)}"
