"""The link as a person uses it: it holds settings and run, for a second tab, for a reload, for the way back."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.pages.visit import PATIENCE, Visit


def test_a_link_opens_the_same_settings_and_the_same_live_run(page: Page, browser: Browser, app: str):
    visit = Visit(page, {"train.max_epochs": 100000}).pick_data("xor")
    visit.panel("network").get_by_role("button", name="Add a neuron in hidden layer 2").click()
    visit.expect_link(data__name="xor", model__hidden_sizes="4,3")
    visit.press("train", "training").expect_progress()
    with browser.new_context(base_url=app) as context:
        other = Visit(context.new_page())
        other.go(page.url).expect_status("training").expect_progress()
        assert other.link == visit.link
        expect(other.panel("dataset").get_by_role("radio", name=re.compile("^xor:"))).to_be_checked()
        expect(other.panel("network").locator(".column[data-kind=hidden] .node")).to_have_count(7)
        other.press("pause", "paused")
    visit.expect_status("paused")
    expect(visit.button("train")).to_be_visible(timeout=PATIENCE)
    visit.healthy()


def test_a_run_goes_on_while_its_page_is_reloaded_or_left(page: Page):
    visit = Visit(page, {"train.max_epochs": 100000}).press("train", "training").expect_progress()
    run, step = visit.run, visit.step()
    page.reload()
    visit.settled().expect_status("training").expect_progress()
    assert visit.run == run
    assert visit.step() > step
    visit.images()
    assert visit.run != run
    page.get_by_role("link", name="Points").click()
    visit.expect_link(run=run, train__max_epochs="100000").expect_status("training").expect_progress()
    visit.healthy().press("stop", "stopped")


def test_the_way_back_leads_to_the_settings_before(page: Page):
    visit = Visit(page).pick_data("gauss").pick_data("spiral")
    page.go_back()  # at once: the link that comes back is no echo of a click
    visit.expect_link(data__name="gauss")
    expect(visit.panel("dataset").get_by_role("radio", name=re.compile("^gauss:"))).to_be_checked(timeout=PATIENCE)
    visit.expect_link(data__name="gauss").healthy()


def test_the_way_back_from_a_screen_is_one_step(page: Page):
    visit = Visit(page).pick_data("gauss").images()
    page.go_back()
    visit.expect_link(data__name="gauss")
    expect(visit.panel("dataset").get_by_role("radio", name=re.compile("^gauss:"))).to_be_checked(timeout=PATIENCE)
    visit.healthy()


def test_a_hostile_link_is_a_notice_and_no_traceback(page: Page):
    visit = Visit(page, {"train.batch_size": -5, "data.noise": 9, "data.name": "nope", "run": "../../etc"})
    visit.expect_status("ready").expect_step(0)
    expect(visit.notices).to_have_count(3)
    visit.press("train", "training")
    expect(visit.notices).to_have_count(0)
    visit.healthy().press("stop", "stopped")
