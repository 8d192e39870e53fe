"""The list of questions: complete, searchable, and each leads to what shows it."""

from nets.recipes import recipes
from pages.parts.concepts.catalogue import CONCEPTS
from pages.parts.concepts.general_questions import GENERAL, RECIPES
from pages.parts.concepts.questions import all_questions, found


def test_every_question_of_every_concept_is_there_once():
    entries = all_questions(CONCEPTS.values())
    asked = [entry.asked for entry in entries]
    assert len({question.lower() for question in asked}) == len(asked)
    for concept in CONCEPTS.values():
        assert {question.asked for question in concept.questions} <= set(asked)


def test_every_question_leads_to_a_concept_and_to_a_recipe():
    assert not [entry.asked for entry in GENERAL if entry.concept not in CONCEPTS]
    assert not [name for name in RECIPES.values() if name not in recipes()]
    assert not [entry.asked for entry in all_questions(CONCEPTS.values()) if entry.recipe not in recipes()]


def test_a_search_wants_every_word():
    entries = all_questions(CONCEPTS.values())
    assert found(entries, "  ") == entries
    both = found(entries, "Forget GATE")
    assert any("forget gate" in entry.asked for entry in both)
    assert all("forget" in f"{entry.asked} {entry.answer}".lower() for entry in both)
    assert found(entries, "zebra") == []


def test_typing_narrows_the_page_and_nothing_found_is_said(open_screen):
    screen = open_screen("concepts", {"concept": "questions"})
    everything = len(screen.app.expander)
    screen.app.text_input(key="questions_search").set_value("epoch")
    screen.run()
    assert 0 < len(screen.app.expander) < everything
    screen.app.text_input(key="questions_search").set_value("zebra")
    screen.run()
    assert not screen.app.expander
    assert "zebra" in screen.app.info[0].value


def test_a_recipe_opens_on_its_screen_with_what_it_is_seen_beside(open_screen):
    screen = open_screen("concepts", {"concept": "questions"})
    screen.app.button(key="questions_train_Why does a plain cell forget?").click()
    screen.run()
    assert screen.app.session_state["series_bench"].experiment == recipes().get("first-symbol-rnn").experiment
    assert screen.app.query_params["beside"]


def test_a_question_leads_to_its_experiment(open_screen):
    screen = open_screen("concepts", {"concept": "questions"})
    screen.app.button(key="questions_see_How do I avoid overfitting?").click()
    screen.run()
    assert screen.app.query_params["concept"] == screen.app.session_state["concept"] == "overfitting"
