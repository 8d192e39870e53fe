"""The data card of the Images screen: which pictures, how many, and what is done to them."""

import base64

import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.images.base import PicturesConfig
from nets.datasets.images.downloads import DownloadedConfig
from nets.datasets.images.entries import BadUpload
from nets.datasets.images.own import keep_pictures
from nets.datasets.images.zipped import MOST_ZIP_BYTES, read_zip
from nets.views import View
from nets.views.augmented import Augmented, AugmentedView
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.image_payloads import sheet_of
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import among, shown

FIRST = ("digits", "shapes")
LAST = ("own",)
LABELS = {
    "digits": "Digits (built in)",
    "shapes": "Shapes (built in)",
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "kmnist": "Kuzushiji-MNIST",
    "emnist": "EMNIST letters",
    "cifar10": "CIFAR-10",
    "gtsrb": "Traffic signs",
    "own": "Your own pictures",
}
FRACTIONS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
NOISES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0)


def names() -> tuple[str, ...]:
    """Return the picture sets: those built in first, the user's own last."""
    found = [name for name, config in DATASETS.items() if issubclass(config, PicturesConfig)]
    return (*FIRST, *(name for name in found if name not in (*FIRST, *LAST)), *LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    data = bench.experiment.data
    assert isinstance(data, PicturesConfig)
    if not is_hidden("data.name"):
        _picker(bench)
    if data.name == "own" or st.session_state.get("wants_own"):
        _upload(bench)
    if isinstance(data, DownloadedConfig) and bench.run.status == "failed":
        st.button(
            "Take the built-in digits",
            key="embedded",
            icon=":material/wifi_off:",
            width="stretch",
            on_click=lambda: bench.change({"data.name": "digits", "data.classes": []}),
        )
    left, right = st.columns(2, gap="small")
    with left:
        if "size" in type(data).model_fields:
            fields.plain(bench, "data.size")
        else:
            _fraction(bench)
    with right:
        if "train_share" in type(data).model_fields:
            shares = [place / 10 for place in range(1, 10)]
            fields.slider(bench, "data.train_share", "Train on", shares, "{:.0%}".format)
        else:
            _label_noise(bench)
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Pictures", icon=":material/tune:", help="Which classes, how many, how they become numbers"):
            _selection(bench, data)
        popover = st.popover("Augment", icon=":material/auto_fix_high:", key="augment_open", on_change="rerun")
        if popover.open:
            with popover:
                _augmentation(bench)


def preview() -> dict[str, View]:
    """Return the view that the preview of the augmentation needs, while it is open."""
    return {"augmented": AugmentedView()} if st.session_state.get("augment_open") else {}


def _fraction(bench: Bench) -> None:
    fields.slider(bench, "data.fraction", "Use", FRACTIONS, "{:.0%}".format)


def _label_noise(bench: Bench) -> None:
    fields.slider(bench, "data.label_noise", "Wrong labels", NOISES, "{:.0%}".format)


def _picker(bench: Bench) -> None:
    st.selectbox(
        "Pictures",
        **among(names(), "own" if st.session_state.get("wants_own") else bench.value("data.name"), "data_name"),
        format_func=lambda name: LABELS.get(name, fields.words(name).capitalize()),
        help="\n".join(f"- **{LABELS.get(name, name)}**: {DATASETS.get(name).help}" for name in names()),
        disabled=is_locked("data.name"),
        on_change=lambda: _pick(bench, st.session_state["data_name"]),
    )


def _pick(bench: Bench, name: str) -> None:
    """Take a set; the user's own only when there is one, so that nothing has failed before."""
    st.session_state["wants_own"] = name == "own"
    if name != "own":
        bench.change({"data.name": name, "data.classes": []})


def _selection(bench: Bench, data: PicturesConfig) -> None:
    known = data.names()
    key = bench.key("data.classes")
    if not is_hidden("data.classes"):
        st.multiselect(
            "Classes",
            known,
            **shown(key, list(data.classes), "default"),
            placeholder=f"All {len(known)}",
            help="Classes to tell apart; none chosen takes all",
            disabled=is_locked("data.classes"),
            on_change=lambda: bench.change({"data.classes": st.session_state[key]}),
        )
    if "size" in type(data).model_fields:
        _fraction(bench)
    if "train_share" in type(data).model_fields:
        _label_noise(bench)
    fields.number(bench, "data.per_class", "Training pictures a class, at most (0: all)")
    fields.choice(bench, "data.normalize", "Inputs", ("half", "unit", "standard"), explain=_normalizations)
    own = ("train_share", "size", "fraction", "per_class", "label_noise", "normalize", "upload")
    fields.everything(bench, "data", skip=own)


def _normalizations(name: str) -> str:
    meanings = {
        "half": "from -1 to 1",
        "unit": "from 0 to 1",
        "standard": "mean 0 and spread 1 over the training pictures, channel by channel",
    }
    return meanings[name]


def _augmentation(bench: Bench) -> None:
    st.caption("Training pictures look another way each time; test pictures stay as they are.")
    found: Augmented | None = bench.run.views.get("augmented")
    if found is not None:
        _, count, *shape = found.pictures.shape
        sheet = sheet_of(found.pictures.reshape(-1, *shape), columns=count)
        picture = "data:image/webp;base64," + base64.b64encode(sheet.image).decode()
        st.image(picture, caption="Above as they are, below as they may be seen", width="stretch")
    fields.everything(bench, "data.augment")


def _upload(bench: Bench) -> None:
    """Draw the picker for a zip, whose pictures are kept and trained on."""
    if is_hidden("data.upload"):
        return
    st.file_uploader(
        "Zip with a folder for each class",
        type="zip",
        key="own_zip",
        help="Folders named after their class, with PNG, JPEG, GIF, BMP or WEBP pictures inside",
        max_upload_size=MOST_ZIP_BYTES >> 20,
        disabled=is_locked("data.upload"),
        on_change=lambda: _take(bench),
    )


def _take(bench: Bench) -> None:
    file = st.session_state["own_zip"]
    if file is None:
        return
    try:
        own = read_zip(file.getvalue())
        keep_pictures(own)
    except (BadUpload, OSError) as error:
        bench.refuse(error)
        return
    st.session_state["wants_own"] = False
    names = {"data.class_names": list(own.class_names), "data.classes": []}
    bench.change({"data.name": "own", "data.upload": own.digest, **names})
    st.toast(f"{len(own.labels):,} pictures of {len(own.class_names)} classes", icon=":material/photo_library:")
