from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.tests.factories import CandidateFactory
from interviews.actions import give_feedback
from interviews.models import Feedback, Interview, Interviewer
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from organizations.tests.browser import choose, page, send, signed_in
from organizations.tests.factories import EmployeeFactory, RoleFactory

AT_TEN = {"start_time": "2024-01-20T10:00", "length": "60"}
AT_NOON = {"start_time": "2024-01-20T12:00"}


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def candidate(organization):
    return CandidateFactory(organization=organization)


@pytest.fixture
def busy(recruiter, candidate, colleague):
    """An interview at ten of the candidate with the colleague."""
    send(
        recruiter, page(Interview, "add"), title="Hello", candidate=candidate.pk, interviewers=[colleague.pk], **AT_TEN
    )
    return Interview.objects.get()


def test_an_interview_is_scheduled_with_its_interviewers(recruiter, busy, candidate, colleague, organization):
    assert (busy.candidate, busy.organization, busy.created_by) == (candidate, organization, recruiter.employee.user)
    assert [interviewer.employee for interviewer in busy.interviewers.all()] == [colleague]


def test_no_one_is_in_two_interviews_at_a_time(recruiter, busy, colleague, organization):
    other = CandidateFactory(organization=organization)
    sent = {"title": "Clash", "candidate": other.pk, "interviewers": [colleague.pk], **AT_TEN}

    answer = send(recruiter, page(Interview, "add"), **sent)

    assert f"{colleague} is with {busy.candidate}, January 20 10:00–11:00." in answer.text
    assert Interview.objects.get() == busy
    # What was written stands there still.
    assert 'value="Clash"' in answer.text


def test_moving_into_a_clash_is_refused_and_changes_nothing(recruiter, busy, candidate):
    later = InterviewFactory(candidate=candidate)
    start = later.start_time

    answer = send(recruiter, page(Interview, "change", later.pk), title="Moved", **AT_TEN)

    later.refresh_from_db()
    assert "is in “Hello”" in answer.text
    assert (later.title, later.start_time) == ("Technical Interview", start)


def test_an_interview_moves_and_changes_its_interviewers(recruiter, busy, colleague, organization):
    joining = EmployeeFactory(organization=organization, role_name="INTERVIEWER")

    send(recruiter, page(Interview, "change", busy.pk), interviewers=[joining.pk], **AT_NOON)

    busy.refresh_from_db()
    assert busy.start_time.hour == 12
    assert [interviewer.employee for interviewer in busy.interviewers.all()] == [joining]


@pytest.mark.parametrize("length", ["0", "-30", "1441", "long", ""])
def test_an_interview_takes_from_a_minute_to_a_day(recruiter, candidate, length):
    sent = {**AT_TEN, "length": length}

    send(recruiter, page(Interview, "add"), title="Backwards", candidate=candidate.pk, **sent)

    assert not Interview.objects.exists()


def test_a_length_that_is_left_as_it_is_shown_stays_to_the_second(recruiter, busy):
    odd = {"start_time": busy.start_time, "end_time": busy.start_time + timedelta(minutes=50, seconds=7)}
    Interview.objects.filter(pk=busy.pk).update(**odd)

    send(recruiter, page(Interview, "change", busy.pk), title="Renamed")
    busy.refresh_from_db()
    assert (busy.title, busy.end_time) == ("Renamed", odd["end_time"])

    send(recruiter, page(Interview, "change", busy.pk), **AT_NOON)
    busy.refresh_from_db()
    assert (busy.start_time.hour, busy.length) == (12, timedelta(minutes=50, seconds=7))


def test_a_clash_offers_three_free_times_one_of_which_is_taken_by_a_button(recruiter, colleague, organization):
    taken = InterviewFactory(
        candidate__organization=organization,
        start_time=datetime(2030, 5, 6, 10, tzinfo=UTC),
        end_time=datetime(2030, 5, 6, 11, tzinfo=UTC),
    )
    InterviewerFactory(interview=taken, employee=colleague)
    sent = {
        "title": "Second talk",
        "candidate": CandidateFactory(organization=organization).pk,
        "interviewers": [colleague.pk],
        "start_time": "2030-05-06T10:30",
        "length": "60",
    }

    refused = send(recruiter, page(Interview, "add"), **sent)
    offered = refused.context["adminform"].form.slots()
    assert [slot.hour for slot in offered] == [11, 12, 13]
    assert f'name="slot" value="{offered[1].isoformat()}"' in refused.text

    recruiter.post(page(Interview, "add"), {**sent, "slot": offered[1].isoformat()})
    assert Interview.objects.get(title="Second talk").start_time == offered[1]


def test_an_interview_is_scheduled_in_the_organization_of_its_candidate_only(enter, organization):
    """Who works for two organizations may schedule in one of them."""
    recruiter = enter("RECRUITER")
    elsewhere = EmployeeFactory(user=recruiter.employee.user, role_name="VIEWER").organization
    theirs = CandidateFactory(organization=elsewhere)

    answer = send(recruiter, page(Interview, "add"), title="Hello", candidate=theirs.pk, **AT_TEN)

    assert "You may not schedule interviews with this candidate." in answer.text
    assert not Interview.objects.exists()


@pytest.mark.parametrize(
    "asked",
    [
        "start=never",
        "start=9999-99-99",
        "candidate=x",
        "interviewers=x,y",
        "length=long",
        "start_time_0=x&start_time=y",
    ],
)
def test_an_address_that_asks_for_nonsense_opens_an_empty_form(recruiter, asked):
    assert recruiter.get(f"{page(Interview, 'add')}?{asked}").status_code == 200


def test_an_interview_keeps_its_candidate(recruiter, busy, candidate, organization):
    other = CandidateFactory(organization=organization)

    send(recruiter, page(Interview, "change", busy.pk), candidate=other.pk, title="Renamed")

    busy.refresh_from_db()
    assert (busy.title, busy.candidate) == ("Renamed", candidate)


def test_who_gave_feedback_stays_an_interviewer(recruiter, busy, colleague):
    give_feedback(busy, colleague, by=colleague.user, rating=4)

    by_form = send(recruiter, page(Interview, "change", busy.pk), interviewers=[], title="Alone")
    by_button = choose(recruiter, "delete_selected", busy.interviewers.get())

    busy.refresh_from_db()
    assert "gave feedback and can&#x27;t be taken off the interview." in by_form.text
    assert "gave feedback and can&#x27;t be taken off the interview." in by_button.text
    assert busy.title == "Hello"
    assert busy.interviewers.get().employee == colleague


def test_an_interviewer_is_added_by_themselves_unless_busy(recruiter, busy, colleague, organization):
    free = InterviewFactory(candidate__organization=organization)
    clash = InterviewFactory(candidate__organization=organization, start_time=busy.start_time, end_time=busy.end_time)

    send(recruiter, page(Interviewer, "add"), interview=free.pk, employee=colleague.pk)
    answer = send(recruiter, page(Interviewer, "add"), interview=clash.pk, employee=colleague.pk)

    assert free.interviewers.get().employee == colleague
    assert f"{colleague} is with {busy.candidate}" in answer.text
    assert not clash.interviewers.exists()


def test_the_means_follow_feedback_that_is_given_changed_and_deleted(recruiter, busy, colleague, candidate):
    def means():
        busy.refresh_from_db()
        candidate.refresh_from_db()
        return busy.rating, candidate.ratings

    send(recruiter, page(Feedback, "add"), interview=busy.pk, interviewer=colleague.pk, rating="4.5")
    feedback = Feedback.objects.get()
    assert means() == (Decimal("4.5"), Decimal("4.5"))
    send(recruiter, page(Feedback, "change", feedback.pk), rating="2")
    assert means() == (2, 2)
    choose(recruiter, "delete_selected", feedback)
    assert means() == (None, None)


def test_the_mean_follows_an_interview_that_is_deleted(recruiter, busy, colleague, candidate):
    give_feedback(busy, colleague, by=colleague.user, rating=4)

    recruiter.post(page(Interview, "delete", busy.pk), {"post": "yes"})

    candidate.refresh_from_db()
    assert not Interview.objects.exists()
    assert candidate.ratings is None


def test_feedback_is_of_an_interviewer_in_half_steps_and_once(recruiter, busy, colleague, organization):
    outsider, url = EmployeeFactory(organization=organization), page(Feedback, "add")

    no_interviewer = send(recruiter, url, interview=busy.pk, interviewer=outsider.pk, rating="4")
    no_half_step = send(recruiter, url, interview=busy.pk, interviewer=colleague.pk, rating="4.2")
    send(recruiter, url, interview=busy.pk, interviewer=colleague.pk, rating="4")
    twice = send(recruiter, url, interview=busy.pk, interviewer=colleague.pk, rating="5")

    assert "This employee is no interviewer of the interview." in no_interviewer.text
    assert "multiple of step size 0.5" in no_half_step.text
    assert "This interviewer gave feedback on the interview already." in twice.text
    assert Feedback.objects.get().rating == 4


def test_an_interviewer_writes_as_themselves(enter, organization):
    interviewer = enter("INTERVIEWER")
    mine = InterviewerFactory(interview__candidate__organization=organization, employee=interviewer.employee)
    other = InterviewerFactory(interview=mine.interview)
    url = page(Feedback, "add")

    assert interviewer.get(url).context["adminform"].form.initial["interviewer"] == interviewer.employee.pk
    for_other = send(interviewer, url, interview=mine.interview_id, interviewer=other.employee_id, rating="1")
    send(interviewer, url, interview=mine.interview_id, rating="4")

    assert "Feedback is written by the interviewer." in for_other.text
    assert Feedback.objects.get().interviewer == interviewer.employee


def test_others_feedback_is_hidden_until_ones_own_is_given(enter, organization):
    interviewer = enter("INTERVIEWER")
    mine = InterviewerFactory(interview__candidate__organization=organization, employee=interviewer.employee)
    theirs = FeedbackFactory(participation__interview=mine.interview, rating="1.5", description="Hm, no.")
    Interview.objects.filter(pk=mine.interview_id).update(rating="1.50")

    def seen():
        feedbacks = interviewer.get(page(Feedback, "changelist")).context["cl"].result_list
        interview = interviewer.get(page(Interview, "change", mine.interview_id)).text
        row = interviewer.get(page(Interview, "changelist")).text
        return (
            theirs in feedbacks,
            interviewer.get(page(Feedback, "change", theirs.pk)).status_code,
            'data-rating="1.5"' in interview,
            "Hm, no." in interview,
            "2 of 2" in row,
        )

    assert seen() == (False, 404, False, False, False)
    give_feedback(mine.interview, interviewer.employee, by=interviewer.employee.user, rating="1.5")
    assert seen() == (True, 200, True, True, True)


def test_an_interviewer_changes_no_one_elses_feedback(enter, organization):
    interviewer = enter("INTERVIEWER")
    mine = InterviewerFactory(interview__candidate__organization=organization, employee=interviewer.employee)
    own = FeedbackFactory(participation=mine)
    theirs = FeedbackFactory(participation__interview=mine.interview)

    assert interviewer.get(page(Feedback, "change", theirs.pk)).status_code == 200
    assert interviewer.post(page(Feedback, "change", theirs.pk), {"rating": "1"}).status_code == 403
    send(interviewer, page(Feedback, "change", own.pk), rating="3")
    own.refresh_from_db()
    assert own.rating == 3


def test_an_interview_costs_the_same_with_2_interviewers_and_20(enter, organization):
    interview = InterviewFactory(candidate__organization=organization)
    url = page(Interview, "change", interview.pk)
    for client in (enter("RECRUITER"), enter("VIEWER")):
        counts = []
        for number in (2, 18):
            InterviewerFactory.create_batch(number, interview=interview)
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            counts.append(len(captured))
        assert counts[0] == counts[1]


def test_interviews_are_found_by_a_candidate_whom_one_may_see(recruiter, organization):
    role = RoleFactory(organization=organization, permissions=["interviews.view_interview"])
    blind = signed_in(EmployeeFactory(organization=organization, role=role).user)
    interview = InterviewFactory(candidate__organization=organization, candidate__first_name="Zoë")
    InterviewFactory(candidate__organization=organization, candidate__first_name="Adam")

    def found(client, words):
        return list(client.get(page(Interview, "changelist"), {"q": words}).context["cl"].result_list)

    assert found(recruiter, "ZOË technical") == [interview]
    assert found(recruiter, "word " * 2000) == []
    assert found(blind, "zoë") == []
