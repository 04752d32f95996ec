"""train, evaluate, map, export: an encoder, what it is worth, and what it sees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.commands.context import CommandResult, Context, picture_files, table
from core.errors import DataError, PictureError, WhoAmIError
from core.imaging.names import is_system_name
from core.similarity.evaluation import few_words
from core.workspace.models import encoder_in_use, encoder_path

SHOWN = ("top1", "precision_at_1", "precision_at_5", "hit_at_5", "map_at_r", "eer")


def train(context: Context) -> CommandResult:
    """Train on the workspace's split."""
    from core.train.label_errors import read_label_errors
    from core.train.presets import preset
    from core.train.start import LABELS
    from core.train.training import train_workspace

    args = context.args
    config = preset(args.preset, init=args.init, seed=args.seed).with_settings(args.set)
    if args.epochs:
        config = replace(config, epochs=args.epochs)
    with context.opened() as project:
        run = train_workspace(project, config, resume=args.resume, report=context.report)
    metrics, doubtful = run.metrics, read_label_errors(run.folder)
    lines = [
        f"{run.name}: {LABELS[run.config.init]}; {metrics['steps']} steps in {metrics['seconds']:.0f} s.",
        f"Measured: {metrics['of']}.",
        _figures(metrics),
        *([doubtful.words] if doubtful.words else []),
        f"In {run.folder}",
    ]
    document = {"run": str(run.folder.resolve()), "metrics": metrics, "suspects": doubtful.as_dict()}
    return CommandResult(document, "\n".join(lines))


def evaluate(context: Context) -> CommandResult:
    """By both protocols: a workspace's validation faces, or a folder of faces that nobody split."""
    args = context.args
    if args.faces is not None:
        return _evaluate_folder(context, args.faces)
    if not args.workspace:
        raise DataError("Say what to measure on: --workspace W, or --faces FOLDER --encoder NAME.")
    from core.train.training import evaluate_workspace

    with context.opened() as project:
        name = args.encoder or encoder_in_use(project).name
        found = evaluate_workspace(project, name, rerank=args.rerank, report=context.report)
    return _evaluation(found, name)


def _evaluate_folder(context: Context, folder: Path) -> CommandResult:
    """A folder a character; every picture is a face as it is."""
    from core.imaging.reading import read_picture
    from core.progress import track
    from core.similarity.evaluation import evaluate_folder
    from core.vision import load_encoder

    name = context.args.encoder or "pretrained"
    encoder = load_encoder(_encoder_file(context, name))
    files: list[Path] = []
    folders = (
        [p for p in sorted(folder.iterdir()) if p.is_dir() and not is_system_name(p.name)] if folder.is_dir() else []
    )
    if not folders:
        raise DataError(f"{folder} holds no folder for each character.")
    for one in folders:
        try:
            files += picture_files([one])[: context.args.limit]
        except PictureError:
            continue  # an empty folder is a character without faces
    pixels, labels, passed_over = [], [], []
    for path in track(files, context.report, "read"):
        try:
            pixels.append(read_picture(path))
        except PictureError as error:
            passed_over.append(str(error))
            continue
        labels.append(path.relative_to(folder).parts[0])
    if not pixels:
        raise DataError(f"{folder} holds no picture that can be read.")
    done = _evaluation(evaluate_folder(encoder.embed(pixels), labels), name)
    words = [f"Passed over: {sentence}" for sentence in passed_over]
    return replace(done, text="\n".join([done.text, *words[:10]]))


def draw_map(context: Context) -> CommandResult:
    """The faces as points, in one HTML file that needs nothing else."""
    from core.visualise.export import export_map
    from core.visualise.projection import MapSettings

    args = context.args
    with context.opened() as project:
        encoder = encoder_path(project.workspace, args.encoder or encoder_in_use(project).name)
        settings = MapSettings(method=args.method, dimensions=args.dimensions)
        out, n = export_map(project, encoder, args.out, settings, report=context.report)
    document = {"out": str(out.resolve()), "faces": n, "method": args.method}
    return CommandResult(document, f"{n} faces by {args.method} in {out}. Distances on it are not similarities.")


def export(context: Context) -> CommandResult:
    """An encoder as ONNX, checked against the original."""
    from core.vision.export import export_encoder

    out = export_encoder(_encoder_file(context, context.args.encoder), context.args.out)
    return CommandResult({"out": str(Path(out).resolve())}, f"Written: {out}")


def _encoder_file(context: Context, name: str) -> str | Path:
    """A run of the workspace where one is named, else `pretrained`, `random` or a path."""
    if context.args.workspace:
        with context.opened() as project:
            try:
                return encoder_path(project.workspace, name)
            except WhoAmIError:
                if not Path(name).exists():
                    raise
    return name


def _evaluation(found, name: str) -> CommandResult:
    document = found.as_dict() | {"encoder": name}
    worst = [
        (row["character"], row["n"], *(row[k] for k in ("top1",) if k in row)) for row in document["by_character"][:8]
    ]
    lines = [f"{name}, {found.protocol}.", _figures(document)]
    if worst:
        lines += ["Worst characters:", table(worst, ("character", "faces", "top1")[: len(worst[0])])]
    return CommandResult(document, "\n".join(lines))


def _figures(metrics: dict) -> str:
    shown = [f"{key} {metrics[key]:.3f}" for key in SHOWN if metrics.get(key) is not None]
    if not shown:
        return "Nothing could be measured: there are no validation faces."
    return "\n".join([", ".join(shown), few_words(metrics.get("precision_at_5_limit"))]).strip()
