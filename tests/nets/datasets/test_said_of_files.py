"""What was mended in a file is said on the command line, as a page says it beside the file."""

from nets.datasets.series.own import OwnSeriesConfig
from nets.datasets.text.own_text import OwnText


def test_what_was_mended_in_a_file_is_said(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    texts, series = tmp_path / "texts.csv", tmp_path / "series.csv"
    texts.write_bytes(b"text,label\n" + "naïve,1\nfine,0\n".encode("latin-1") * 20)
    series.write_text("demand\n" + "1\n2\n\n3\n" * 20 + "?\n4\n", encoding="utf-8")
    OwnText.taken({"path": str(texts)})
    assert [record.getMessage() for record in caplog.records] == ["Read as Windows-1252, for it is no UTF-8: 20 lines."]
    caplog.clear()
    OwnSeriesConfig.taken({"path": str(series)})
    assert "Numbers that are missing: demand 1." in [record.getMessage() for record in caplog.records]
