"""A table's script answers to rows of another file as the screen does."""

import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nets.export import Source, export
from nets.training import Controls, Training
from nets.views.scored_rows import ScoredRowsView
from tests.nets.experiments import small

CASES: dict[str, dict[str, Any]] = {
    "tip": {"data.prepare.categories": "embedding", "model.kind": "wide_and_deep"},
    "time": {"data.target": ["time"], "data.prepare.scaling": "minmax"},
    "day": {"data.target": ["day"], "data.prepare.missing": "constant", "data.ignore": ["sex"]},
    "labels": {"data.target": ["smoker", "sex"], "model.norm": "batch"},
}


@pytest.mark.parametrize("case", CASES)
def test_a_script_scores_new_rows_as_the_screen_does(case, monkeypatch, tmp_path, capsys):
    experiment = small({"data.name": "tips", "train.max_epochs": 2, **CASES[case]})
    training = Training(experiment)
    for _ in training.events(Controls()):
        pass
    rows = training.split.preparation.test.iloc[:9].copy()
    rows.loc[rows.index[0], "day"] = "Mon"
    rows.loc[rows.index[1], "total_bill"] = np.nan
    rows.to_csv(tmp_path / "new.csv", index=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["script.py", "--score", "new.csv"])
    script = export(Source("run", experiment), "script").content.decode()
    exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    assert "9 rows with predictions: predictions.csv" in capsys.readouterr().out

    found = pd.read_csv("predictions.csv")
    told = found.filter(regex="^predicted tip$|^share of ").to_numpy(dtype=float)
    for place, row in enumerate(pd.read_csv("new.csv").to_dict("records")):
        seen = ScoredRowsView(row=pd.Series(row).to_json()).look(training)
        np.testing.assert_allclose(told[place], seen.answers[0], rtol=1e-5)
