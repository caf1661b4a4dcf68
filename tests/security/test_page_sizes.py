"""Sizes of pages that are no numbers: refused, never a failure of the server."""

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("limit", ["²", "٢a", "9" * 5000, "", "1e2", "-100"])
def test_a_size_that_is_no_number_is_refused(client: TestClient, limit: str) -> None:
    assert client.get("/v1/customers", params={"limit": limit}).status_code == 422
