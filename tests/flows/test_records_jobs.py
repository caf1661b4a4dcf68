"""Background jobs over HTTP: to be looked at, and tried again once buried."""

from fastapi.testclient import TestClient

from support_copilot.db.outbox import claim, enqueue, fail
from support_copilot.resources import Resources


def buried(resources: Resources) -> str:
    now = resources.clock()
    with resources.database.transaction() as session:
        enqueue(session, "analysis.nothing", {"issue_id": "iss_1"}, now=now)
    (job,) = claim(resources.database, "w", now=now, lease_s=10)
    fail(resources.database, job, "ValueError", now=now, permanent=True)
    return job.id


def test_a_buried_job_is_listed_and_tried_again(client: TestClient, resources: Resources) -> None:
    job_id = buried(resources)
    (listed,) = client.get("/v1/jobs?status=buried").json()["data"]
    assert (listed["id"], listed["last_error"], listed["payload"]) == (job_id, "ValueError", {"issue_id": "iss_1"})
    answer = client.post(f"/v1/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["status"], answer.json()["attempts"]) == (202, "queued", 0)
    assert client.get(f"/v1/jobs/{job_id}").json()["status"] == "queued"
    assert client.get("/v1/jobs?status=buried").json()["data"] == []
    assert len(client.get("/v1/jobs?status=queued&status=done&name=analysis.nothing").json()["data"]) == 1


def test_only_a_buried_job_is_tried_again(client: TestClient, resources: Resources) -> None:
    job_id = buried(resources)
    client.post(f"/v1/jobs/{job_id}/retry")
    again = client.post(f"/v1/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "job_not_buried")


def test_unknown_jobs_are_not_found(client: TestClient) -> None:
    for answer in (client.get("/v1/jobs/job_x"), client.post("/v1/jobs/job_x/retry")):
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    assert client.get("/v1/jobs?status=lost").status_code == 422
