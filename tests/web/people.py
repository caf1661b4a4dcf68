"""Colleagues of the person whose link the server printed."""

from playwright.sync_api import Browser, Page, StorageState

from tests.web.server import Running

_PASSWORD = "correct horse battery staple 7"
_ASK = """async ([method, path, body]) => {
    const me = await (await fetch('/v1/auth/me')).json()
    const answer = await fetch(path, {method, body: JSON.stringify(body),
        headers: {'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token}})
    return answer.status === 204 ? null : answer.json()
}"""


def ask(page: Page, method: str, path: str, body: object) -> dict[str, object]:
    """What the API answers to whoever is signed in on the page."""
    answer: dict[str, object] = page.evaluate(_ASK, [method, path, body])
    return answer


def sign_in_colleague(browser: Browser, server: Running, admin: Page, name: str, role: str = "agent") -> StorageState:
    """The cookies of a new user, made by the administrator who is signed in on the page."""
    email = f"{name.split(maxsplit=1)[0].lower()}.{role}.{id(admin)}@example.com"
    made = admin.evaluate(_ASK, ["POST", "/v1/users", {"name": name, "role": role, "email": email}])
    token = made["password_link"]["link"].split("token=")[1]
    context = browser.new_context(base_url=server.address)
    for path, body in (
        ("/v1/auth/password/reset", {"token": token, "password": _PASSWORD}),
        ("/v1/auth/login", {"email": email, "password": _PASSWORD, "use": "cookie"}),
    ):
        answer = context.request.post(path, data=body)
        assert answer.ok, answer.text()
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}
