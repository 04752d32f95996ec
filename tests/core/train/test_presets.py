"""Article, Recommended, Quick."""

import pytest

from core.errors import DataError
from core.train import presets
from core.train.presets import PRESETS, preset, suggested


def test_the_article_is_as_the_article_did_it():
    article = preset("article")
    assert (article.architecture, article.image_size, article.init) == ("efficientnet_b3", 225, "imagenet")
    assert (article.classes_per_batch, article.samples_per_class, article.mining, article.margin) == (
        4,
        4,
        "batch_hard",
        0.15,
    )
    assert (article.optimiser, article.learning_rate, article.schedule) == ("adam", 1e-4, "step")
    assert (article.step_epochs, article.step_factor, article.epochs, article.cross_entropy) == (3, 0.8, 25, 0)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("init", ["pretrained", "imagenet", "random"])
def test_every_preset_starts_from_every_weights(name, init):
    config = preset(name, init=init, seed=3)
    assert (config.preset, config.init, config.seed) == (name, init, 3)
    if init == "imagenet":
        assert config.architecture != "small", "there are no ImageNet weights of it"


@pytest.mark.parametrize(("there", "init"), [(True, "pretrained"), (False, "random")])
def test_the_shipped_encoder_is_the_default_where_it_is(monkeypatch, there, init):
    monkeypatch.setattr(presets, "shipped", lambda: there)
    assert preset("recommended").init == preset("quick").init == init


def test_an_unknown_preset_is_refused_with_the_names():
    with pytest.raises(DataError, match="recommended, quick, article"):
        preset("best")


@pytest.mark.parametrize("name", ["recommended", "quick"])
def test_from_the_shipped_encoder_each_core_works_on_its_own_half_of_a_batch(name):
    config = preset(name, init="pretrained")
    assert config.classes_per_batch * config.samples_per_class == 2 * config.microbatch
    assert config.precision == "auto"


def test_a_small_machine_is_told_of_the_quick_one():
    assert suggested("cpu", 4) == "quick"
    assert suggested("cpu", 5) == suggested("cuda", 1) == "recommended"


def test_no_preset_says_how_long_it_takes():
    """The estimate says that, of these faces on this machine; two figures side by side contradict each other."""
    assert not [words for words in PRESETS.values() if "minute" in words or "second" in words]
