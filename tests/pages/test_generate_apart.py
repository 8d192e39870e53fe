"""What makes things is on the Generate screen, what tells things apart on Images: neither takes the other's."""

from nets.recipes import recipes
from pages.parts.generate_network import networks
from pages.parts.image_network import picture_networks


def test_no_network_is_offered_on_both_screens():
    assert not set(networks()) & set(picture_networks())
    assert set(networks()) >= {"autoencoder", "vae", "gan"}


def test_images_take_no_network_that_makes_pictures(open_screen):
    screen = open_screen("images", {"model.kind": "vae", "train.objective.kind": "variational"})
    assert screen.value("train.objective.kind") == "supervised"
    assert "belong on another screen" in " ".join(screen.notices)


def test_recipes_of_what_is_made_learn_without_answers():
    for recipe in recipes():
        assert (recipe.family == "generate") == (recipe.experiment.train.objective.kind != "supervised"), recipe.name
