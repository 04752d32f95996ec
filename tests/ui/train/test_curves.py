from core.progress import Progress
from ui.train.curves import MOST, live_validation, loss_figure, step_curves, validation_figure


def reports(n: int) -> list[Progress]:
    found = [Progress("read", 1, 1)]
    for step in range(1, n + 1):
        data = {"loss": 1 / step, "triplet": 0.5 / step, "cross_entropy": 0.0, "active": 0.5}
        data |= {"stage": "choose", "epoch": (step - 1) // 10 + 1}
        if step > 20:  # measured after the second epoch
            data |= {"map_at_r": 0.4, "top1": 0.6}
        if step > 30:
            data |= {"map_at_r": 0.5, "top1": 0.7}
        found.append(Progress("train", step, n, float(step), data=data))
    return found


def test_long_curves_are_thinned_and_end_where_the_training_is():
    points = step_curves(reports(2000))
    assert len(points) <= MOST + 1
    assert points[0][0] == 1 and points[-1][0] == 2000
    assert step_curves([]) == []


def test_each_validation_is_one_point_at_the_epoch_it_measured():
    assert live_validation(reports(45)) == [
        {"epoch": 2, "map_at_r": 0.4, "top1": 0.6},
        {"epoch": 3, "map_at_r": 0.5, "top1": 0.7},
    ]


def test_parts_of_the_loss_that_are_off_are_not_drawn():
    assert [line.name for line in loss_figure(step_curves(reports(5))).data] == ["loss", "triplet"]


def test_one_run_shows_both_figures_several_only_what_chooses():
    rows = live_validation(reports(45))
    assert [line.name for line in validation_figure({"a": rows}).data] == ["MAP@R", "top-1"]
    assert validation_figure({"a": rows}).layout.xaxis.dtick == 1, "no half epochs"
    assert validation_figure({"a": [rows[0] | {"epoch": 45}]}).layout.xaxis.dtick == 5
    both = validation_figure({"a": rows, "b": rows[:1]})
    assert [(line.name, list(line.y)) for line in both.data] == [("a", [40.0, 50.0]), ("b", [40.0])]
