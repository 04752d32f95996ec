from ui.common.options import options

DEFAULTS = {"per_character": 32, "cap": False, "mode": "copy", "init": None}


def test_only_what_differs_from_the_defaults_is_said():
    assert options(DEFAULTS, DEFAULTS) == []
    assert options({"per_character": 20, "cap": True, "mode": "augment", "init": None}, DEFAULTS) == [
        "--per-character",
        "20",
        "--cap",
        "--mode",
        "augment",
    ]


def test_the_words_are_understood_by_the_command_line():
    from core.commands.parser import parser

    words = options({"per_character": 20, "cap": True, "validation": 0.1}, DEFAULTS)
    args = parser().parse_args(["balance", "--workspace", "w", *words])
    assert (args.per_character, args.cap, args.validation) == (20, True, 0.1)
