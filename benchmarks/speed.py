"""How fast faces are found, embedded and searched, beside the limit and beside what a user would otherwise have.

Baselines whose packages are not installed (openvino, faiss) are named.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from benchmarks.article import B3, cascade_loop, recognise
from benchmarks.measuring import Bar, Row, Work, in_turns
from benchmarks.setting import Setting
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg, read_picture
from core.similarity.prototypes import l2_normalize
from core.similarity.topk import TopK
from core.vision import load_detector, load_encoder
from core.vision.framing import fit_square


def embedding(setting: Setting) -> Row:
    """Decoded faces to vectors, against bare runtimes on the exported file with their input ready-made."""
    from core.vision.export import export_encoder

    encoder, faces = load_encoder("pretrained"), setting.faces
    pixels = np.stack([fit_square(face, encoder.spec.size) for face in faces]).transpose(0, 3, 1, 2)
    pixels = np.ascontiguousarray(pixels, np.float32) / 255
    bare, left_out = bare_runtimes(export_encoder("pretrained", setting.folder / "encoder.onnx"), pixels)
    net, few = B3(), faces[: setting.of(4, 16)]
    candidates = {
        "ours": lambda: encoder.embed(faces, framing="given"),
        **bare,
        "the article's B3": lambda: net.embed(few),
    }
    turns = in_turns(candidates, runs=setting.runs)
    row = Row("embed decoded faces, framing given", len(faces), "faces", turns)
    fastest = min(bare, key=row.each)
    bars = (Bar(fastest, 1.3), Bar("the article's B3", 1 / 20))
    return Row(row.name, row.amount, row.unit, turns, bars, {"the article's B3": len(few)}, left_out)


def bare_runtimes(model: Path, pixels: np.ndarray) -> tuple[dict[str, Work], dict[str, str]]:
    """ONNX Runtime and OpenVINO as they come, in float32, on prepared input; and those that are not installed."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    found: dict[str, Work] = {"bare ONNX Runtime": lambda: session.run(None, {"faces": pixels})}
    try:
        import openvino
    except ImportError:
        return found, {"bare OpenVINO": "openvino is not installed"}
    compiled = openvino.Core().compile_model(str(model), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return found | {"bare OpenVINO": lambda: compiled([pixels])}, {}


def reframing(setting: Setting) -> Row:
    """Ready-made crops: re-framed and embedded, against embedded as they are."""
    encoder, faces = load_encoder("pretrained"), setting.faces
    candidates = {
        "ours": lambda: encoder.embed(faces, framing="auto"),
        "without re-framing": lambda: encoder.embed(faces, framing="given"),
    }
    turns = in_turns(candidates, runs=setting.runs)
    return Row("re-frame and embed ready-made crops", len(faces), "crops", turns, (Bar("without re-framing", 3.0),))


def detecting(setting: Setting) -> Row:
    """Pictures on disk to face crops on disk."""
    detector, files, xml = load_detector("auto"), setting.files, setting.cascade
    out = setting.folder / "crops"
    out.mkdir()

    def ours() -> None:
        for start in range(0, len(files), 32):
            pictures = [read_picture(path) for path in files[start : start + 32]]
            for path, rgb, found in zip(files[start:], pictures, detector.detect_many(pictures), strict=False):
                for number, one in enumerate(found):
                    (out / f"{path.stem}_{number}.jpg").write_bytes(encode_jpeg(face_crop(rgb, one.box)))

    name = "detect and crop pictures, `auto`"
    if xml is None:
        left_out = {"the article's cascade loop": "the cascade's file is not here"}
        return Row(name, len(files), "pictures", in_turns({"ours": ours}, runs=setting.runs), left_out=left_out)
    few = files[: setting.of(12, 100)]
    candidates: dict[str, Work] = {"ours": ours, "the article's cascade loop": lambda: cascade_loop(xml, few, out)}
    turns = in_turns(candidates, runs=setting.runs)
    bars = (Bar("the article's cascade loop", 1 / 4),)
    return Row(name, len(files), "pictures", turns, bars, {"the article's cascade loop": len(few)})


def recognising(setting: Setting) -> Row:
    """One picture of 1000 x 1000 pixels, from the file to the verdict, 40 characters of 8 faces enrolled."""
    from core.recognise.gallery import Gallery
    from core.recognise.pictures import recognise_picture
    from core.recognise.threshold import choose_threshold, gallery_scores

    path = setting.folder / "question.jpg"
    rgb = read_picture(setting.files[0])
    path.write_bytes(encode_jpeg(cv2.resize(rgb, (1000, 1000), interpolation=cv2.INTER_AREA)))
    encoder, detector, rng = load_encoder("pretrained"), load_detector("auto"), np.random.default_rng(0)
    vectors = l2_normalize(rng.normal(size=(320, encoder.dim)))
    names = tuple(f"character {number // 8}" for number in range(320))
    gallery = Gallery(vectors, names, tuple(map(str, range(320))), "benchmark")
    threshold = choose_threshold(gallery_scores(gallery, None))

    def ours() -> None:
        recognise_picture(read_picture(path), detector, encoder, gallery, threshold)

    name, xml = "recognise one 1000 x 1000 picture", setting.cascade
    if xml is None:
        left_out = {"the article's way": "the cascade's file is not here"}
        return Row(name, 1, "pictures", in_turns({"ours": ours}, runs=15), left_out=left_out)
    net, theirs = B3(), rng.normal(size=(320, 1536)).astype(np.float32)
    candidates = {"ours": ours, "the article's way": lambda: recognise(xml, net, theirs, path)}
    turns = in_turns(candidates, runs=setting.of(5, 15))
    return Row(name, 1, "pictures", turns, (Bar("the article's way", 1 / 4),))


def searching(setting: Setting) -> Row:
    """The six nearest of many vectors, exactly, for 100 queries."""
    rng, many = np.random.default_rng(0), setting.of(100_000, 1_000_000)
    gallery = l2_normalize(rng.standard_normal((many, 128), np.float32))
    queries = l2_normalize(gallery[:100] + 0.05 * rng.standard_normal((100, 128), np.float32))

    def ours() -> np.ndarray:
        return nearest(queries, gallery, 6)

    def plain() -> np.ndarray:
        similarity = queries @ gallery.T
        found = np.argpartition(similarity, -6, axis=1)[:, -6:]
        order = np.argsort(-np.take_along_axis(similarity, found, 1), axis=1)
        return np.take_along_axis(found, order, 1)

    candidates: dict[str, Work] = {"ours": ours, "numpy": plain}
    bars, left_out = [Bar("numpy", 1.0)], {}
    try:
        import faiss

        index = faiss.IndexFlatIP(128)
        index.add(gallery)
        candidates["FAISS flat"] = lambda: index.search(queries, 6)
        bars.append(Bar("FAISS flat", 1 / 5))
    except ImportError:
        left_out = {"FAISS flat": "faiss-cpu is not installed"}
    if not np.array_equal(ours(), plain()):
        raise SystemExit("The two searches do not find the same faces.")
    name = f"exact search, 100 queries in {many:,} x 128"
    return Row(name, 100, "queries", in_turns(candidates, runs=setting.runs), tuple(bars), left_out=left_out)


def nearest(queries: np.ndarray, gallery: np.ndarray, k: int) -> np.ndarray:
    """As core.similarity.scorer searches, without characters: places int (q, k), best first."""
    from core.similarity.scorer import BLOCK

    best = TopK(len(queries), k)
    for start in range(0, len(gallery), BLOCK):
        best.offer(queries @ gallery[start : start + BLOCK].T, start)
    return best.places


ROWS = (embedding, reframing, detecting, recognising, searching)
