"""Tables to look at."""

from tests.nets.experiments import small

TABLE = {"model.hidden_sizes": [4], "train.max_epochs": 2}
VALUES = small({"data.name": "tips", **TABLE})
CLASSES = small({"data.name": "iris", **TABLE})
LABELS = small({"data.name": "labels", "data.num_examples": 100, **TABLE})
CODES = small(
    {"data.name": "tips", "data.prepare.categories": "embedding", "model.kind": "wide_and_deep", "train.max_epochs": 2}
)
AGAIN = small({"data.name": "wine", "model.kind": "autoencoder", "train.max_epochs": 2})
ODD = small({"data.name": "wine", "data.hidden_class": "grower 1", "model.kind": "autoencoder", "train.max_epochs": 2})
TABLES = {
    "predicted_values": [VALUES, small({"data.name": "tips", "data.target": ["tip", "size"], **TABLE})],
    "predicted_rows": [CLASSES],
    "class_scores": [CLASSES, LABELS],
    "importance": [VALUES, LABELS, CODES],
    "partial_dependence": [CLASSES, CODES],
    "baselines": [CLASSES, CODES, LABELS],
    "scored_rows": [VALUES],
    "filling": [CLASSES],
    "unusual_rows": [AGAIN, ODD],
    "forest": [AGAIN, ODD],
}
