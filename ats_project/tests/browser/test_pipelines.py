"""The order of the stages, by dragging and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from organizations.tests.browser import page as address
from pipelines.models import Pipeline
from pipelines.tests.factories import PipelineFactory, StageFactory


@pytest.fixture
def pipeline(organization):
    pipeline = PipelineFactory(organization=organization)
    for index, name in enumerate(("Lead", "Qualified", "Won")):
        StageFactory(pipeline=pipeline, name=name, index=index * 10)
    return pipeline


@pytest.fixture
def opened(as_role, pipeline):
    # All rows in sight: near the edge of a window, dragging scrolls.
    page = as_role("RECRUITER", viewport={"width": 1440, "height": 1400})
    page.goto(address(Pipeline, "change", pipeline.pk))
    return page


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(address(Pipeline, "changelist"))


def order(pipeline):
    return list(pipeline.stages.order_by("index").values_list("name", "index"))


def test_stages_are_moved_by_keyboard_and_saved_with_a_new_one(opened, pipeline):
    opened.get_by_role("button", name="Move Won up").press("Enter")
    expect(opened.locator("#stages-data ~ [role=status]")).to_have_text("Won is number 2 of 3 now")
    opened.get_by_role("button", name="Move Won up").press("Enter")
    expect(opened.get_by_role("button", name="Move Won down")).to_be_focused()
    opened.locator("a.add-row").click()
    opened.locator("[name=stages-3-name]").fill("Lost")
    opened.get_by_role("button", name="Move Lost up").click()
    save(opened)

    assert order(pipeline) == [("Won", 0), ("Lead", 10), ("Lost", 20), ("Qualified", 21)]


def test_a_stage_is_dragged_to_its_place(opened, pipeline):
    rows = opened.locator("#stages-data tbody.original")
    boxes = [handle.bounding_box() for handle in rows.get_by_text("drag_indicator").all()]
    opened.mouse.move(boxes[2]["x"] + 9, boxes[2]["y"] + 9)
    opened.mouse.down()
    for place in (1, 0):
        # A browser tells of a drag now and then only: each row on the way must have made room.
        opened.mouse.move(boxes[place]["x"] + 9, boxes[place]["y"] + 9, steps=5)
        while rows.nth(place).locator("input[name$=-name]").input_value() != "Won":
            opened.mouse.move(boxes[place]["x"] + 5, boxes[place]["y"] + 5, steps=2)
            opened.mouse.move(boxes[place]["x"] + 9, boxes[place]["y"] + 9, steps=2)
    opened.mouse.up()
    save(opened)

    assert [name for name, _ in order(pipeline)] == ["Won", "Lead", "Qualified"]


def test_names_are_changed_in_place_and_the_rest_stays(opened, pipeline):
    opened.locator("[name=stages-1-name]").fill("Promising")
    save(opened)

    assert order(pipeline) == [("Lead", 0), ("Promising", 10), ("Won", 20)]
