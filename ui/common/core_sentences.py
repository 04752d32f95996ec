"""What core says in words and pages show, for the catalogue. ui/common/from_core.py finds a sentence again by these.

A field of one letter is a number. `text`, `why`, `faces` and the like are words of core themselves; all others (names,
files) are taken over as they are.
"""

from __future__ import annotations

LABELS = (
    # verdicts, and what else a face or picture is called
    *("match", "unsure", "unknown", "match with another character", "no face", "not readable"),
    *("proposed", "kept", "rejected", "removed", "set aside", "a face", "training", "validation"),
    *("unknown identity", "left out", "not divided", "no series", "no source", "the shipped encoder"),
    # why a picture waits, and why a face was rejected
    *("several faces", "small", "blurred or cut off", "odd one out", "recognised", "nothing found", "fine"),
    *("other character", "figurine", "cosplay", "logo", "blurred", "not a face", "duplicate", "no reason"),
    *("no box for it in the import", "not in your cast"),
    # boxes that came from another tool
    *("pictures", "same", "moved", "renamed", "added"),
    # by what points are coloured
    *("Character", "Series", "Split", "Source", "Verdict"),
    # jobs and their stages
    *("Tour", "Demo", "Map", "Evaluate", "Enrol", "Import", "Export", "Backup", "Timeline", "Serve"),
    *("Embed", "Group", "Index", "Labels", "Read", "Umap", "Tsne"),
    # a source while it is asked
    *("waiting", "searching", "fetching", "done", "nothing", "failed", "given up", "not needed"),
    # parts of a workspace
    *("Pictures", "Faces", "Bin", "Models", "Other"),
    # encoders, and why one is in use
    *("shipped with the app", "the last finished run", "chosen by you"),
    *("the last finished run, which nothing could measure",),
)

STEPS = (
    "no picture yet",
    "{characters} on the list, no picture yet",
    "Bring pictures in.",
    "{pictures} of {characters}",
    "{pictures} of nobody yet",
    "{pictures} of {characters}, {n} set aside",
    "{pictures} of nobody yet, {n} set aside",
    "Find the faces on the pictures.",
    "{faces}, {pictures} not looked at",
    "{faces}, {pictures} to check",
    "no face yet",
    "Check what was found.",
    "More faces are needed.",
    "not divided yet",
    "Divide the faces into training and validation.",
    "{n} training faces, {m} validation faces",
    "{n} training faces, {m} validation faces, {copies}",
    "The faces have changed since: divide them again.",
    "no encoder yet",
    "Train one.",
    "the shipped encoder is in use",
    "Train one on your characters.",
    "{runs}, in use: {text}",
    "To train again, divide the faces first.",
    "The faces have changed since: train again.",
    "no map yet",
    "Look at the faces as a map.",
    "a map is there",
    "Another encoder is in use since: draw it again.",
    "The faces have changed since: draw it again.",
    "nobody enrolled yet",
    "Enrol the characters, then drop a picture.",
    "{characters} enrolled",
    "Train an encoder first.",
    "The faces have changed since: enrol again.",
    "{faces} without a name",
    "Say who they are.",
)
"""How far each step has come, and what is next (core.workspace.overview)."""

ACTS = (
    "kept {faces}",
    "rejected {faces}",
    "rejected {faces}: {why}",
    "{faces} named {name}",
    "{faces} not {name}",
    "{faces}: not {name}",
    "{faces}: not a face",
    "{faces}: not in the cast",
    "{faces}: to be named",
    "{faces}: looked at again",
    "{faces} enrolled as {name}",
    "{faces} unnamed",
    "kept one face of {n}",
    "kept the best face of {pictures}, rejected {n}",
    "set a picture aside: {why}",
    "moved a box",
    "drew the box anew",
    "drew a face",
    "drew a face of {name}",
    "moved {boxes}",
    "removed {boxes}",
    "renamed {boxes}",
    "boxes from a COCO file",
    "chose a reference face",
    "{name} renamed to {other}",
    "{name} merged into {other}",
    "{name} deleted",
    "{n} of {name} split off as {other}",
    "added {name}",
    "added {n} characters",
    "confirmed labels",
    "faces divided, {n} balancing copies",
    "{n} balancing copies taken back",
    "{pictures} rejected",
    "picture {n} is not a duplicate",
    "picture {n} kept in place of {m}",
    "Something else was decided in the meantime. Look again, then undo.",
)
"""Decisions, as the history tells them and undo repeats them."""

VERDICTS = (
    "{n} reaches {m}",
    "near, but {n} is under {m}",
    "no enrolled character is similar enough ({n} < {m})",
    "{name} is almost as near: ahead by {n}, a match needs {m}",
    "like a face that you said is not {name}",
    "like a face that you said is {why}",
    "another face on this picture is more like {name} ({n})",
    "At {n} few of their faces are named; more pictures would help: {names}.",
    "To the encoder some look alike ({names}): check their labels, or train on these characters.",
    "The faces of {names} differ more among themselves than strangers do: split outfits or forms that look like two "
    "characters, or train on them.",
    "No face yet.",
    "All look alike: add another angle or outfit.",
    "Add {n} more: a character is recognised well from {m} faces on.",
    "{n} of {m} are near-duplicates: add a profile or another outfit.",
    "{n} of {m} is a near-duplicate: add a profile or another outfit.",
    "{n} of {m} are unlike the others: open it and look.",
    "{n} of {m} is unlike the others: open it and look.",
    "No face that is left looks like a named character: further answers would change nothing.",
    "Every face has a name or is set aside.",
    "All faces that are left were skipped.",
)
"""Why an answer is what it is, and what would help."""

TRAINING = (
    "The best result: from the shipped encoder, larger faces, more steps.",
    "Small faces, few steps: the shortest, for a machine without a GPU and for a first look.",
    "EfficientNet-B3 at 225 px, hard margin 0.15, no classifier: as the article did it. Wants a GPU.",
    "about {n} seconds ({m} steps, {k} faces a second)",
    "about {n} minutes ({m} steps, {k} faces a second)",
    "The embeddings have collapsed: all faces get nearly the same vector. Lower the learning rate, switch "
    "cross-entropy on, or begin with batch-all.",
    "{labels} before training.",
    "{labels} after training.",
    "{labels} before training, {n} after it.",
    "Precision@5 can reach {n} at most here: a character needs six validation faces for 100%.",
    "The faces are not split yet. Balance first: it sets validation faces aside.",
    "Training needs faces of at least 2 characters, got {n}. Collect and crop more.",
    "There is no encoder yet: no run is finished, and none is shipped. Train one first.",
    "Distances on this map are those of the embeddings as far as the axes carry them.",
    "Who lies beside whom means something; how far two groups lie apart, and how large they are, does not.",
    "axis {n}: {m} of the variance",
    "{name} has only {n} faces of its own to train on; copies add nothing new.",
    "{name} has no face at all.",
    "Nobody is enrolled yet. Enrol the faces of this workspace first.",
)

SOURCES = (
    *("Drawn characters", "Bing image search", "DuckDuckGo image search", "Google image search"),
    *("A folder on this machine", "A list of addresses", "A video", "A zip file", "yande.re, or another Moebooru"),
    "Posts with the character's tag, those of it alone first, with artist, rating and all tags.",
    "Posts with the character's tag, those of it alone first, safe ones only, with rating and all tags.",
    "Posts with the character's tag, those of it alone first, with rating and all tags.",
    "Its interface is made for programs; the pictures belong to their artists.",
    "Its interface is made for programs and asks for a login; the pictures belong to their artists.",
    "optional: danbooru_login and danbooru_api_key in settings.toml",
    "gelbooru_user_id and gelbooru_api_key in settings.toml",
    "What Bing's image search shows for the words, from all over the web, with the page of each picture.",
    "Bing's terms do not foresee programs; the pictures belong to their makers and sites.",
    "What DuckDuckGo's image search shows for the words (from Bing's index), with the page of each.",
    "DuckDuckGo's terms do not foresee programs; the pictures belong to their makers and sites.",
    "What Google's image search shows for the words, from all over the web; about 20 s a character.",
    "Google's terms do not allow programs; the pictures belong to their makers and sites.",
    "duplicate: the same file",
    "duplicate: looks alike",
    "duplicate: larger than the one kept so far",
    "it is too small: {n} x {m} pixels, where {k} on the shorter side are asked",
    "looks like picture {n}",
    "the same file as picture {n}",
    "larger than picture {n}",
    "{name} does not exist.",
    "{name} is empty.",
)

ENDS = (
    "The job stopped unexpectedly (restart or out of memory). Start it again.",
    "Stopped as you asked. What was done so far is kept.",
    "It was never started: the app stopped at that moment.",
    "{files} missing or unfinished: `doctor --workspace {name}` lists them, `--repair` helps.",
    "There is a workspace {name} already. Choose another name or open it.",
    "There is a workspace {name} already. Choose another name.",
    "There is a character {name} already. Merge the two, or choose another name.",
    "Another process is writing to the catalogue. Wait for it to finish, then do it again.",
    "There is not enough memory for this. Close other programs, or ask for less at once.",
    "The disk is full: {name} could not be written. Free some space, then do it again.",
)
"""How a job ended, and the errors that are met most."""

SENTENCES = (*LABELS, *STEPS, *ACTS, *VERDICTS, *TRAINING, *SOURCES, *ENDS)

PLURALS = (
    ("{n:,} face", "{n:,} faces"),
    ("{n:,} picture", "{n:,} pictures"),
    ("{n:,} character", "{n:,} characters"),
    ("{n:,} cut-out face", "{n:,} cut-out faces"),
    ("{n:,} copy", "{n:,} copies"),
    ("{n:,} run", "{n:,} runs"),
    ("{n:,} box", "{n:,} boxes"),
    ("{n:,} label looks wrong", "{n:,} labels look wrong"),
    ("{n:,} file is", "{n:,} files are"),
)
