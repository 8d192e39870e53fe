"""What scripts find beside them."""

from pathlib import Path

import pytest

from tests.nets.datasets.tiny import Tiny, animals, uploads
from tests.nets.export.scripts import Beside


@pytest.fixture(scope="session")
def beside(tiny_sets: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    """The tiny sets where scripts look for torchvision's, and uploads where they look for the user's."""
    upload: Path = tmp_path_factory.mktemp("upload") / "pictures.zip"
    upload.write_bytes(animals())
    kept = {
        f"{name}.safetensors": tiny_sets.folder / folder / f"{uploads()[own]['upload']}.safetensors"
        for name, folder, own in (
            ("texts", "own_text", "own_text"),
            ("corpus", "own_text", "own_corpus"),
            ("series", "own_series", "own_series"),
        )
    }
    kept["table.parquet"] = tiny_sets.folder / "own" / f"{uploads()['own_table']['upload']}.parquet"
    return Beside({"data": tiny_sets.folder, "pictures.zip": upload, **kept}, tiny_sets.patch)
