"""Personen: inviting, renaming, resting, and the words for every state."""

import re

import pytest

from server.accounts import Invitation, Team, User
from server.audit import AuditEntry
from server.membership import make_team
from server.settings import change
from tests.unit.server.accounts.office import Answer, Browser, Colleague, Office
from tests.unit.server.office import dump
from tests.unit.server.office_pages.reading import errors, link_in, words

PEOPLE, INVITE = "/verwaltung/personen", "/verwaltung/personen/einladen"
ANNA = {"name": "Anna.Ast", "display_name": " Anna Ast ", "role": "ab_pap"}


def accept(office: Office, link: str) -> Colleague:
    """The invited person follows the link and sets her password."""
    token = link.split("#", 1)[1]
    browser: Browser = office.browser()
    shown = browser.post("/api/invitation/open", {"token": token})
    assert shown.status == 200, shown
    user, team, role = (shown.json[name] for name in ("user", "team", "role"))
    return Colleague(shown.json["name"], role, user, team, browser, token=token).accept()


def row_of(page: Answer, name: str) -> str:
    """What the list says of a person."""
    rows = re.findall(r"<li>.*?</li>", page.text, re.DOTALL)
    [row] = [row for row in rows if f"<b>{name}</b>" in row]
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


class TestInviting:
    def test_the_link_works_and_is_shown_once(self, office: Office, vera: Colleague):
        answer = vera.browser.send_form(INVITE, **ANNA)
        assert answer.status == 200
        assert "Dieser Link erscheint nur jetzt." in words(answer)
        assert answer.headers["Cache-Control"] == "no-store"
        anna = accept(office, link_in(answer))
        assert (anna.name, anna.role) == ("anna.ast", "ab_pap")
        assert User.get_by_id(anna.user).display_name == "Anna Ast"
        token = link_in(answer).split("#")[1]
        for path in (PEOPLE, f"{PEOPLE}/{anna.user}", "/verwaltung/protokoll"):
            assert token not in vera.browser.get(path).text
        assert token not in repr(dump())
        assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if token in cookie]

    def test_a_new_link_ends_the_one_before(self, office: Office, vera: Colleague):
        first = link_in(vera.browser.send_form(INVITE, **ANNA))
        user = User.get(User.name == "anna.ast").id
        again = {"display_name": "Anna Ast-Berg", "role": "deputy"}
        second = link_in(vera.browser.send_form(f"{PEOPLE}/{user}/einladen", **again))
        old = office.browser().post("/api/invitation/open", {"token": first.split("#")[1]})
        assert old.code == "invitation_invalid"
        assert accept(office, second).role == "deputy"
        assert vera.browser.get(f"{PEOPLE}/{user}/einladen").status == 404

    def test_somebody_at_rest_begins_anew_with_another_role(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        assert vera.browser.get(f"{PEOPLE}/{anna.user}/einladen").status == 404
        assert vera.browser.send_form(f"{PEOPLE}/{anna.user}/ruhen").status == 302
        assert "Das Konto beginnt neu" in words(vera.browser.get(f"{PEOPLE}/{anna.user}/einladen"))
        again = {"display_name": "Anna", "role": "team_leader"}
        link = link_in(vera.browser.send_form(f"{PEOPLE}/{anna.user}/einladen", **again))
        returned = accept(office, link)
        assert (returned.user, returned.role) == (anna.user, "team_leader")

    def test_it_lasts_as_long_as_the_office_decided(self, office: Office, vera: Colleague):
        change(office.team, "invitation_hours", "2", None, now=office.now)
        link_in(vera.browser.send_form(INVITE, **ANNA))
        [open_one] = Invitation.select().where(Invitation.used_at.is_null())
        assert open_one.expires_at == office.now + 2 * 3_600_000

    @pytest.mark.parametrize(
        ("changes", "complaint"),
        [
            ({"name": ""}, "Anmeldename darf nur"),
            ({"name": "a b"}, "Anmeldename darf nur"),
            ({"name": "a\x00b"}, "Anmeldename darf nur"),
            ({"name": "x" * 65}, "Anmeldename darf nur"),
            ({"name": "vera"}, "schon in Gebrauch"),
            ({"display_name": "  "}, "angezeigte Name fehlt"),
            ({"display_name": "x" * 81}, "angezeigte Name fehlt"),
            ({"display_name": "a\nb"}, "angezeigte Name fehlt"),
            ({"role": "chef"}, "Die Rolle „chef“ gibt es nicht"),
            ({"role": ""}, "Bitte wählen Sie eine Rolle."),
        ],
    )
    def test_odd_input_is_answered_in_the_form_and_changes_nothing(
        self, vera: Colleague, changes: dict[str, str], complaint: str
    ):
        before = dump()
        answer = vera.browser.send_form(INVITE, **{**ANNA, **changes})
        assert answer.status == 422
        [said] = errors(answer)
        assert complaint in said
        assert 'aria-invalid="true"' in answer.text or "role" in changes
        assert dump() == before

    def test_a_missing_field_is_no_fault_of_the_server(self, vera: Colleague):
        answer = vera.browser.send_form(INVITE)
        assert answer.status == 422
        assert [said.split()[0:2] for said in errors(answer)] == [
            ["Der", "Anmeldename"],
            ["Der", "angezeigte"],
            ["Bitte", "wählen"],
        ]

    def test_what_was_typed_is_kept_and_escaped(self, vera: Colleague):
        odd = '<script>"&'
        answer = vera.browser.send_form(INVITE, **{**ANNA, "name": odd})
        assert "<script" not in answer.text
        assert 'value="&lt;script&gt;&#34;&amp;"' in answer.text


class TestTheList:
    def test_every_state_has_its_words(self, office: Office, vera: Colleague):
        founder = office.colleague("gruenderin")
        assert founder.found_team().status == 200
        office.colleague("wartende")
        office.invite("eingeladene")
        resting = office.colleague("ruhende")
        assert vera.browser.send_form(f"{PEOPLE}/{resting.user}/ruhen").status == 302
        page = vera.browser.get(PEOPLE)
        assert "aufgenommen Letzter Kontakt: 28.05.2026, 22:26" in row_of(page, "Gruenderin")
        assert "aB-pAp registriert, noch nicht aufgenommen" in row_of(page, "Wartende")
        assert "eingeladen Einladung gilt bis 31.05.2026, 22:26" in row_of(page, "Eingeladene")
        assert "ruht Letzter Kontakt" in row_of(page, "Ruhende")
        assert "vera · Verwaltung registriert" in row_of(page, "Vera")
        office.pass_time(days=4)
        assert "Einladung abgelaufen Letzter Kontakt: noch nie" in row_of(
            vera.browser.get(PEOPLE), "Eingeladene"
        )

    def test_another_team_is_not_in_it(self, office: Office, vera: Colleague):
        other = office.colleague("fremde", team=make_team("Anderswo", office.now).id)
        assert "Fremde" not in vera.browser.get(PEOPLE).text
        assert vera.browser.get(f"{PEOPLE}/{other.user}").status == 404


class TestRenaming:
    def test_the_team_learns_the_new_name(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        mark = Team.get_by_id(office.team).state_mark
        sent = vera.browser.send_form(f"{PEOPLE}/{anna.user}", display_name="Anna Ast-Berg")
        assert sent.status == 302
        assert "Der Name ist geändert." in words(vera.browser.get(f"{PEOPLE}/{anna.user}"))
        assert User.get_by_id(anna.user).display_name == "Anna Ast-Berg"
        assert Team.get_by_id(office.team).state_mark != mark
        line = AuditEntry.get(AuditEntry.kind == "person_renamed")
        assert (line.actor_id, line.subject) == (vera.user, anna.user)
        assert line.detail == "„Anna“ → „Anna Ast-Berg“"

    def test_the_same_name_is_no_change(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        before = dump()
        assert vera.browser.send_form(f"{PEOPLE}/{anna.user}", display_name="Anna").status == 302
        assert dump() == before

    def test_an_empty_name_changes_nothing(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        before = dump()
        answer = vera.browser.send_form(f"{PEOPLE}/{anna.user}", display_name=" ")
        assert answer.status == 422
        assert "angezeigte Name fehlt" in errors(answer)[0]
        assert dump() == before

    def test_the_page_says_why_a_role_cannot_be_changed(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        assert "die Telefone glauben nur dieser Unterschrift" in words(
            vera.browser.get(f"{PEOPLE}/{anna.user}")
        )


class TestResting:
    def test_it_asks_and_then_ends_everything(self, office: Office, vera: Colleague):
        anna = office.colleague("anna")
        asked = vera.browser.get(f"{PEOPLE}/{anna.user}/ruhen")
        assert "Konto ruhen lassen?" in words(asked)
        assert anna.signed_in()
        assert vera.browser.send_form(f"{PEOPLE}/{anna.user}/ruhen").status == 302
        assert not anna.signed_in()
        assert anna.sign_in().code == "wrong_sign_in"
        assert vera.browser.send_form(f"{PEOPLE}/{anna.user}/ruhen").status == 404

    def test_an_open_invitation_ends_too(self, office: Office, vera: Colleague):
        anna = office.invite("anna")
        assert vera.browser.send_form(f"{PEOPLE}/{anna.user}/ruhen").status == 302
        opened = office.browser().post("/api/invitation/open", {"token": anna.token})
        assert opened.code == "invitation_invalid"

    def test_nobody_locks_herself_out(self, vera: Colleague):
        assert vera.browser.send_form(f"{PEOPLE}/{vera.user}/ruhen").status == 404
        assert vera.signed_in()
        assert "Ihr eigenes Konto" in words(vera.browser.get(f"{PEOPLE}/{vera.user}"))
