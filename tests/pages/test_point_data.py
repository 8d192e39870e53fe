"""Going from one data set of the Points screen to another."""

USUAL = {"kind": "sgd", "learning_rate": 0.03}
FOR_CURVES = {"kind": "adam", "learning_rate": 0.01}


def optimizer(screen):
    return {key: screen.value(f"train.optimizer.{key}") for key in USUAL}


def set_problem(screen, problem):
    """Choose a problem, as a click does."""
    screen.app.segmented_control("problem").set_value(problem)
    return screen.run()


def test_a_curve_brings_what_suits_it_and_takes_it_away_again(open_screen):
    screen = set_problem(open_screen("points"), "Curve")
    assert screen.value("data.name") == "sine"
    assert optimizer(screen) == FOR_CURVES
    assert (screen.value("data.noise"), screen.value("data.train_share")) == (0.1, 0.8)
    set_problem(screen, "Classify")
    assert screen.value("data.name") == "circle"
    assert optimizer(screen) == USUAL
    assert (screen.value("data.noise"), screen.value("data.train_share")) == (0.0, 0.5)


def test_what_was_chosen_by_hand_stays(open_screen):
    screen = open_screen("points", {"train.optimizer.learning_rate": 0.3})
    set_problem(screen, "Curve")
    assert optimizer(screen) == {"kind": "sgd", "learning_rate": 0.3}
    screen.put("select_slider", "data.noise", 0.3)
    set_problem(screen, "Surface")
    assert screen.value("data.noise") == 0.0
