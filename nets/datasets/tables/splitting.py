"""Which rows of a table train and which test: by chance, class by class, whole groups, later rows, or folds."""

import numpy as np

from nets.datasets.base import split_indices
from nets.seeds import derive


def split_rows(
    count: int,
    keys: np.ndarray,
    *,
    split: str,
    train_share: float,
    folds: int,
    fold: int,
    seed: int,
    sample: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the rows of the training and of the test part, each in random order.

    Args:
        count: rows.
        keys: what the way looks at, (count,): classes (stratified), groups (group), or moments (time).
        split: random, stratified, group or time.
        train_share: share of the rows, or of the groups, that train.
        folds: parts to cut the rows into, of which ``fold`` tests and the others train; 0 goes by the share.
        fold: which of them, from 0.
        seed: of the experiment.
        sample: which drawing.

    Raises:
        ValueError: if a part would be empty, or there are too few rows, groups, or rows of a class; EmptyPart is one.
    """
    if split == "time":
        return _by_time(keys, train_share, folds, fold, seed, sample)
    if not folds and split == "random":
        return split_indices(count, train_share, seed, sample)
    order = np.random.default_rng(derive(seed, "split", sample)).permutation(count)
    if folds:
        train, test = _by_folds(keys[order], split, folds, fold)
    else:
        train, test = _by_shares(keys[order], split, train_share, derive(seed, "split", sample) % 2**32)
    return order[train], order[test]


def _by_time(
    moments: np.ndarray, train_share: float, folds: int, fold: int, seed: int, sample: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the earlier and the later rows; of folds, one tests and all before it train.

    Rows of one moment stay together, as far as that leaves any to train on.
    """
    order = np.argsort(moments, kind="stable")
    first = round(len(order) * ((fold + 1) / (folds + 1) if folds else train_share))
    last = round(len(order) * (fold + 2) / (folds + 1)) if folds else len(order)
    first = int(np.searchsorted(moments[order], moments[order[first]])) or first
    rng = np.random.default_rng(derive(seed, "split", sample))
    return rng.permutation(order[:first]), rng.permutation(order[first:last])


def _by_folds(keys: np.ndarray, split: str, folds: int, fold: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

    if split == "group" and len(np.unique(keys)) < folds:
        raise ValueError(f"{folds} folds need at least {folds} groups; there are {len(np.unique(keys))}")
    if split == "stratified" and np.unique(keys, return_counts=True)[1].max() < folds:
        raise ValueError(f"{folds} folds need at least {folds} rows of a class; no class has as many")
    if len(keys) < folds:
        raise ValueError(f"{folds} folds need at least {folds} rows; there are {len(keys)}")
    if split == "stratified":
        parts = list(StratifiedKFold(folds).split(keys, keys))
    elif split == "group":
        parts = list(GroupKFold(folds).split(keys, groups=keys))
    else:
        parts = list(KFold(folds).split(keys))
    return parts[fold]


def _by_shares(keys: np.ndarray, split: str, train_share: float, state: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit

    places = np.zeros(len(keys))
    if split == "group" and len(np.unique(keys)) < 2:
        raise ValueError("there is one group, and each part needs one of its own; take another column")
    if split == "stratified" and (single := int((np.unique(keys, return_counts=True)[1] < 2).sum())):
        raise ValueError(f"{single} of the classes have a single row, and each part needs one; take random")
    if split == "group":
        return next(GroupShuffleSplit(1, train_size=train_share, random_state=state).split(places, groups=keys))
    count = round(len(keys) * train_share)
    return next(StratifiedShuffleSplit(1, train_size=count, random_state=state).split(places, keys))
