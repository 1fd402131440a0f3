from __future__ import annotations

import re

import pytest

from organizations.tests.browser import filled, page, send
from pipelines.models import Pipeline, Stage
from pipelines.tests.factories import PipelineFactory, StageFactory


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def pipeline(organization):
    pipeline = PipelineFactory(organization=organization)
    for index, name in enumerate(("Lead", "Qualified", "Won")):
        StageFactory(pipeline=pipeline, name=name, index=index)
    return pipeline


def order(pipeline):
    return list(pipeline.stages.order_by("index").values_list("name", flat=True))


def test_a_pipeline_is_made_with_its_stages(recruiter, organization):
    table = {"stages-TOTAL_FORMS": 2, "stages-0-name": "Lead", "stages-1-name": "Won"}

    send(recruiter, page(Pipeline, "add"), name="Sales", **table)

    pipeline = Pipeline.objects.get(name="Sales")
    assert order(pipeline) == ["Lead", "Won"]
    assert {stage.organization for stage in pipeline.stages.all()} == {organization}
    assert {stage.created_by for stage in pipeline.stages.all()} == {recruiter.employee.user}


def test_two_stages_swap_places(recruiter, pipeline):
    swapped = {"stages-0-index": 1, "stages-1-index": 0}

    send(recruiter, page(Pipeline, "change", pipeline.pk), **swapped)

    assert order(pipeline) == ["Qualified", "Lead", "Won"]


def test_two_stages_in_one_place_are_refused_and_nothing_is_written(recruiter, pipeline):
    answer = send(recruiter, page(Pipeline, "change", pipeline.pk), name="Other", **{"stages-0-index": 1})

    pipeline.refresh_from_db()
    assert "Two stages have the index 1." in answer.text
    assert pipeline.name != "Other"
    assert order(pipeline) == ["Lead", "Qualified", "Won"]


def test_a_stage_is_taken_out_and_another_put_in(recruiter, pipeline):
    table = {"stages-TOTAL_FORMS": 4, "stages-1-DELETE": "on", "stages-3-name": "Lost", "stages-3-index": 7}

    send(recruiter, page(Pipeline, "change", pipeline.pk), **table)

    assert order(pipeline) == ["Lead", "Won", "Lost"]


def test_a_stage_that_someone_else_made_meanwhile_stays(recruiter, pipeline, organization):
    url = page(Pipeline, "change", pipeline.pk)
    form = filled(recruiter.get(url))
    StageFactory(pipeline=pipeline, name="Lost", index=9)
    recruiter.post(url, {**form, "stages-0-name": "First word"})

    assert order(pipeline) == ["First word", "Qualified", "Won", "Lost"]


def test_a_stage_by_itself_is_the_last(recruiter, pipeline):
    send(recruiter, page(Stage, "add"), pipeline=pipeline.pk, name="Lost")

    assert order(pipeline) == ["Lead", "Qualified", "Won", "Lost"]


def test_a_stage_by_itself_keeps_a_place_of_its_own(recruiter, pipeline):
    url = page(Stage, "change", pipeline.stages.get(name="Won").pk)

    taken, none = send(recruiter, url, index=0), send(recruiter, url, index="")

    assert "Another stage of the pipeline has this index." in taken.text
    assert "A stage has an index." in none.text
    assert order(pipeline) == ["Lead", "Qualified", "Won"]


def test_the_list_shows_the_stages_as_a_chain(recruiter, pipeline):
    for index in range(10, 20):
        StageFactory(pipeline=pipeline, name=f"Step {index}", index=index)

    shown = recruiter.get(page(Pipeline, "changelist")).text
    chain = re.findall(r"<li[^>]*>([^<]*)</li>", shown[shown.index('class="chain"') :].partition("</ol>")[0])

    assert chain == ["Lead", "Qualified", "Won", "Step 10", "Step 11", "Step 12", "Step 13", "5 more", "Step 19"]


def test_a_viewer_reads_the_stages(enter, pipeline):
    shown = enter("VIEWER").get(page(Pipeline, "change", pipeline.pk))

    assert "Qualified" in shown.text
    assert "stages-0-name" not in shown.text
