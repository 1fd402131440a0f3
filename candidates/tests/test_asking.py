"""Asking for candidates: every condition is compared with the same rule in Python, over the same rows."""

from __future__ import annotations

import operator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from candidates.models import Candidate
from candidates.tests.factories import (
    CandidateFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    SourceFactory,
)
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from organizations.models import fold
from organizations.tests.factories import EmployeeFactory

DAY = datetime(2024, 1, 10, tzinfo=UTC)


def ask(client, *query: tuple[str, object], path: str = "/api/candidate") -> dict:
    response = client.get(f"{path}?{urlencode([(key, str(value)) for key, value in query])}")
    assert response.status_code == 200, response.content
    return response.json()


def found(client, *query: tuple[str, object]) -> list[str]:
    """The ids of all matches, after the total was held against them and `count` against the total."""
    body = ask(client, ("take", 100), *query)
    ids = [item["id"] for item in body["items"]]
    assert len(set(ids)) == len(ids) == body["total"]
    count = client.get(f"/api/candidate/count?{urlencode([(k, str(v)) for k, v in query if k.startswith('where')])}")
    assert count.json() == body["total"]
    return ids


def refused(client, *query: tuple[str, object]) -> set[str]:
    response = client.get(f"/api/candidate?{urlencode([(key, str(value)) for key, value in query])}")
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


@pytest.fixture
def candidates(organization) -> list[Candidate]:
    """Twelve that differ in everything that is asked for; some values are missing, some are shared."""
    sources = [SourceFactory(organization=organization, name=name) for name in ("LinkedIn", "Fair", "linkedin jobs")]
    names = ["Ada", "ada", "Ádám", "Bob", "bo%", "b_b", "Zoë", "STRASSE", "straße", "İlker", "ilker", "Ada Lovelace"]
    levels = ["Senior", "senior", None, "", "Junior", "Lead", None, "SENIOR dev", "Junior", "100%", "50_50", None]
    made = [
        CandidateFactory(
            organization=organization,
            first_name=name,
            last_name=["Doe", "", "doe"][i % 3],
            email=f"Person{i}@Example{i % 2}.com",
            phone_number=[None, f"+1-555-{i}"][i % 2],
            status=["APPLIED", "INTERVIEWED", "REJECTED", "HIRED"][i % 4],
            rating=[None, "0", "2.5", "4", "4.5"][i % 5],
            ratings=[None, "3.33", "4.67"][i % 3],
            applied_date=DAY + timedelta(days=i // 2),
            candidate_level=levels[i],
            source=[None, *sources][i % 4],
            is_archived=i % 6 == 0,
        )
        for i, name in enumerate(names)
    ]
    CandidateFactory.create_batch(2, first_name="Ada", rating="4")
    return made


def ids(candidates) -> set[str]:
    return {str(candidate.pk) for candidate in candidates}


COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


class TestOperators:
    @pytest.mark.parametrize(
        ("name", "attribute", "values"),
        [
            ("rating", "rating", [Decimal("0"), Decimal("4"), Decimal("4.5"), Decimal("3")]),
            ("ratings", "ratings", [Decimal("3.33"), Decimal("4")]),
            ("status", "status", ["APPLIED", "HIRED"]),
            ("isArchived", "is_archived", [True, False]),
            ("candidateLevel", "candidate_level", ["senior", "Senior", "", "nobody", "100%"]),
            ("appliedDate", "applied_date", [DAY, DAY + timedelta(days=3), DAY + timedelta(hours=5)]),
            ("user][firstName", "first_name", ["Ada", "ada", "bo%"]),
        ],
    )
    def test_equal_not_equal_and_one_of(self, recruiter, candidates, name, attribute, values):
        def written(value) -> str:
            if isinstance(value, bool):
                return str(value).lower()
            return value.isoformat() if isinstance(value, datetime) else str(value)

        for value in values:
            same = {c for c in candidates if getattr(c, attribute) is not None and self._value(c, attribute) == value}
            assert set(found(recruiter, (f"where[{name}]", written(value)))) == ids(same)
            # What has no value is not that value.
            assert set(found(recruiter, (f"where[{name}][ne]", written(value)))) == ids(set(candidates) - same)
        among = {c for c in candidates if self._value(c, attribute) in values[:2]}
        for key in (f"where[{name}][]", f"where[{name}][in][]"):
            assert set(found(recruiter, *((key, written(value)) for value in values[:2]))) == ids(among)

    def _value(self, candidate, attribute):
        value = getattr(candidate, attribute)
        return Decimal(value) if attribute in {"rating", "ratings"} and value is not None else value

    @pytest.mark.parametrize("asked", ["gt", "gte", "lt", "lte"])
    def test_ranges(self, recruiter, candidates, asked):
        compare = COMPARE[asked]
        for value in ("0", "2.5", "4", "5"):
            expected = {c for c in candidates if c.rating is not None and compare(Decimal(c.rating), Decimal(value))}
            assert set(found(recruiter, (f"where[rating][{asked}]", value))) == ids(expected)
        for moment in (DAY, DAY + timedelta(days=2), DAY + timedelta(days=2, milliseconds=1)):
            expected = {c for c in candidates if compare(c.applied_date, moment)}
            written = moment.isoformat().replace("+00:00", "Z")
            assert set(found(recruiter, (f"where[appliedDate][{asked}]", written))) == ids(expected)

    @pytest.mark.parametrize(("low", "high"), [("2.5", "4"), ("0", "5"), ("4", "4"), ("4", "2.5")])
    def test_between_holds_both_ends(self, recruiter, candidates, low, high):
        expected = {
            c for c in candidates if c.rating is not None and Decimal(low) <= Decimal(c.rating) <= Decimal(high)
        }
        between = "where[rating][between]"

        assert set(found(recruiter, (f"{between}[]", low), (f"{between}[]", high))) == ids(expected)
        assert set(found(recruiter, (f"{between}[0]", low), (f"{between}[1]", high))) == ids(expected)
        both = {"gte": low, "lte": high}
        assert set(found(recruiter, *((f"where[rating][{op}]", v) for op, v in both.items()))) == ids(expected)

    def test_a_plain_date_is_its_midnight(self, recruiter, candidates):
        days = (DAY + timedelta(days=1), DAY + timedelta(days=3))
        expected = {c for c in candidates if days[0] <= c.applied_date <= days[1]}

        between = [("where[appliedDate][between][]", f"{day:%Y-%m-%d}") for day in days]
        assert set(found(recruiter, *between)) == ids(expected)

    @pytest.mark.parametrize(
        "words", ["a", "ADA", "Á", "strasse", "ß", "%", "_", "\\", "İ", "lace", "i̇", "", "zoë", "nobody"]
    )
    @pytest.mark.parametrize("name", ["user][firstName", "candidateLevel"])
    def test_contains_and_starts_with_ignore_case_and_nothing_is_a_wildcard(self, recruiter, candidates, name, words):
        texts = {c: c.candidate_level if name == "candidateLevel" else c.first_name for c in candidates}
        held = {c for c, text in texts.items() if text is not None and fold(words) in fold(text)}
        begun = {c for c, text in texts.items() if text is not None and fold(text).startswith(fold(words))}

        assert set(found(recruiter, (f"where[{name}][contains]", words))) == ids(held)
        assert set(found(recruiter, (f"where[{name}][startsWith]", words))) == ids(begun)

    @pytest.mark.parametrize("name", ["rating", "candidateLevel", "sourceId", "hiredDate", "user][phoneNumber"])
    def test_no_value(self, recruiter, candidates, name):
        attribute = {
            "rating": "rating",
            "candidateLevel": "candidate_level",
            "sourceId": "source_id",
            "hiredDate": "hired_date",
            "user][phoneNumber": "phone_number",
        }[name]
        missing = {c for c in candidates if getattr(c, attribute) is None}
        assert missing
        assert set(candidates) - missing

        for query in ((f"where[{name}]", "null"), (f"where[{name}][isNull]", "true")):
            assert set(found(recruiter, query)) == ids(missing)
        for query in ((f"where[{name}][ne]", "null"), (f"where[{name}][isNull]", "false")):
            assert set(found(recruiter, query)) == ids(set(candidates) - missing)

    def test_no_value_or_one_of(self, recruiter, candidates):
        expected = {c for c in candidates if c.rating is None or c.rating == "4"}

        assert set(found(recruiter, ("where[rating][]", "4"), ("where[rating][]", "null"))) == ids(expected)

    def test_null_is_a_word_where_nothing_can_be_missing(self, recruiter, organization):
        named_null = CandidateFactory(organization=organization, first_name="null")

        assert found(recruiter, ("where[user][firstName]", "null")) == [str(named_null.pk)]

    @pytest.mark.parametrize("written", ["person3@example1.com", "PERSON3@EXAMPLE1.COM"])
    def test_an_address_is_the_same_in_any_case(self, recruiter, candidates, written):
        assert found(recruiter, ("where[user][email]", written)) == [str(candidates[3].pk)]
        assert len(found(recruiter, ("where[user][email][ne]", written))) == len(candidates) - 1
        assert found(recruiter, ("where[user][email][in][]", written)) == [str(candidates[3].pk)]

    def test_conditions_meet(self, recruiter, candidates):
        expected = {c for c in candidates if c.status in {"APPLIED", "HIRED"} and c.rating == "4" and not c.is_archived}
        assert expected

        assert set(
            found(
                recruiter,
                ("where[status][]", "APPLIED"),
                ("where[status][]", "HIRED"),
                ("where[rating]", "4.0"),
                ("where[isArchived]", "false"),
            )
        ) == ids(expected)

    def test_dots_and_brackets_are_the_same(self, recruiter, candidates):
        assert found(recruiter, ("where[user.firstName]", "Ada")) == found(recruiter, ("where[user][firstName]", "Ada"))

    def test_literal_brackets_and_encoded_ones_are_the_same(self, recruiter, candidates):
        literal = recruiter.get("/api/candidate?where[rating][gte]=4&take=100").json()
        encoded = recruiter.get("/api/candidate?where%5Brating%5D%5Bgte%5D=4&take=100").json()

        assert literal == encoded
        assert literal["total"] > 0


class TestThroughRelations:
    def test_conditions_on_one_to_many_relation_meet_on_the_same_row(self, recruiter, organization):
        expert, beginner, neither = CandidateFactory.create_batch(3, organization=organization)
        SkillFactory(candidate=expert, name="Go", level="EXPERT")
        SkillFactory(candidate=expert, name="C", level="BEGINNER")
        SkillFactory(candidate=beginner, name="Go", level="BEGINNER")
        SkillFactory(candidate=beginner, name="C", level="EXPERT")
        assert neither

        both = (("where[skills][name]", "Go"), ("where[skills][level]", "EXPERT"))
        assert found(recruiter, *both) == [str(expert.pk)]
        assert found(recruiter, ("where[skills.name]", "Go"), ("where[skills.level]", "EXPERT")) == [str(expert.pk)]
        assert set(found(recruiter, ("where[skills][name]", "Go"))) == ids([expert, beginner])

    def test_many_matching_rows_are_one_match(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization)
        SkillFactory.create_batch(5, candidate=candidate, level="EXPERT")
        InterviewFactory.create_batch(3, candidate=candidate)
        source = SourceFactory(organization=organization, name="Fair")
        candidate.source = source
        candidate.save()

        assert found(
            recruiter,
            ("where[skills][level]", "EXPERT"),
            ("where[interviews][title][contains]", "technical"),
            ("where[source][name][startsWith]", "fa"),
        ) == [str(candidate.pk)]

    def test_every_kind_of_relation(self, recruiter, organization):
        candidate, other = CandidateFactory.create_batch(2, organization=organization, status="HIRED")
        feedback = FeedbackFactory(participation__interview__candidate=candidate, rating="4.5", status="HIRED")
        FeedbackFactory(participation__interview__candidate=other, rating="1")
        ExperienceFactory(candidate=candidate, occupation="Developer", company="Acme")
        EducationFactory(candidate=candidate, completion_date="2019-06-01")
        candidate.employee.started_work_on = "2024-02-01"
        candidate.employee.save()
        for query in (
            ("where[feedbacks][rating][gte]", "4"),
            ("where[feedbacks][status]", "HIRED"),
            ("where[feedbacks][interviewerId]", feedback.interviewer_id),
            ("where[interviews][interviewers][employeeId]", feedback.interviewer_id),
            ("where[interviews][id]", feedback.interview_id),
            ("where[experience][organization]", "Acme"),
            ("where[educations][completionDate][lt]", "2020-01-01"),
            ("where[employee][startedWorkOn]", "2024-02-01"),
            ("where[employeeId]", candidate.employee_id),
        ):
            assert found(recruiter, query) == [str(candidate.pk)], query

    def test_of_a_stranger_s_rows_nothing_can_be_asked(self, stranger, candidates):
        assert found(stranger) == []
        assert found(stranger, ("where[user][firstName]", "Ada")) == []
        assert found(stranger, ("where[organizationId]", candidates[0].organization_id)) == []

    def test_a_foreign_organization_is_empty_and_one_s_own_two_are_apart(self, recruiter, candidates):
        there = EmployeeFactory(user=recruiter.user, role_name="VIEWER").organization
        theirs = CandidateFactory(organization=there)
        nothing = EmployeeFactory(user=recruiter.user, role_name="EMPLOYEE").organization
        CandidateFactory(organization=nothing)

        assert set(found(recruiter)) == ids([*candidates, theirs])
        assert found(recruiter, ("where[organizationId]", there.pk)) == [str(theirs.pk)]
        assert found(recruiter, ("where[organizationId]", nothing.pk)) == []


class TestOrder:
    @pytest.mark.parametrize(
        ("name", "attribute"),
        [
            ("rating", "rating"),
            ("ratings", "ratings"),
            ("appliedDate", "applied_date"),
            ("candidateLevel", "candidate_level"),
            ("status", "status"),
            ("createdAt", "created_at"),
            ("user][email", "email"),
        ],
    )
    @pytest.mark.parametrize("direction", ["ASC", "DESC", "asc"])
    def test_what_has_no_value_comes_last_and_pages_do_not_overlap(
        self, recruiter, organization, candidates, name, attribute, direction
    ):
        # Words that every collation sorts alike.
        words = ["alpha", "beta", None, "alpha", "gamma", None]
        for i, candidate in enumerate(candidates):
            candidate.candidate_level = words[i % 6]
            candidate.save()

        paged = []
        for skip in range(0, len(candidates) + 5, 5):
            page = ask(recruiter, ("take", 5), ("skip", skip), (f"order[{name}]", direction))
            assert page["total"] == len(candidates)
            paged += [item["id"] for item in page["items"]]

        assert sorted(paged) == sorted(ids(candidates))
        by_id = {str(c.pk): getattr(c, attribute) for c in candidates}
        values = [by_id[pk] for pk in paged]
        known = [value for value in values if value is not None]
        assert values == known + [None] * (len(values) - len(known))
        if attribute == "email":
            known = [fold(value) for value in known]
        if attribute in {"rating", "ratings"}:
            known = [Decimal(value) for value in known]
        assert known == sorted(known, reverse=direction == "DESC")

    def test_without_one_the_newest_come_first(self, recruiter, candidates):
        assert [item["id"] for item in ask(recruiter, ("take", 100))["items"]] == [
            str(c.pk) for c in sorted(candidates, key=lambda c: (c.created_at, c.pk), reverse=True)
        ]

    def test_the_first_named_counts_first(self, recruiter, candidates):
        items = ask(recruiter, ("take", 100), ("order[status]", "DESC"), ("order[appliedDate]", "ASC"))["items"]

        keys = [(item["status"], item["appliedDate"]) for item in items]
        assert keys == sorted(sorted(keys, key=lambda key: key[1]), key=lambda key: key[0], reverse=True)

    def test_skip_is_an_offset_in_rows(self, recruiter, candidates):
        everyone = [item["id"] for item in ask(recruiter, ("take", 100))["items"]]

        for skip, take in ((0, 1), (3, 4), (11, 10), (12, 10), (2**31 - 1, 1)):
            page = ask(recruiter, ("take", take), ("skip", skip))
            assert [item["id"] for item in page["items"]] == everyone[skip : skip + take]
            assert page["total"] == len(candidates)
        assert len(ask(recruiter)["items"]) == 10

    def test_pagination_is_the_same_list(self, recruiter, candidates):
        query = (("take", 3), ("where[status]", "APPLIED"), ("order[rating]", "DESC"), ("relations[]", "user"))

        assert ask(recruiter, *query, path="/api/candidate/pagination") == ask(recruiter, *query)


class TestRefused:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            (("where[salary]", "1"), "where[salary]"),
            (("where[user][password]", "x"), "where[user][password]"),
            (("where[employee][role][name]", "x"), "where[employee][role]"),
            (("where[rating][contains]", "4"), "where[rating][contains]"),
            (("where[status][gt]", "A"), "where[status][gt]"),
            (("where[rating][regex]", "4"), "where[rating][regex]"),
            (("where[rating]", "four"), "where[rating]"),
            (("where[rating]", "NaN"), "where[rating]"),
            (("where[rating]", "1e400"), "where[rating]"),
            (("where[rating]", ""), "where[rating]"),
            (("where[rating][gt]", "null"), "where[rating][gt]"),
            (("where[status]", "applied"), "where[status]"),
            (("where[isArchived]", "yes"), "where[isArchived]"),
            (("where[isArchived]", "null"), "where[isArchived]"),
            (("where[appliedDate]", "2024-02-30"), "where[appliedDate]"),
            (("where[id]", "5"), "where[id]"),
            (("where[rating][isNull]", "1"), "where[rating][isNull]"),
            (("where[rating][between]", "4"), "where[rating][between]"),
            (("where[rating][between][]", "4"), "where[rating][between]"),
            (("where[rating][in]", "4"), "where[rating][in]"),
            (("where[skills]", "Go"), "where[skills]"),
            (("where", "x"), "where"),
            (("where[user][firstName][gt]", "a"), "where[user][firstName][gt]"),
            (("order[salary]", "ASC"), "order[salary]"),
            (("order[rating]", "UP"), "order[rating]"),
            (("order[rating]", ""), "order[rating]"),
            (("order", "rating"), "order"),
            (("order[skills][name]", "ASC"), "order[skills][name]"),
            (("relations[]", "salary"), "relations"),
            (("relations[]", "employee.user.sessions"), "relations"),
            (("relations[]", "createdBy"), "relations"),
            (("take", "abc"), "take"),
            (("take", "0"), "take"),
            (("take", "101"), "take"),
            (("skip", "-1"), "skip"),
            (("page", "1"), "page"),
            (("where[a][b][c][d][e][f]", "1"), "where[a][b][c][d][e][f]"),
            (("where[rating", "1"), "where[rating"),
        ],
    )
    def test_by_name(self, recruiter, db, query, field):
        assert refused(recruiter, query) == {field}

    def test_what_is_allowed_is_listed(self, recruiter, db):
        message = recruiter.get("/api/candidate?where[salary]=1").json()["message"][0]

        assert "rating" in message
        assert "user.firstName" in message

    def test_more_than_fifty_conditions(self, recruiter, candidates):
        moments = ("appliedDate", "hiredDate", "rejectDate", "createdAt", "updatedAt")
        texts = ("user][firstName", "user][lastName", "user][email", "user][phoneNumber", "candidateLevel")
        fifty = [(f"where[rating][{op}]", "2") for op in ("ne", "gt", "gte", "lt", "lte")]
        fifty += [(f"where[{m}][{op}]", "2024-01-10") for m in moments for op in ("ne", "gt", "gte", "lt", "lte")]
        fifty += [(f"where[{t}][{op}]", "true") for t in texts for op in ("ne", "contains", "startsWith", "isNull")]

        assert len(fifty) == 50
        assert found(recruiter, *fifty) == []
        assert refused(recruiter, *fifty, ("where[status]", "APPLIED")) == {"where"}


class TestAsAnInterviewer:
    def test_own_candidates_only(self, interviewer, organization):
        mine, other = CandidateFactory.create_batch(2, organization=organization, first_name="Ada")
        InterviewerFactory(interview__candidate=mine, employee=interviewer.employee)
        InterviewerFactory(interview__candidate=other)

        assert found(interviewer) == [str(mine.pk)]
        assert found(interviewer, ("where[user][firstName]", "Ada")) == [str(mine.pk)]
        assert interviewer.get(f"/api/candidate/{mine.pk}").status_code == 200
        assert interviewer.get(f"/api/candidate/{other.pk}").status_code == 404

    def test_one_who_interviews_twice_sees_the_candidate_once(self, interviewer, organization):
        mine = CandidateFactory(organization=organization)
        InterviewerFactory.create_batch(3, interview__candidate=mine, employee=interviewer.employee)

        assert found(interviewer) == [str(mine.pk)]

    @pytest.mark.parametrize(
        "query",
        [
            ("where[ratings][gte]", "4"),
            ("where[ratings]", "null"),
            ("where[ratings][isNull]", "true"),
            ("order[ratings]", "ASC"),
        ],
    )
    def test_the_mean_is_blind_throughout(self, interviewer, viewer, organization, query):
        mine = CandidateFactory(organization=organization, rating="2", ratings="4.50")
        feedback = FeedbackFactory(
            participation__interview__candidate=mine,
            participation__employee=interviewer.employee,
        )

        shown = interviewer.get(f"/api/candidate/{mine.pk}?relations[]=feedbacks").json()
        assert (shown["rating"], shown["ratings"]) == (2, None)
        assert [row["id"] for row in shown["feedbacks"]] == [str(feedback.pk)]
        (field,) = refused(interviewer, query)
        assert query[0].startswith(field)
        assert ask(viewer, query)["total"] in {0, 1}
        assert viewer.get(f"/api/candidate/{mine.pk}").json()["ratings"] == 4.5

    def test_who_is_blind_in_one_organization_may_not_ask_by_it_at_all(self, interviewer, organization):
        EmployeeFactory(user=interviewer.user, role_name="RECRUITER")

        assert refused(interviewer, ("where[ratings][gte]", "4"))

    def test_others_feedback_can_not_be_found_before_one_s_own(self, interviewer, organization):
        mine = CandidateFactory(organization=organization)
        interview = InterviewFactory(candidate=mine)
        participation = InterviewerFactory(interview=interview, employee=interviewer.employee)
        theirs = FeedbackFactory(participation__interview=interview, rating="1.5")
        by_rating = ("where[feedbacks][rating]", "1.5")

        assert found(interviewer, by_rating) == []
        FeedbackFactory(participation=participation, rating="4")
        assert found(interviewer, by_rating) == [str(mine.pk)]
        assert theirs.candidate == mine

    def test_without_any_view_it_is_403(self, sign_in):
        assert sign_in("EMPLOYEE").get("/api/candidate").status_code == 403


def test_every_relation_that_is_not_set_is_null_or_an_empty_list(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    lists = ("skills", "experience", "educations", "documents", "interviews", "interview", "feedbacks", "statusHistory")
    relations = [("relations[]", name) for name in ("source", "employee", *lists)]

    shown = ask(recruiter, *relations)["items"][0]

    assert (shown["source"], shown["employee"]) == (None, None)
    assert {name: shown[name] for name in lists} == {name: [] for name in lists}
    assert not {*lists, "source", "user"} & set(ask(recruiter)["items"][0])
    assert str(candidate.pk) == shown["id"]


@pytest.mark.parametrize(
    "spelling",
    ["relations[]=user&relations[]=source", "relations[0]=user&relations[1]=source", "relations=user,source",
     "relations=user&relations=source"],
)  # fmt: skip
def test_relations_can_be_spelled_in_four_ways(recruiter, organization, spelling):
    CandidateFactory(organization=organization)

    shown = recruiter.get(f"/api/candidate?{spelling}").json()["items"][0]

    assert {"user", "source"} <= set(shown)


def test_what_is_shown_of_a_moment_finds_its_own_row(recruiter, organization):
    """The database keeps no more of a moment than the API shows."""
    CandidateFactory(organization=organization)
    shown = recruiter.get("/api/candidate").json()["items"][0]

    for name in ("createdAt", "updatedAt", "appliedDate"):
        for asked in (f"where[{name}]={shown[name]}", f"where[{name}][lte]={shown[name]}"):
            assert recruiter.get(f"/api/candidate/count?{asked}").json() == 1, asked


def test_a_query_of_raw_utf8_is_understood(recruiter, organization):
    """Not percent-encoded, as some clients and people send it."""
    CandidateFactory(organization=organization, first_name="Änne")

    raw = "where[user][firstName]=Änne".encode().decode("latin-1")

    assert recruiter.generic("GET", "/api/candidate/count", QUERY_STRING=raw).json() == 1
