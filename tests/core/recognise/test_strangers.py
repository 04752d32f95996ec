"""Real faces of characters who are not enrolled mostly get no name, by the threshold that the app chooses."""

import numpy as np
import pytest

from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.threshold import choose_threshold, gallery_scores
from core.recognise.verdict import MATCH, UNKNOWN, answer
from core.settings import PRETRAINED, ROOT
from core.workspace.embeddings import encoder_digest
from core.workspace.impostors import load_impostors

FACES = ROOT.parent / "shared" / "data" / "faces" / "hololive"
ENCODER = PRETRAINED / "encoder.safetensors"


@pytest.mark.usefixtures("no_cover")
@pytest.mark.slow
@pytest.mark.skipif(not FACES.is_dir(), reason=f"the real faces are not here: {FACES}")
@pytest.mark.skipif(not ENCODER.is_file(), reason="no encoder is shipped with this copy")
def test_strangers_are_mostly_unknown_at_the_chosen_rate():
    from core.imaging.reading import read_picture
    from core.vision import load_encoder

    folders = sorted(p for p in FACES.iterdir() if p.is_dir())
    encoder = load_encoder("pretrained")

    def embed(folder, first, last):
        return encoder.embed([read_picture(p) for p in sorted(folder.iterdir())[first:last]], framing="given")

    enrolled = {folder.name: embed(folder, 0, 20) for folder in folders[:8]}
    names = [name for name, vectors in enrolled.items() for _ in vectors]
    gallery = Gallery(np.concatenate(list(enrolled.values())), names, range(len(names)), "pretrained")
    bank = load_impostors(encoder_digest(ENCODER))
    assert bank is not None
    threshold = choose_threshold(gallery_scores(gallery, bank=Bank(bank)), far=0.05)
    strangers = answer(np.concatenate([embed(folder, 0, 15) for folder in folders[8:]]), gallery, threshold)
    known = {folder.name: answer(embed(folder, 20, 28), gallery, threshold) for folder in folders[:8]}
    assert np.mean([a.verdict == MATCH for a in strangers]) <= 0.05, "as was asked"
    assert np.mean([a.verdict == UNKNOWN for a in strangers]) >= 0.9
    named = [a.character == name for name, answers in known.items() for a in answers if a.verdict == MATCH]
    assert np.mean(named) >= 0.9, "those who are named are named rightly"
    assert len(named) >= 0.4 * 64
