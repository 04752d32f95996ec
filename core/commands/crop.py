"""crop: find the faces on the pictures that were not looked at yet; or one of the review's options."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from core.commands import crop_review
from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.crop.config import CropConfig
from core.errors import DataError
from core.options import check, option

REVIEW = "review, instead of looking for faces; one of these"
LARGEST_ID = 2**63 - 1
STATUSES = ("open", "nothing", "look", "sure", "done", "new", "all")


@dataclass(frozen=True)
class Arguments:
    """How faces are found; or one act of the review."""

    config: CropConfig = CropConfig()
    review_list: bool = option(False, group=REVIEW, help="what is worth a look, worst first")
    status: str = option("open", group=REVIEW, choices=STATUSES, help="of that list")
    keep: tuple[int, ...] = option((), group=REVIEW, low=1, high=LARGEST_ID, metavar="FACE_ID", help="keep these faces")
    named: str = option("", flag="--as", group=REVIEW, metavar="NAME", help="keep them under this character's name")
    reject: tuple[int, ...] = option(
        (), group=REVIEW, low=1, high=LARGEST_ID, metavar="FACE_ID", help="reject these faces"
    )
    reason: str = option("", group=REVIEW, help="why they are rejected")
    export_boxes: Path | None = option(
        None, group=REVIEW, output="folder", metavar="PATH", help="COCO (.json), or a folder of YOLO labels"
    )
    import_boxes: Path | None = option(
        None,
        group=REVIEW,
        metavar="PATH",
        help="the same, or a folder of pictures with face regions (XMP), back; undo takes it back",
    )
    force: bool = option(False, group=REVIEW, help="with --import-boxes: also where it looks implausible")
    leave_unnamed: bool = option(
        False, help="frames of videos that are nobody's yet: propose no names for faces that are recognised"
    )
    workers: int = option(
        0,
        low=0,
        high=1000,
        metavar="N",
        help="workers on Ray, here or where RAY_ADDRESS says, that share the pictures; 0: this process alone",
    )

    def __post_init__(self) -> None:
        check(self)
        if len(self.acts) > 1:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in self.acts)
            raise DataError(f"{options} cannot go together. Give one of them.")

    @property
    def acts(self) -> tuple[str, ...]:
        """The review's acts that were asked for."""
        return tuple(name for name in crop_review.ACTS if getattr(self, name))


def run(context: Context[Arguments]) -> CommandResult:
    """Look for faces; or do what the review option says."""
    from core.crop.find_faces import crop, look_here
    from core.crop.proposed_names import with_names
    from core.recognise.proposing import gallery_namer
    from core.scale.cropping import look_on_ray

    args = context.args
    if args.acts:
        return crop_review.ACTS[args.acts[0]](context)
    with context.opened() as project:
        look = look_on_ray(args.workers) if args.workers else look_here
        name = None if args.leave_unnamed else gallery_namer(project, report=context.report)
        look = look if name is None else with_names(look, name)
        done = crop(project, args.config, report=context.report, look=look)
    lines = [
        f"{done.pictures} pictures looked at with {done.detector} in {done.seconds:.1f} s: "
        f"{done.sure} sure, {done.look} to look at, {done.nothing} with nothing found.",
        f"{done.kept} faces kept, {done.proposed} proposed for the review.",
        *([done.note] if done.note else []),
        *done.failed,
    ]
    return CommandResult(asdict(done), "\n".join(lines))


COMMAND = Command("crop", "find the faces on the pictures; review, import and export boxes", Arguments, run)
