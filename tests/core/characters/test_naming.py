from core.characters.naming import Answer, answered, refreshed, say_no, say_yes, skip, start_naming
from core.similarity.questions import AskFace, Finished, NameGroup
from core.workspace.undo import undo


def begin(scene, **options):
    return start_naming(scene.project, encoder=scene.encoder, load=scene.load, **options)


def owner(scene, face):
    character_id = scene.project.catalogue.face(face).character_id
    return None if character_id is None else scene.project.catalogue.character(character_id).name


def test_the_largest_group_is_asked_first_and_named_at_once(scene):
    five, _ = scene.add(1, range(5)), scene.add(2, range(3))
    session = begin(scene)
    step = session.next_step()
    assert isinstance(step, NameGroup) and set(step.faces) == set(five)
    session = answered(scene.project, session, Answer(named={"Rei": step.faces[1:]}, wrong={"Rei": step.faces[:1]}))
    assert [owner(scene, face) for face in step.faces] == [None, *["Rei"] * 4]
    rei = scene.project.catalogue.character("Rei").id
    assert scene.project.catalogue.face(step.faces[0]).negatives == [rei]
    assert session.unnamed == 4 and session.change is not None
    undo(scene.project)
    assert [owner(scene, face) for face in step.faces] == [None] * 5
    assert refreshed(scene.project, session).unnamed == 8


def test_when_the_last_group_has_a_name_what_is_left_is_grouped_once_more(scene):
    faces = scene.add(1, range(5))
    session = begin(scene)
    assert not session.naming.regrouped
    assert answered(scene.project, session, Answer(named={"Rei": faces})).naming.regrouped


def test_a_no_is_remembered_and_the_question_is_not_asked_again(scene):
    scene.add(1, range(4), "Rei")
    scene.add(2, range(4), "Asuka")
    (face,) = scene.add(1, (10,))
    session = begin(scene)
    question = session.next_question()
    assert isinstance(question, AskFace) and question.face == face and question.candidates[0] == "Rei"
    session = say_no(scene.project, session, face, "Rei")
    assert scene.project.catalogue.face(face).negatives == [scene.project.catalogue.character("Rei").id]
    assert isinstance(session.next_question(), Finished)
    assert isinstance(begin(scene).next_question(), Finished)


def test_a_yes_names_the_face_and_takes_an_earlier_no_back(scene):
    scene.add(1, range(4), "Rei")
    (face,) = scene.add(1, (10,))
    session = say_no(scene.project, begin(scene), face, "Rei")
    session = say_yes(scene.project, session, face, "Rei")
    assert owner(scene, face) == "Rei" and scene.project.catalogue.face(face).negatives == []
    assert session.unnamed == 0 and isinstance(session.next_question(), Finished)


def test_a_skipped_face_is_not_asked_again(scene):
    scene.add(1, range(4), "Rei")
    one, two = scene.add(1, (10, 11))
    session = begin(scene)
    first = session.next_question().face
    assert skip(scene.project, session, first).next_question().face == ({one, two} - {first}).pop()


def test_it_ends_in_words_when_a_stranger_was_said_to_be_nobody_here(scene):
    scene.add(1, range(4), "Rei")
    scene.add(2, range(4), "Asuka")
    (stranger,) = scene.add(3, range(1))
    session = begin(scene)
    for name in ("Rei", "Asuka"):
        session = say_no(scene.project, session, stranger, name)
    end = session.next_question()
    assert isinstance(end, Finished) and end.unnamed == 1 and end.reason


def test_ignored_faces_are_gone_until_undo(scene):
    faces = scene.add(1, range(5))
    session = answered(scene.project, begin(scene), Answer(ignored=faces))
    assert session.unnamed == 0 and all(scene.project.catalogue.face(face).ignored for face in faces)
    undo(scene.project)
    assert refreshed(scene.project, session).unnamed == 5


def test_a_name_that_was_typed_with_spaces_is_the_same_character(scene):
    faces = scene.add(1, range(5))
    session = answered(scene.project, begin(scene), Answer(named={" Rei ": faces[:3]}))
    session = answered(scene.project, session, Answer(named={"Rei": faces[3:]}))
    assert session.naming.names == ("Rei",) and session.unnamed == 0


def test_a_name_without_a_face_beside_one_with_faces_hinders_nothing(scene):
    first, second = scene.add(1, range(2))
    scene.add(2, range(3), "Asuka")
    session = begin(scene)
    session = answered(scene.project, session, Answer(named={"Asuka": (), "Rei": (first, second)}))
    assert [owner(scene, face) for face in (first, second)] == ["Rei", "Rei"]
    assert session.change is not None


def test_an_answer_that_says_nothing_is_no_change(scene):
    scene.add(1, range(3))
    session = begin(scene)
    assert answered(scene.project, session, Answer(named={"Rei": ()}, wrong={"Asuka": ()})).change is None


def test_a_face_that_was_taken_out_elsewhere_is_not_asked_about(scene):
    named = scene.add(1, range(4), "Rei")
    faces = scene.add(2, range(3))
    session = begin(scene)
    scene.project.catalogue.set_values("faces", {faces[0]: {"state": "removed"}, named[0]: {"state": "removed"}})
    again = refreshed(scene.project, session)
    assert (again.unnamed, again.naming.names) == (2, ("Rei",))
    assert refreshed(scene.project, again) is again


def test_an_answer_about_faces_of_another_session_is_written_all_the_same(scene):
    scene.add(1, range(3))
    session = begin(scene)
    (other,) = scene.add(2, (7,))
    session = say_yes(scene.project, session, other, "Asuka")
    assert owner(scene, other) == "Asuka"
    assert session.unnamed == 3


def test_names_of_a_session_keep_their_order_and_new_ones_follow(scene):
    scene.add(1, range(2), "Rei")
    faces = scene.add(2, range(4))
    session = begin(scene)
    for face, name in zip(faces, ("Misato", "Asuka", "Misato"), strict=False):
        session = say_yes(scene.project, session, face, name)
    assert session.naming.names == ("Rei", "Misato", "Asuka")
    scene.project.catalogue.set_values("faces", {faces[1]: {"character_id": None}})
    assert refreshed(scene.project, session).naming.names == ("Rei", "Misato")
