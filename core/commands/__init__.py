"""What each step of the command line does: arguments in, an Answer out. Steps are imported when asked for."""

from core.commands import about, faces, gather, learn, name

COMMANDS = {
    "tour": name.tour,
    "demo": gather.demo,
    "collect": gather.collect,
    "import": gather.bring,
    "crop": faces.crop,
    "balance": faces.balance,
    "train": learn.train,
    "evaluate": learn.evaluate,
    "map": learn.draw_map,
    "enrol": name.enrol,
    "recognise": name.recognise,
    "detect": faces.detect,
    "export": learn.export,
    "status": about.status,
    "undo": faces.undo,
    "sync": about.sync,
    "backup": about.backup,
}
