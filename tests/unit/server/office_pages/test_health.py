"""Zustand: what is well, what is not, in words."""

from server.accounts import Device
from server.jobs import JobRun
from server.slow_down import FREE_FAILURES
from tests.unit.server.accounts.office import Colleague, Office
from tests.unit.server.office_pages.reading import words

HEALTH = "/verwaltung/zustand"
NEVER_RUN = "Noch keine zeitgesteuerte Arbeit ist gelaufen."


def test_a_new_installation_is_told_what_is_missing(office: Office, vera: Colleague):
    said = words(vera.browser.get(HEALTH))
    assert "Noch keine aB-pAp hat ihr Konto eingerichtet" in said
    assert "Freier Speicherplatz:" in said
    assert "Auf dem Server liegt keine Sicherung" in said
    assert NEVER_RUN in said
    assert "Kein Gerät ist länger als 7 Tage ohne Kontakt." in said
    assert "Kein Anmeldeversuch abgewiesen." in said
    kind = "PostgreSQL" if "postgresql" in office.config.database_url else "SQLite"
    assert f"Datenbank {kind}" in said
    assert str(office.config.data_dir) not in said


def test_jobs_show_when_they_ran_failed_and_stopped_running(office: Office, vera: Colleague):
    jobs = office.app.extensions["zuzweit_jobs"]
    broken = [True]

    def sometimes(_now: int) -> None:
        if broken:
            raise RuntimeError

    jobs.every(60, sometimes, "Manches misslingt")
    jobs.run_all()
    said = words(vera.browser.get(HEALTH))
    assert NEVER_RUN not in said
    assert "Abgelaufene Einladungen entfernen Zuletzt gelungen: 28.05.2026, 22:26" in said
    assert "Manches misslingt Zuletzt gelungen: noch nie Zuletzt misslungen: 28.05." in said
    broken.clear()
    office.pass_time(minutes=60)
    jobs.run_all()
    said = words(vera.browser.get(HEALTH))
    assert "Manches misslingt Zuletzt gelungen: 28.05.2026, 23:26" in said
    assert "23:26 Zuletzt misslungen" not in said.partition("Manches misslingt")[2]
    office.pass_time(hours=3)
    assert "Zuletzt gelungen: 28.05.2026, 23:26, das ist zu lange her" in words(
        vera.browser.get(HEALTH)
    )
    assert {run.name.rpartition(".")[2] for run in JobRun.select()} >= {"sometimes", "remove_dead"}


def test_silent_phones_are_counted_but_not_those_out_of_use(office: Office, vera: Colleague):
    phones = [office.colleague(name) for name in ("anna", "berta", "carla", "dora")]
    office.pass_time(days=8)
    assert vera.sign_in().status == 200
    vera.browser.send_form(f"/verwaltung/geraete/{phones[0].device}/sperren")
    vera.browser.send_form(f"/verwaltung/personen/{phones[1].user}/ruhen")
    assert "2 Geräte sind länger als 7 Tage ohne Kontakt." in words(vera.browser.get(HEALTH))
    Device.update(last_contact=office.now).where(Device.id == phones[2].device).execute()
    assert "1 Gerät ist länger als 7 Tage ohne Kontakt." in words(vera.browser.get(HEALTH))


def test_refused_tries_to_sign_in_are_counted_without_a_name(office: Office, vera: Colleague):
    anna = office.colleague("anna")
    for _ in range(FREE_FAILURES["name"] + 3):
        anna.sign_in(login_key="A" * 43)
    answer = vera.browser.get(HEALTH)
    assert "3 Anmeldeversuche abgewiesen." in words(answer)
    assert "anna" not in answer.text.lower()
    office.pass_time(days=7)
    assert vera.sign_in().status == 200
    assert "Kein Anmeldeversuch abgewiesen." in words(vera.browser.get(HEALTH))
