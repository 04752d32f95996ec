from core.recognise.reasons import ENROLLED_ALREADY, why_of

LIKE = {"name": "Belfast", "work": "Azur Lane", "similarity": 0.91}


def test_one_cell_tells_the_reason_and_what_else_is_known():
    assert why_of({"reason": "similarity 0.80"}) == "similarity 0.80"
    every = why_of({"reason": "nobody is enrolled", "looks_like": LIKE, "enrolled_already": True})
    assert every == f"nobody is enrolled; looks like Belfast from Azur Lane (shipped cast); {ENROLLED_ALREADY}"
