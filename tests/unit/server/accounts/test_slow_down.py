"""Guessing passwords becomes slow, for one account and from one address, and stays so."""

from server.accounts import Device, FailedSignIn
from server.slow_down import FREE_FAILURES, LONGEST_WAIT_MS, forget_old, refusals, wait_ms
from tests.unit.server.accounts.office import Answer, Colleague, Office

WRONG_KEY = "A" * 43


ANOTHER_DEVICE = "f" * 32


def guess(
    office: Office,
    anna: Colleague,
    times: int = 1,
    address: str = "192.0.2.1",
    device: str = ANOTHER_DEVICE,
) -> list[str]:
    browser = office.browser()
    where = {"REMOTE_ADDR": address}
    body = {
        "name": anna.name,
        "login_key": WRONG_KEY,
        "device": {"id": device, "label": ""},
    }
    return [
        str(browser.post("/api/login", body, environ_overrides=where).code) for _ in range(times)
    ]


def test_the_wait_doubles_up_to_a_minute():
    waits = [wait_ms("name", failures) for failures in range(12)]
    assert waits[:5] == [0] * 5
    assert waits[5:11] == [1000, 2000, 4000, 8000, 16000, 32000]
    assert waits[11] == LONGEST_WAIT_MS


def on_a_new_phone(anna: Colleague) -> Answer:
    return anna.sign_in(device={"id": "e" * 32, "label": "Ersatztelefon"})


def test_after_a_few_failures_even_the_right_key_waits(office: Office):
    anna = office.colleague("anna")
    free = FREE_FAILURES["name"]
    assert guess(office, anna, free) == ["wrong_sign_in"] * free
    answer = on_a_new_phone(anna)
    assert (answer.status, answer.code) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0
    office.pass_time(seconds=1)
    assert on_a_new_phone(anna).status == 200


def test_nobody_keeps_her_out_of_her_own_phone(office: Office):
    anna, berta = office.colleague("anna"), office.colleague("berta")
    for _ in range(40):
        guess(office, anna)
        office.pass_time(seconds=1)
    assert anna.sign_in().status == 200
    # Her phone's number helps nobody else, and guessing on it is slowed down all the same.
    free = FREE_FAILURES["device"]
    assert guess(office, anna, free + 1, device=anna.device)[-1] == "too_many_attempts"
    assert berta.sign_in(device={"id": anna.device, "label": ""}).code == "device_taken"


def test_a_locked_phone_is_any_phone(office: Office):
    anna = office.colleague("anna")
    guess(office, anna, FREE_FAILURES["name"])
    Device.update(revoked_at=office.now).where(Device.id == anna.device).execute()
    assert guess(office, anna, device=anna.device) == ["too_many_attempts"]


def test_unknown_names_are_slowed_down_alike(office: Office):
    anna = office.colleague("anna")
    anna.name = "niemand"
    free = FREE_FAILURES["name"]
    assert guess(office, anna, free + 1) == ["wrong_sign_in"] * free + ["too_many_attempts"]


def test_tries_that_come_too_early_do_not_prolong_the_wait(office: Office):
    anna = office.colleague("anna")
    guess(office, anna, FREE_FAILURES["name"] + 20)
    office.pass_time(seconds=1)
    assert on_a_new_phone(anna).status == 200


def test_a_server_whose_clock_is_set_back_keeps_nobody_waiting(office: Office):
    anna = office.colleague("anna")
    assert anna.sign_in().status == 200
    office.pass_time(seconds=-1800)
    assert anna.sign_in().status == 200


def test_success_forgets_the_accounts_failures(office: Office):
    anna = office.colleague("anna")
    guess(office, anna, FREE_FAILURES["name"] - 1)
    assert on_a_new_phone(anna).status == 200
    assert guess(office, anna, FREE_FAILURES["name"])[-1] == "wrong_sign_in"


def test_one_address_cannot_try_many_accounts(office: Office):
    people = [office.colleague(f"person{number}") for number in range(8)]
    answers = [code for anna in people for code in guess(office, anna, 4)]
    assert answers[: FREE_FAILURES["address"]] == ["wrong_sign_in"] * FREE_FAILURES["address"]
    assert answers[FREE_FAILURES["address"] :] == ["too_many_attempts"] * 2
    assert guess(office, people[-1], address="192.0.2.2") == ["wrong_sign_in"]


def test_an_ipv6_network_counts_as_one_address(office: Office):
    anna = office.colleague("anna")
    for number in range(3):
        guess(office, anna, address=f"2001:db8::{number}")
    assert FailedSignIn.select().where(FailedSignIn.kind == "address").count() == 1


def test_the_count_holds_for_all_processes(office: Office):
    anna = office.colleague("anna")
    guess(office, anna, FREE_FAILURES["name"])
    office.restart()
    assert guess(office, anna) == ["too_many_attempts"]


def test_the_table_tells_no_name_and_no_address(office: Office):
    anna = office.colleague("anna")
    guess(office, anna)
    for row in FailedSignIn.select():
        assert "anna" not in row.subject
        assert "192.0.2" not in row.subject


def test_old_failures_are_forgotten(office: Office):
    anna = office.colleague("anna")
    guess(office, anna, FREE_FAILURES["name"])
    office.pass_time(minutes=59)
    assert forget_old(office.now) == 0
    office.pass_time(minutes=2)
    assert guess(office, anna) == ["wrong_sign_in"]
    office.pass_time(minutes=61)
    assert forget_old(office.now) == 2


def test_refusals_are_counted_by_the_day_and_forgotten_after_a_month(office: Office):
    anna = office.colleague("anna")
    free = FREE_FAILURES["name"]
    guess(office, anna, free)
    assert refusals(office.now, 1) == 0
    guess(office, anna, 3)
    office.pass_time(days=1)
    guess(office, anna, free + 2)
    assert refusals(office.now, 1) == 2
    assert refusals(office.now, 7) == 5
    office.pass_time(days=30)
    forget_old(office.now)
    assert refusals(office.now, 90) == 2
