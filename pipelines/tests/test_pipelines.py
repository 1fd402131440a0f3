"""Pipelines and the order of their stages."""

from __future__ import annotations

import pytest

from organizations.tests.factories import EmployeeFactory, RoleFactory
from pipelines.models import Pipeline, Stage
from pipelines.tests.factories import PipelineFactory, StageFactory

NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def pipeline(organization):
    """Lead (0), Qualified (1), Won (2)."""
    pipeline = PipelineFactory(organization=organization, name="Sales", description="Deals")
    for index, name in enumerate(("Lead", "Qualified", "Won")):
        StageFactory(pipeline=pipeline, name=name, index=index)
    return pipeline


@pytest.fixture
def stages(recruiter, pipeline) -> list[dict]:
    """As GET shows them."""
    return recruiter.get(f"/api/pipelines/{pipeline.pk}?relations=stages").json()["stages"]


@pytest.fixture
def put(recruiter, pipeline):
    def put(*stages, client=recruiter):
        return client.put(f"/api/pipelines/{pipeline.pk}", {"stages": stages})

    return put


def order(pipeline) -> dict:
    return {stage.index: stage.name for stage in pipeline.stages.order_by("index")}


SALES = {0: "Lead", 1: "Qualified", 2: "Won"}


# Making one.


def test_a_pipeline_is_made_with_its_stages(recruiter, organization):
    body = {
        "name": "Hiring",
        "description": "From the first word",
        "stages": [{"name": "Third", "index": 30}, {"name": "First", "index": 10, "description": "Say hello"}],
    }

    response = recruiter.post("/api/pipelines", body)

    assert response.status_code == 201
    shown = response.json()
    assert (shown["name"], shown["description"]) == ("Hiring", "From the first word")
    assert shown["organizationId"] == str(organization.pk)
    assert [(stage["name"], stage["index"], stage["description"]) for stage in shown["stages"]] == [
        ("First", 10, "Say hello"),
        ("Third", 30, None),
    ]
    assert {stage["pipelineId"] for stage in shown["stages"]} == {shown["id"]}


@pytest.mark.parametrize("stages", [{"stages": []}, {}])
def test_a_pipeline_may_have_no_stages(recruiter, stages):
    response = recruiter.post("/api/pipelines", {"name": "Empty", **stages})

    assert response.status_code == 201
    assert response.json()["stages"] == []


def test_a_stage_without_index_gets_its_place_in_the_array(recruiter):
    stages = [{"name": "a"}, {"name": "b", "index": 7}, {"name": "c"}]

    shown = recruiter.post("/api/pipelines", {"name": "Sales", "stages": stages}).json()

    assert [(stage["index"], stage["name"]) for stage in shown["stages"]] == [(0, "a"), (2, "c"), (7, "b")]


def test_stages_are_shown_when_asked_for_and_always_in_order(recruiter, organization):
    pipeline = PipelineFactory(organization=organization)
    for index in (2, 0, 1):
        StageFactory(pipeline=pipeline, name=f"Stage {index}", index=index)

    one = recruiter.get(f"/api/pipelines/{pipeline.pk}?relations[]=stages").json()
    (listed,) = recruiter.get("/api/pipelines?relations[]=stages").json()["items"]
    written = recruiter.put(f"/api/pipelines/{pipeline.pk}", {"description": "New"}).json()

    for shown in (one, listed, written):
        assert [stage["index"] for stage in shown["stages"]] == [0, 1, 2]
    assert "stages" not in recruiter.get(f"/api/pipelines/{pipeline.pk}").json()


@pytest.mark.parametrize("index", [-1, 1.5, 1.0, "1", True, None, 10**12, [], {}], ids=str)
@pytest.mark.parametrize("door", ["create", "update", "flat", "flat update"])
def test_an_index_is_a_whole_number_from_zero(recruiter, pipeline, stages, put, door, index):
    response = {
        "create": lambda: recruiter.post("/api/pipelines", {"name": "x", "stages": [{"name": "a", "index": index}]}),
        "update": lambda: put({"name": "a", "index": index}),
        "flat": lambda: recruiter.post(
            "/api/pipeline-stage", {"name": "a", "pipelineId": str(pipeline.pk), "index": index}
        ),
        "flat update": lambda: recruiter.put(f"/api/pipeline-stage/{stages[0]['id']}", {"index": index}),
    }[door]()

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == ("index" if "flat" in door else "stages.0.index")
    assert order(pipeline) == SALES
    assert Pipeline.objects.count() == 1


@pytest.mark.parametrize(
    "stage",
    [{}, {"name": ""}, {"name": None}, {"name": 5}, {"name": "x" * 201}, {"index": 1}, {"name": "a", "color": "red"},
     {"name": "a", "pipelineId": NOBODY}, {"name": "a", "description": 5}, "Lead", 5, None, ["Lead"]],
    ids=lambda stage: str(stage)[:30],
)  # fmt: skip
def test_what_is_no_stage_is_refused(recruiter, stage):
    response = recruiter.post("/api/pipelines", {"name": "Sales", "stages": [{"name": "First"}, stage]})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"].startswith("stages.1")
    assert not Pipeline.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": None},
        {"name": ""},
        {"name": "x", "stages": "a"},
        {"name": "x", "stages": None},
        {"name": "x", "stages": {"name": "a"}},
        {"name": "x", "steps": []},
    ],
    ids=str,
)
def test_what_is_no_pipeline_is_refused(recruiter, body):
    assert recruiter.post("/api/pipelines", body).status_code == 400
    assert not Pipeline.objects.exists()


def test_two_stages_of_one_index_are_a_clash_within_the_body(recruiter, put, pipeline):
    twice = [{"name": "a", "index": 1}, {"name": "b"}]

    for response in (recruiter.post("/api/pipelines", {"name": "Sales", "stages": twice}), put(*twice)):
        assert response.status_code == 400
        assert response.json()["message"] == ["stages: Two stages have the index 1."]
    assert order(pipeline) == SALES
    assert Pipeline.objects.count() == 1


# Changing the order.


def test_a_put_without_stages_leaves_them_alone(recruiter, pipeline, stages):
    response = recruiter.put(f"/api/pipelines/{pipeline.pk}", {"name": "Renamed"})

    assert response.json()["name"] == "Renamed"
    assert response.json()["stages"] == stages


@pytest.mark.parametrize(
    "indexes", [(1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (3, 4, 5), (1, 2, 3), (0, 1, 2), (5, 0, 1)], ids=str
)
@pytest.mark.parametrize("whole", [True, False])
def test_stages_change_places_in_one_put(put, pipeline, stages, indexes, whole):
    sent = [
        {**(stage if whole else {"id": stage["id"]}), "index": index}
        for stage, index in zip(stages, indexes, strict=True)
    ]

    response = put(*sent)

    assert response.status_code == 200
    expected = {index: stage["name"] for index, stage in zip(indexes, stages, strict=True)}
    assert order(pipeline) == expected
    assert [stage["name"] for stage in response.json()["stages"]] == [expected[i] for i in sorted(expected)]
    assert {stage["id"] for stage in response.json()["stages"]} == {stage["id"] for stage in stages}


def test_two_change_places_while_one_goes_and_one_comes(put, pipeline, stages):
    lead, qualified, _ = stages

    put({"id": qualified["id"], "index": 0}, {"id": lead["id"], "index": 2}, {"name": "New", "index": 1})

    assert order(pipeline) == {0: "Qualified", 1: "New", 2: "Lead"}


def test_a_new_stage_takes_an_index_beyond_those_that_move(put, pipeline, stages):
    """The indexes that moving stages step aside to are free again before new ones are stored."""
    lead, qualified, won = stages

    put(
        {"id": lead["id"], "index": 1},
        {"id": qualified["id"], "index": 0},
        {"id": won["id"]},
        *({"name": f"New {index}", "index": index} for index in range(3, 8)),
    )

    assert list(order(pipeline).values())[:3] == ["Qualified", "Lead", "Won"]
    assert list(order(pipeline)) == list(range(8))


def test_a_stage_that_is_left_out_is_deleted(put, pipeline, stages):
    put({"id": stages[0]["id"]}, {"id": stages[2]["id"]})

    assert order(pipeline) == {0: "Lead", 2: "Won"}


def test_an_empty_list_deletes_all(put, pipeline):
    assert put().json()["stages"] == []
    assert order(pipeline) == {}


def test_a_stage_takes_the_index_of_one_that_is_left_out(put, pipeline, stages):
    put({"id": stages[1]["id"], "index": 0}, {"name": "Lost", "index": 1})

    assert order(pipeline) == {0: "Qualified", 1: "Lost"}


def test_a_stage_is_renamed_and_the_others_stay_as_they_are(put, recruiter, pipeline, stages):
    lead, qualified, won = stages

    shown = put({**lead, "name": "Contact", "description": "Say hello"}, qualified, won).json()["stages"]

    assert [(stage["name"], stage["description"]) for stage in shown] == [
        ("Contact", "Say hello"),
        ("Qualified", None),
        ("Won", None),
    ]
    assert shown[1:] == [qualified, won]


def test_a_stage_that_moves_onto_one_that_stays_is_a_clash_within_the_body(put, pipeline, stages):
    lead, qualified, won = stages

    response = put({"id": lead["id"], "index": 1}, qualified, won)

    assert response.status_code == 400
    assert order(pipeline) == SALES


def test_a_stage_stands_in_the_array_once(put, pipeline, stages):
    response = put({"id": stages[0]["id"], "index": 5}, {"id": stages[0]["id"], "index": 6})

    assert response.status_code == 400
    assert order(pipeline) == SALES


@pytest.mark.parametrize("whose", ["another pipeline", "another organization", "nobody"])
def test_a_stage_of_elsewhere_is_no_stage_here(put, pipeline, organization, stranger, whose):
    elsewhere = StageFactory(
        pipeline__organization=organization if whose == "another pipeline" else stranger.employee.organization
    )

    response = put({"id": NOBODY if whose == "nobody" else str(elsewhere.pk), "name": "Mine"})

    assert response.status_code == 400
    assert response.json()["message"] == ["stages: There is no such stage in this pipeline."]
    assert order(pipeline) == SALES
    elsewhere.refresh_from_db()
    assert elsewhere.name != "Mine"


def test_a_new_pipeline_takes_over_no_stage(recruiter, stages, pipeline):
    response = recruiter.post("/api/pipelines", {"name": "New", "stages": [{"id": stages[0]["id"]}]})

    assert response.status_code == 400
    assert order(pipeline) == SALES


@pytest.mark.parametrize("key", ["pipelineId", "createdAt", "createdById", "organizationId"])
def test_what_of_a_stage_cannot_be_written_is_refused(put, stages, pipeline, key):
    value = "2020-01-01T00:00:00.000Z" if key == "createdAt" else NOBODY

    response = put({**stages[0], key: value}, *stages[1:])

    assert response.status_code == 400
    assert order(pipeline) == SALES


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_was_read_is_sent_back_whole_and_changes_nothing(recruiter, pipeline, method):
    address = f"/api/pipelines/{pipeline.pk}?relations=stages,organization"
    before = recruiter.get(address).json()

    response = getattr(recruiter, method)(address, before)

    assert response.status_code == 200
    assert response.json().pop("updatedAt") >= before["updatedAt"]
    assert {**response.json(), "updatedAt": before["updatedAt"]} == before


def test_a_pipeline_goes_with_its_stages(recruiter, pipeline):
    assert recruiter.delete(f"/api/pipelines/{pipeline.pk}").status_code == 204
    assert not Stage.objects.exists()


# Who may.


def test_stages_that_the_caller_cannot_see_stay(sign_in, organization, pipeline, put):
    role = RoleFactory(organization=organization, permissions=["pipelines.view_pipeline", "pipelines.change_pipeline"])

    response = put(client=sign_in("EMPLOYEE", role=role))

    assert response.status_code == 200
    assert response.json()["stages"] == []
    assert order(pipeline) == SALES


@pytest.mark.parametrize("deed", ["add", "change", "delete"])
def test_each_change_of_the_stages_needs_its_permission(sign_in, organization, pipeline, stages, put, deed):
    others = [f"pipelines.{d}_stage" for d in ("view", "add", "change", "delete") if d != deed]
    role = RoleFactory(
        organization=organization, permissions=["pipelines.view_pipeline", "pipelines.change_pipeline", *others]
    )
    sent = {"add": [*stages, {"name": "New", "index": 3}], "change": [{**stages[0], "name": "New"}, *stages[1:]],
            "delete": stages[1:]}[deed]  # fmt: skip

    response = put(*sent, client=sign_in("EMPLOYEE", role=role))

    assert response.status_code == 403
    assert order(pipeline) == SALES


@pytest.mark.parametrize(("role", "sees"), [("VIEWER", 200), ("INTERVIEWER", 403), ("EMPLOYEE", 403)])
def test_the_others_look_at_most(sign_in, pipeline, put, role, sees):
    client = sign_in(role)

    assert client.get(f"/api/pipelines/{pipeline.pk}?relations=stages").status_code == sees
    assert client.post("/api/pipelines", {"name": "Mine"}).status_code == 403
    assert put(client=client).status_code == 403
    assert client.delete(f"/api/pipelines/{pipeline.pk}").status_code == 403


# Stages as a resource of their own.


@pytest.mark.parametrize("name", ["pipeline-stage", "pipeline-stages"])
def test_stages_are_listed(recruiter, pipeline, organization, name):
    StageFactory(pipeline__organization=organization)

    listed = recruiter.get(f"/api/{name}?where[pipelineId]={pipeline.pk}&order[index]=DESC&relations=pipeline").json()

    assert listed["total"] == 3
    assert [stage["name"] for stage in listed["items"]] == ["Won", "Qualified", "Lead"]
    assert {stage["pipeline"]["name"] for stage in listed["items"]} == {"Sales"}


def test_a_stage_is_added_behind_the_others(recruiter, pipeline):
    response = recruiter.post("/api/pipeline-stage", {"name": "Lost", "pipelineId": str(pipeline.pk)})

    assert response.status_code == 201
    assert order(pipeline) == {**SALES, 3: "Lost"}


def test_the_first_stage_has_the_index_zero(recruiter, organization):
    pipeline = PipelineFactory(organization=organization)

    response = recruiter.post("/api/pipeline-stage", {"name": "First", "pipelineId": str(pipeline.pk)})

    assert response.json()["index"] == 0


@pytest.mark.parametrize("deed", ["add", "move"])
def test_an_index_that_is_taken_is_a_clash(recruiter, pipeline, stages, deed):
    if deed == "add":
        body = {"name": "x", "pipelineId": str(pipeline.pk), "index": 1}
        response = recruiter.post("/api/pipeline-stage", body)
    else:
        response = recruiter.put(f"/api/pipeline-stage/{stages[0]['id']}", {"index": 1})

    assert response.status_code == 409
    assert response.json()["message"] == "Another stage of the pipeline has this index."
    assert order(pipeline) == SALES


def test_a_stage_is_changed_and_deleted(recruiter, pipeline, stages):
    address = f"/api/pipeline-stage/{stages[0]['id']}"

    assert recruiter.put(address, {"name": "Contact", "index": 9}).json()["index"] == 9
    assert order(pipeline) == {1: "Qualified", 2: "Won", 9: "Contact"}
    assert recruiter.delete(address).status_code == 204
    assert order(pipeline) == {1: "Qualified", 2: "Won"}


def test_a_stage_stays_in_its_pipeline(recruiter, organization, stages, pipeline):
    other = PipelineFactory(organization=organization)

    response = recruiter.put(f"/api/pipeline-stage/{stages[0]['id']}", {"pipelineId": str(other.pk)})

    assert response.status_code == 400
    assert order(pipeline) == SALES


def test_a_stage_is_added_to_no_foreign_pipeline(recruiter, stranger):
    theirs = PipelineFactory(organization=stranger.employee.organization)
    EmployeeFactory(organization=theirs.organization)

    response = recruiter.post("/api/pipeline-stage", {"name": "x", "pipelineId": str(theirs.pk)})

    assert response.status_code == 400
    assert response.json()["message"] == ["pipelineId: There is no such row."]


def test_pipelines_are_asked_for_by_their_stages(recruiter, organization, pipeline):
    StageFactory(pipeline__organization=organization, name="Won", index=0)

    def total(question):
        return recruiter.get(f"/api/pipelines/count?{question}").json()

    assert total("where[stages][name]=Won") == 2
    # Both conditions are about the same stage.
    assert total("where[stages][name]=Won&where[stages][index]=2") == 1
    assert total("where[stages][name]=Lead&where[stages][index]=2") == 0
    assert total("where[stages][index][gte]=0") == 2
    assert total("where[name][contains]=SAL") == 1


@pytest.mark.parametrize("stages", [[{}, {}], [{"index": 0}, {"index": 1}]])
def test_a_row_without_an_id_is_a_new_one_and_needs_what_a_new_one_needs(stages, recruiter, organization):
    pipeline = PipelineFactory(organization=organization)
    for index in (0, 1):
        StageFactory(pipeline=pipeline, index=index)

    assert recruiter.put(f"/api/pipelines/{pipeline.pk}", {"stages": stages}).status_code == 400
    assert pipeline.stages.count() == 2


def test_stages_without_ids_replace_those_that_are_there(recruiter, organization):
    pipeline = PipelineFactory(organization=organization)
    StageFactory(pipeline=pipeline, name="Lead", index=3, description="said before")

    response = recruiter.put(f"/api/pipelines/{pipeline.pk}", {"stages": [{"name": "Lead"}]})

    (stage,) = response.json()["stages"]
    assert (stage["name"], stage["index"], stage["description"]) == ("Lead", 0, None)


def test_a_name_that_looks_like_a_moment_is_a_name(recruiter, organization):
    pipeline = PipelineFactory(organization=organization, name="2024-01-10T00:00:00.000Z")

    response = recruiter.put(f"/api/pipelines/{pipeline.pk}", {"name": "2024-01-10"})

    assert response.json()["name"] == "2024-01-10"
