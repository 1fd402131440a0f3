"""Sessions: how they begin, what ends them, and what is left of them when a person or a role changes."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken

from candidates.tests.factories import CandidateFactory
from organizations.authentication import BearerAuthentication
from organizations.models import Session
from organizations.sessions import open_session
from organizations.tests.factories import (
    PASSWORD,
    EmployeeFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    built_in_role,
)

WRONG = {
    "statusCode": 401,
    "message": "Wrong e-mail or password.",
    "error": "Unauthorized",
    "details": [{"field": "", "code": "authentication_failed", "message": "Wrong e-mail or password."}],
}


def login(client, email: str, password: str = PASSWORD):
    return client.post("/api/auth/login", {"email": email, "password": password})


def bearing(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def is_let_in(token: str) -> bool:
    status = bearing(token).get("/api/user/me").status_code
    assert status in {200, 401}
    return status == 200


def age(refresh_token: str, **ago) -> None:
    """Let the first use of a refresh token lie further back."""
    jti = jwt.decode(refresh_token, options={"verify_signature": False})["jti"]
    used = BlacklistedToken.objects.filter(token__jti=jti)
    assert used.update(blacklisted_at=timezone.now() - timedelta(**ago)) == 1


class TestLogin:
    def test_it_answers_with_the_user_their_places_and_a_pair_of_tokens(self, anonymous, organization):
        employee = EmployeeFactory(organization=organization, role_name="VIEWER", user__first_name="Jane")

        response = login(anonymous, employee.user.email)

        assert response.status_code == 200
        body = response.json()
        assert set(body) == {"user", "token", "refreshToken", "refresh_token"}
        assert body["refreshToken"] == body["refresh_token"]
        assert (body["user"]["id"], body["user"]["firstName"]) == (str(employee.user.pk), "Jane")
        (place,) = body["user"]["employees"]
        assert (place["id"], place["organization"]["name"]) == (str(employee.pk), organization.name)
        assert place["role"]["name"] == "VIEWER"
        assert "candidates.view_candidate" in place["permissions"]
        assert "password" not in response.content.decode()
        assert is_let_in(body["token"])

    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("jane.doe@example.com", "Jane.DOE@Example.COM"),
            ("Jane.Doe@Example.com", " jane.doe@example.com "),
            ("jane@straße.example", "JANE@STRASSE.example"),
            ("jane@İzmir.example", "jane@i̇zmir.example"),
        ],
    )
    def test_an_address_is_the_same_in_any_case(self, anonymous, stored, typed):
        user = UserFactory(email=stored)

        response = login(anonymous, typed)

        assert response.status_code == 200
        assert response.json()["user"]["id"] == str(user.pk)

    @pytest.mark.parametrize("why", ["unknown", "wrong password", "switched off", "without a password"])
    def test_every_failure_has_the_same_words(self, anonymous, why):
        user = UserFactory(is_active=why != "switched off")
        if why == "without a password":
            user.set_unusable_password()
            user.save()

        response = login(
            anonymous,
            "nobody@example.com" if why == "unknown" else user.email,
            "not-the-password" if why == "wrong password" else PASSWORD,
        )

        assert response.status_code == 401
        assert {key: value for key, value in response.json().items() if key != "requestId"} == WRONG
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert not Session.objects.exists()

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "email"),
            ({"email": "a@example.com"}, "password"),
            ({"email": 5, "password": "x"}, "email"),
            ({"email": "a@example.com", "password": ["x"]}, "password"),
            ({"email": "a@example.com", "password": "x", "remember": True}, "remember"),
            ({"email": "a@example.com", "password": "x" * 201}, "password"),
            ([], ""),
        ],
    )
    def test_a_malformed_body_is_refused_by_name(self, anonymous, db, body, field):
        response = anonymous.post("/api/auth/login", body)

        assert response.status_code == 400
        assert field in {detail["field"] for detail in response.json()["details"]}

    def test_an_unusable_password_is_hashed_again_for_an_unknown_address(self, anonymous, db, monkeypatch):
        """The time that hashing takes must not tell whether the address is known."""
        hashed = []
        monkeypatch.setattr("organizations.models.User.set_password", lambda self, raw: hashed.append(raw))

        login(anonymous, "nobody@example.com", "some password")

        assert hashed == ["some password"]

    def test_signing_in_is_no_change_of_the_profile(self, anonymous, recruiter):
        before = recruiter.get("/api/user/me").json()

        login(anonymous, recruiter.user.email)

        assert recruiter.get("/api/user/me").json() == before
        recruiter.user.refresh_from_db()
        assert recruiter.user.last_login is not None

    def test_an_account_without_a_place_signs_in_and_sees_nothing(self, anonymous, db):
        token = login(anonymous, UserFactory().email).json()["token"]

        assert bearing(token).get("/api/user/me").json()["employees"] == []
        assert bearing(token).get("/api/candidate").status_code == 403


class TestTokens:
    def test_they_are_short_lived_and_signed_symmetrically(self, anonymous, db):
        body = login(anonymous, UserFactory().email).json()

        for name, lifetime in (("token", timedelta(minutes=15)), ("refreshToken", timedelta(days=7))):
            claims = jwt.decode(body[name], settings.SECRET_KEY, algorithms=["HS256"])
            assert claims["exp"] - claims["iat"] == lifetime.total_seconds()

    def test_neither_token_is_stored(self, db):
        pair = open_session(UserFactory())

        assert OutstandingToken.objects.get().token == ""
        assert pair["token"] != pair["refreshToken"]

    @pytest.mark.parametrize(
        "header",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Bearer garbage",
            "Bearer a.b.c",
            "Bearer a b",
            "Bearer \xff\xfe",
            "Bearer é.é.é",
            "Basic amFuZTpkb2U=",
            "bearer null",
            f"Bearer {'x' * 5000}",
        ],
    )
    def test_none_and_garbage_are_turned_away(self, db, header):
        client = APIClient()
        if header is not None:
            client.credentials(HTTP_AUTHORIZATION=header)

        response = client.get("/api/candidate")

        assert response.status_code == 401
        assert response.json()["error"] == "Unauthorized"
        assert response["WWW-Authenticate"].startswith("Bearer")

    def _claims(self, user, **changes):
        claims = jwt.decode(open_session(user)["token"], settings.SECRET_KEY, algorithms=["HS256"])
        return {key: value for key, value in {**claims, **changes}.items() if value is not None}

    @pytest.mark.parametrize(
        "changes",
        [
            {"exp": 1_700_000_000},
            {"exp": None},
            {"token_type": "refresh"},
            {"token_type": None},
            {"sid": None},
            {"sid": "not-a-uuid"},
            {"sid": 5},
            {"sid": "00000000-0000-7000-8000-000000000000"},
            {"cred": "0" * 24},
            {"cred": None},
            {"cred": ""},
        ],
        ids=str,
    )
    def test_expired_and_bent_claims_are_turned_away_in_the_same_words(self, db, changes):
        token = jwt.encode(self._claims(UserFactory(), **changes), settings.SECRET_KEY, algorithm="HS256")

        response = bearing(token).get("/api/user/me")

        assert response.status_code == 401
        assert response.json()["message"] == "The token is not valid (any more)."

    def test_a_forged_signature_and_none_at_all_are_turned_away(self, db):
        claims = self._claims(UserFactory())

        for token in (
            jwt.encode(claims, "another key that is long enough for HS256 .", algorithm="HS256"),
            jwt.encode(claims, None, algorithm="none"),
            jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")[:-2] + "xx",
        ):
            assert not is_let_in(token)

    def test_a_refresh_token_opens_no_door(self, db):
        assert not is_let_in(open_session(UserFactory())["refreshToken"])

    def test_the_session_of_another_user_does_not_lend_itself(self, db):
        mine, other = UserFactory(), UserFactory(password="other")
        bent = AccessToken(open_session(mine)["token"])
        bent["sid"] = str(Session.objects.create(user=other).pk)

        assert not is_let_in(str(bent))

    def test_knowing_the_user_and_what_they_may_costs_two_queries_at_most(
        self, django_assert_max_num_queries, organization
    ):
        user = EmployeeFactory(organization=organization, role_name="RECRUITER").user
        EmployeeFactory(user=user, role_name="VIEWER")
        request = RequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {open_session(user)['token']}")

        with django_assert_max_num_queries(2):
            found, _ = BearerAuthentication().authenticate(request)
            assert found.may("candidates.add_candidate", organization.pk)
            assert len(found.grants.belonging()) == 2


class TestRefreshing:
    @pytest.mark.parametrize("key", ["refreshToken", "refresh_token"])
    def test_a_new_pair_comes_and_the_old_token_dies(self, anonymous, db, key):
        old = open_session(UserFactory())

        response = anonymous.post("/api/auth/refresh-token", {key: old["refreshToken"]})

        assert response.status_code == 200
        new = response.json()
        assert set(new) == {"token", "refreshToken", "refresh_token"}
        assert new["refreshToken"] == new["refresh_token"] != old["refreshToken"]
        assert is_let_in(new["token"])
        assert anonymous.post("/api/auth/refresh-token", {key: old["refreshToken"]}).status_code == 401

    def test_a_second_tab_gets_401_and_the_session_stays(self, anonymous, db):
        old = open_session(UserFactory())
        new = anonymous.post("/api/auth/refresh-token", {"refreshToken": old["refreshToken"]}).json()
        age(old["refreshToken"], seconds=9)

        again = anonymous.post("/api/auth/refresh-token", {"refreshToken": old["refreshToken"]})

        assert again.status_code == 401
        assert again.json()["message"] == "The token is not valid (any more)."
        assert is_let_in(new["token"])
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": new["refreshToken"]}).status_code == 200

    def test_a_thief_who_comes_later_ends_the_whole_session(self, anonymous, db):
        user = UserFactory()
        elsewhere = open_session(user)
        old = open_session(user)
        new = anonymous.post("/api/auth/refresh-token", {"refreshToken": old["refreshToken"]}).json()
        age(old["refreshToken"], seconds=11)

        again = anonymous.post("/api/auth/refresh-token", {"refreshToken": old["refreshToken"]})

        assert again.status_code == 401
        assert not is_let_in(new["token"])
        assert not is_let_in(old["token"])
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": new["refreshToken"]}).status_code == 401
        assert is_let_in(elsewhere["token"])

    @pytest.mark.parametrize("token", ["garbage", "a.b.c", "é", " ", "x" * 4000])
    def test_garbage_is_401(self, anonymous, db, token):
        response = anonymous.post("/api/auth/refresh-token", {"refreshToken": token})

        assert response.status_code == (400 if token == " " else 401)

    def test_an_access_token_is_none_to_refresh_with(self, anonymous, db):
        pair = open_session(UserFactory())

        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": pair["token"]}).status_code == 401

    def test_a_token_whose_record_is_gone_is_401(self, anonymous, db):
        pair = open_session(UserFactory())
        OutstandingToken.objects.all().delete()

        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": pair["refreshToken"]}).status_code == 401

    @pytest.mark.parametrize("body", [{}, {"refreshToken": None}, {"refreshToken": 5}, {"token": "x"}, [], "x"])
    def test_a_malformed_body_is_400(self, anonymous, db, body):
        assert anonymous.post("/api/auth/refresh-token", body, format="json").status_code == 400


class TestLoggingOut:
    def test_access_and_refresh_token_of_the_session_stop_and_other_sessions_go_on(self, anonymous, db):
        user = UserFactory()
        here, elsewhere = open_session(user), open_session(user)

        response = bearing(here["token"]).post("/api/auth/logout", {"refreshToken": here["refreshToken"]})

        assert response.status_code == 200
        assert not is_let_in(here["token"])
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": here["refreshToken"]}).status_code == 401
        assert is_let_in(elsewhere["token"])

    def test_with_the_token_of_somebody_else_it_is_refused(self, db):
        mine, theirs = open_session(UserFactory()), open_session(UserFactory())

        response = bearing(mine["token"]).post("/api/auth/logout", {"refreshToken": theirs["refreshToken"]})

        assert response.status_code == 401
        assert is_let_in(theirs["token"])
        assert is_let_in(mine["token"])

    def test_it_is_for_the_signed_in(self, anonymous, db):
        pair = open_session(UserFactory())

        assert anonymous.post("/api/auth/logout", {"refreshToken": pair["refreshToken"]}).status_code == 401
        assert is_let_in(pair["token"])


class TestWhatEndsASession:
    def test_an_account_that_is_switched_off_is_out_at_once(self, anonymous, recruiter):
        pair = open_session(recruiter.user)
        recruiter.user.is_active = False
        recruiter.user.save()

        assert recruiter.get("/api/candidate").status_code == 401
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": pair["refreshToken"]}).status_code == 401

    def test_another_password_voids_every_token_at_once_however_it_was_set(self, anonymous, recruiter):
        pair = open_session(recruiter.user)
        # Not by an action of ours: by a shell, say.
        recruiter.user.set_password("another long phrase")
        recruiter.user.save()

        assert recruiter.get("/api/candidate").status_code == 401
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": pair["refreshToken"]}).status_code == 401

    @pytest.mark.parametrize("what", ["employee off", "role off", "organization off", "demoted", "role reduced"])
    def test_the_next_request_has_only_the_remaining_rights(self, admin, sign_in, what):
        role = RoleFactory(organization=admin.employee.organization, permissions=["candidates.view_candidate"])
        person = sign_in("", role=role)
        elsewhere = EmployeeFactory(user=person.user, role_name="RECRUITER")
        here = CandidateFactory(organization=role.organization)
        there = CandidateFactory(organization=elsewhere.organization)
        assert person.get("/api/candidate").json()["total"] == 2

        if what == "organization off":
            role.organization.is_active = False
            role.organization.save()
        else:
            plain = str(built_in_role(role.organization, "EMPLOYEE").pk)
            path, change = {
                "employee off": (f"employee/{person.employee.pk}", {"isActive": False}),
                "role off": (f"role/{role.pk}", {"isActive": False}),
                "demoted": (f"employee/{person.employee.pk}", {"roleId": plain}),
                "role reduced": (f"role/{role.pk}", {"permissions": ["contacts.view_contact"]}),
            }[what]
            assert admin.put(f"/api/{path}", change).status_code == 200

        listed = person.get("/api/candidate").json()
        assert [item["id"] for item in listed["items"]] == [str(there.pk)]
        assert person.get(f"/api/candidate/{here.pk}").status_code == 404
        renamed = person.put(f"/api/candidate/{there.pk}", {"notes": "still here"})
        assert renamed.status_code == 200


class TestForgottenPassword:
    def _link_token(self, sent) -> str:
        from urllib.parse import parse_qs, urlsplit

        (line,) = [word for word in sent[-1].body.split() if word.startswith("http")]
        return parse_qs(urlsplit(line).query)["token"][0]

    def _asked(self, anonymous, mails, email: str) -> str:
        with mails() as sent:
            assert anonymous.post("/api/auth/request-password", {"email": email}).status_code == 200
        return self._link_token(sent)

    @pytest.mark.parametrize("who", ["known", "unknown", "switched off", "without a password"])
    def test_the_answer_is_the_same_and_only_a_known_active_account_gets_a_mail(self, anonymous, mails, db, who):
        user = UserFactory(is_active=who != "switched off")
        if who == "without a password":
            user.set_unusable_password()
            user.save()
        email = "nobody@example.com" if who == "unknown" else user.email.upper()

        with mails() as sent:
            response = anonymous.post("/api/auth/request-password", {"email": email})

        assert (response.status_code, response.json()) == (200, {})
        expected = [[user.email]] if who in {"known", "without a password"} else []
        assert [mail.to for mail in sent] == expected

    def test_the_link_sets_a_password_once_proves_the_address_and_signs_out_everywhere(self, anonymous, mails, db):
        user = UserFactory(is_email_proven=False)
        sessions = [open_session(user), open_session(user)]
        token = self._asked(anonymous, mails, user.email)

        response = anonymous.post("/api/auth/reset-password", {"token": token, "password": "a phrase of my own"})

        assert response.status_code == 200
        assert [is_let_in(pair["token"]) for pair in sessions] == [False, False]
        assert login(anonymous, user.email).status_code == 401
        assert login(anonymous, user.email, "a phrase of my own").status_code == 200
        user.refresh_from_db()
        assert user.is_email_proven

        again = anonymous.post("/api/auth/reset-password", {"token": token, "password": "a phrase of a thief"})
        assert again.status_code == 400
        assert again.json()["message"] == ["token: This token is not valid (any more)."]

    @pytest.mark.parametrize("password", ["short", "seven77", "password", "12345678", "", "x" * 201, None, 12345678])
    def test_a_weak_password_is_refused_and_the_link_stays_good(self, anonymous, mails, db, password):
        user = UserFactory()
        token = self._asked(anonymous, mails, user.email)

        response = anonymous.post("/api/auth/reset-password", {"token": token, "password": password})

        assert response.status_code == 400
        assert {detail["field"] for detail in response.json()["details"]} == {"password"}
        assert (
            anonymous.post("/api/auth/reset-password", {"token": token, "password": "long enough"}).status_code == 200
        )

    def test_a_link_is_for_one_account_and_for_a_day(self, anonymous, mails, db, settings):
        mine, theirs = UserFactory(), UserFactory()
        token = self._asked(anonymous, mails, mine.email)
        bent = f"{theirs.pk.hex}.{token.partition('.')[2]}"
        body = {"password": "a phrase of my own"}

        for other in (bent, "", ".", "garbage", "a.b", f"{mine.pk.hex}.", f"{mine.pk.hex}", f"{mine.pk.hex}.é-é"):
            assert anonymous.post("/api/auth/reset-password", {"token": other, **body}).status_code == 400

        settings.PASSWORD_RESET_TIMEOUT = -1
        assert anonymous.post("/api/auth/reset-password", {"token": token, **body}).status_code == 400

    def test_a_link_of_an_account_that_is_switched_off_is_void(self, anonymous, mails, db):
        user = UserFactory()
        token = self._asked(anonymous, mails, user.email)
        user.is_active = False
        user.save()

        body = {"token": token, "password": "a phrase of my own"}
        assert anonymous.post("/api/auth/reset-password", body).status_code == 400


class TestMe:
    def test_it_shows_the_user_and_their_places(self, recruiter):
        recruiter.user.phone_number = "+1-555-0100"
        recruiter.user.save()

        body = recruiter.get("/api/user/me").json()

        assert set(body) == {
            "id", "email", "firstName", "lastName", "phoneNumber", "isActive", "isSuperuser", "createdAt", "updatedAt",
            "employees",
        }  # fmt: skip
        assert (body["id"], body["email"]) == (str(recruiter.user.pk), recruiter.user.email)
        assert (body["phoneNumber"], body["isActive"], body["isSuperuser"]) == ("+1-555-0100", True, False)
        (place,) = body["employees"]
        assert place["id"] == str(recruiter.employee.pk)
        assert place["organization"]["id"] == place["organizationId"] == str(recruiter.employee.organization_id)
        assert place["role"]["id"] == place["roleId"] == str(recruiter.employee.role_id)
        assert "candidates.hire_candidate" in place["permissions"]
        assert "organizations.change_role" not in place["permissions"]

    def test_a_place_that_is_switched_off_is_not_shown_and_one_of_a_switched_off_role_allows_nothing(self, recruiter):
        EmployeeFactory(user=recruiter.user, is_active=False)
        EmployeeFactory(user=recruiter.user, organization=OrganizationFactory(is_active=False))
        off = EmployeeFactory(user=recruiter.user, role_name="VIEWER")
        off.role.is_active = False
        off.role.save()

        places = recruiter.get("/api/user/me").json()["employees"]

        assert [place["id"] for place in places] == [str(recruiter.employee.pk), str(off.pk)]
        assert places[1]["permissions"] == []

    @pytest.mark.parametrize("verb", ["put", "patch"])
    def test_names_and_phone_number_change_alone(self, recruiter, verb):
        before = recruiter.get("/api/user/me").json()

        response = getattr(recruiter, verb)("/api/user/me", {"firstName": "Ada", "phoneNumber": "+44 20"})

        assert response.status_code == 200
        after = recruiter.get("/api/user/me").json()
        assert response.json() == after
        changed = {key for key in before if before[key] != after[key]}
        assert changed <= {"firstName", "phoneNumber", "updatedAt", "employees"}
        assert (after["firstName"], after["lastName"], after["phoneNumber"]) == ("Ada", before["lastName"], "+44 20")

    def test_what_get_returned_can_be_sent_back(self, recruiter):
        EmployeeFactory(user=recruiter.user, role_name="VIEWER")
        before = recruiter.get("/api/user/me").json()

        response = recruiter.put("/api/user/me", before)

        assert response.status_code == 200
        assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}

    def test_what_changed_meanwhile_is_409(self, recruiter):
        before = recruiter.get("/api/user/me").json()
        recruiter.put("/api/user/me", {"firstName": "Ada"})

        response = recruiter.put("/api/user/me", {**before, "updatedAt": "2024-01-01T00:00:00.000Z"})

        assert response.status_code == 409

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("isStaff", True),
            ("is_superuser", True),
            ("isSuperuser", True),
            ("isActive", False),
            ("email", "other@example.com"),
            ("id", "00000000-0000-4000-8000-000000000000"),
            ("isEmailProven", True),
            ("employees", []),
            ("firstName", 5),
            ("firstName", None),
            ("firstName", "x" * 151),
            ("phoneNumber", ["1"]),
            ("nickname", "J"),
        ],
    )
    def test_the_rest_is_refused_by_name(self, recruiter, key, value):
        response = recruiter.put("/api/user/me", {"lastName": "Changed", key: value})

        assert response.status_code == 400
        assert {detail["field"] for detail in response.json()["details"]} == {key}
        recruiter.user.refresh_from_db()
        assert recruiter.user.last_name != "Changed"

    @pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", "true", "[{}]"])
    def test_a_body_that_is_no_object_is_400(self, recruiter, body):
        response = recruiter.generic("PUT", "/api/user/me", body, content_type="application/json")

        assert response.status_code == 400

    @pytest.mark.parametrize("proof", [{}, {"currentPassword": "wrong"}, {"currentPassword": ""}])
    def test_a_password_needs_the_current_one(self, recruiter, proof):
        response = recruiter.put("/api/user/me", {"password": "a phrase of my own", **proof})

        assert response.status_code == 400
        assert {detail["field"] for detail in response.json()["details"]} == {"currentPassword"}
        assert recruiter.get("/api/user/me").status_code == 200

    def test_a_weak_password_is_refused(self, recruiter):
        response = recruiter.put("/api/user/me", {"password": "password", "currentPassword": PASSWORD})

        assert response.status_code == 400
        assert {detail["field"] for detail in response.json()["details"]} == {"password"}

    def test_a_new_password_signs_out_everywhere(self, anonymous, recruiter):
        other = open_session(recruiter.user)

        response = recruiter.put(
            "/api/user/me", {"password": "a phrase of my own", "currentPassword": PASSWORD, "lastName": "Lovelace"}
        )

        assert response.status_code == 200
        assert response.json()["lastName"] == "Lovelace"
        assert recruiter.get("/api/user/me").status_code == 401
        assert not is_let_in(other["token"])
        assert login(anonymous, recruiter.user.email, "a phrase of my own").status_code == 200

    def test_it_is_for_the_signed_in(self, anonymous):
        assert anonymous.get("/api/user/me").status_code == 401
        assert anonymous.put("/api/user/me", {"firstName": "X"}).status_code == 401
