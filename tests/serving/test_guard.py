"""Who may ask a service: this machine and its own page, or whoever shows the token."""

import pytest
from support.serving import TOKEN, asked, picture, running

RED = picture((230, 10, 10))


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_foreign_name_that_leads_here_is_refused(server, host):
    status, found, _ = asked(server, "/about", headers={"Host": host})
    assert status == 403
    assert "this service answers as 127.0.0.1 or localhost" in found["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_a_foreign_page_sends_is_refused(server, headers):
    status, found, _ = asked(server, body=RED, headers=headers)
    assert status == 403
    assert "a page from somewhere else sent this" in found["error"]


def test_what_its_own_page_sends_is_answered(server):
    here = server.link.rstrip("/")
    headers = {"Origin": here, "Sec-Fetch-Site": "same-origin"}
    assert asked(server, body=RED, headers=headers)[0] == 200


def test_with_a_token_it_has_to_be_shown():
    with running(token=TOKEN) as one:
        status, found, headers = asked(one, body=RED)
        assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "Authorization: Bearer TOKEN; none was" in found["error"]
        for wrong in ("Bearer another-token", f"Basic {TOKEN}", "Bearer"):
            status, found, _ = asked(one, body=RED, headers={"Authorization": wrong})
            assert (status, "another one was received" in found["error"]) == (401, True)
        shown = {"Authorization": f"Bearer {TOKEN}", "Host": "model.example"}
        assert asked(one, body=RED, headers=shown)[0] == 200
        assert asked(one, "/about")[0] == 401
        assert asked(one, "/examples/0")[0] == 401
        assert asked(one, "/healthz")[0] == 200
