"""A kept run as the exports take it."""

from typing import TYPE_CHECKING

from nets.problems import InvalidExperiment

if TYPE_CHECKING:
    from nets.export import Source
    from nets.runs.store import Store, StoredRun


def source_of(store: "Store", run: "StoredRun") -> "Source":
    """Return a run with the weights of its last checkpoint, if it has one.

    Raises:
        CannotExport: if its settings are a later Playground's, or its checkpoint is damaged.
        StoreProblem: if the store can't be read.
    """
    from nets.export import CannotExport, Source
    from nets.runs import checkpoints
    from nets.training.state import WEIGHTS, DamagedState, threads_of

    kept = store.checkpoints(run.id)
    weights, since, threads = None, None, 1
    try:
        if kept:
            tensors, facts = checkpoints.read(kept[-1].path)
            since, threads = facts.get("compiled_since"), threads_of(facts)
            named = {name: tensor for name, tensor in tensors.items() if name.startswith(WEIGHTS)}
            weights = {name.removeprefix(WEIGHTS): tensor.numpy() for name, tensor in named.items()}
        return Source(
            run=run.id,
            experiment=run.settings(),
            rows=store.rows(run.id),
            metrics=run.metrics,
            weights=weights,
            edited=run.edited,
            threads=threads,
            compiled_since=since if isinstance(since, int) else None,
            versions={**run.versions, "device": run.device},
        )
    except (DamagedState, InvalidExperiment, OSError) as error:
        raise CannotExport(f"This run can't be exported: {error}") from None
