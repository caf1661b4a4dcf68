"""Files of strangers: what they may be, how many, how they rest, how they are handed out, what a link opens."""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.backends.blobs.config import S3BlobsConfig
from support_copilot.backends.blobs.open import open_blobs
from support_copilot.db.models import Attachment, PrivacyRequest
from support_copilot.issues.config import AttachmentsConfig
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS, build_app
from support_copilot.settings import WorkerConfig
from support_copilot.vault.rotation import rotate_keys
from support_copilot.vault.vault import Vault
from support_copilot.worker import Worker
from tests.aws import running_aws, use_made_up_account
from tests.conftest import TEST_SERVER, authorization
from tests.flows.test_records_attachments import upload
from tests.flows.test_records_issues import stored
from tests.unit.privacy.stories import CANARY, tell_story

SECRET = b"the quick brown canary of the safe " * 3000
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        use_made_up_account(patch)
        with running_aws() as address:
            yield address


@pytest.fixture(params=["local", "s3"])
def stores(request: pytest.FixtureRequest, resources: Resources) -> Iterator[Resources]:
    """The resources over each kind of file store."""
    if request.param == "local":
        yield resources
        return
    address = request.getfixturevalue("aws")
    client = boto3.client("s3", endpoint_url=address)
    bucket = f"files-{id(request)}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.close()
    blobs = open_blobs(S3BlobsConfig(bucket=bucket, endpoint_url=address))
    yield replace(resources, blobs=blobs)
    blobs.close()


@pytest.fixture
def over_stores(stores: Resources) -> Iterator[TestClient]:
    with TestClient(build_app(stores, TEST_SERVER), raise_server_exceptions=False) as opened:
        opened.headers["Authorization"] = authorization(stores, "admin")
        yield opened


def resting(resources: Resources) -> bytes:
    """Every byte of the file store."""
    return b"".join(content(resources, key) for key in list(resources.blobs.keys("")))


def content(resources: Resources, key: str) -> bytes:
    with resources.blobs.open(key) as stream:
        return stream.read()


def test_a_file_rests_encrypted_and_comes_back_whole(over_stores: TestClient, stores: Resources) -> None:
    kept = upload(over_stores, "a.txt", SECRET, issue_id=stored(stores)).json()

    held = resting(stores)
    assert len(held) > len(SECRET)
    assert b"canary" not in held
    assert over_stores.get(f"/v1/attachments/{kept['id']}/content").content == SECRET


def test_a_copy_of_a_person_s_data_rests_encrypted(over_stores: TestClient, stores: Resources) -> None:
    story = tell_story(stores)
    asked = over_stores.post("/v1/privacy/exports", json={"customer_id": story.customer_id}).json()
    while Worker(stores, WorkerConfig(), JOB_HANDLERS).run_once():
        pass

    (name,) = stores.blobs.keys("exports/")
    held = content(stores, name)
    assert not zipfile.is_zipfile(io.BytesIO(held))
    assert CANARY.encode() not in held
    answer = over_stores.get(f"/v1/privacy/exports/{asked['id']}/file")
    assert "customer.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_an_erasure_leaves_no_file_and_no_key(over_stores: TestClient, stores: Resources) -> None:
    story = tell_story(stores)
    over_stores.post("/v1/privacy/exports", json={"customer_id": story.customer_id})
    worker = Worker(stores, WorkerConfig(), JOB_HANDLERS)
    while worker.run_once():
        pass
    over_stores.post("/v1/privacy/erasures", json={"customer_id": story.customer_id})
    while worker.run_once():
        pass

    assert [key for key in stores.blobs.keys("") if not key.startswith("privacy/suppressed/")] == []
    with stores.database.read() as session:
        assert list(session.scalars(select(Attachment.id))) == []
        assert [row.file_key for row in session.scalars(select(PrivacyRequest))] == [None, None]


@ONE_DATABASE
def test_files_are_read_through_a_rotation_of_the_keys(client: TestClient, resources: Resources, vault: Vault) -> None:
    kept = upload(client, "a.txt", SECRET, issue_id=stored(resources)).json()
    before = resting(resources)
    for _turn in range(2):
        rotate_keys(
            resources.database, vault, clock=resources.clock, wait=lambda: None, report=lambda _table, _rows: None,
            record=lambda _session, _generation: None,
        )  # fmt: skip

    assert client.get(f"/v1/attachments/{kept['id']}/content").content == SECRET
    assert resting(resources) == before


@ONE_DATABASE
def test_an_altered_or_exchanged_file_is_not_handed_out(
    client: TestClient, resources: Resources, tmp_path: Path
) -> None:
    issue_id = stored(resources)
    kept = [upload(client, f"{n}.txt", SECRET + bytes([48 + n]), issue_id=issue_id).json()["id"] for n in range(2)]
    files = [tmp_path / "files" / "attachments" / each for each in kept]
    contents = [file.read_bytes() for file in files]

    files[0].write_bytes(contents[1])
    exchanged = client.get(f"/v1/attachments/{kept[0]}/content")
    files[0].write_bytes(contents[0][:200] + b"x" + contents[0][201:])
    altered = client.get(f"/v1/attachments/{kept[0]}/content")

    for answer in (exchanged, altered):
        assert (answer.status_code, answer.json()["code"]) == (500, "unreadable_value")


RUNS = [
    ("setup.exe", b"MZ\x90\x00" + bytes(200)),
    ("holiday.jpg", b"MZ\x90\x00" + bytes(200)),
    ("tool", b"\x7fELF\x02\x01\x01" + bytes(100)),
    ("page.html", b"<html><script>alert(1)</script></html>"),
    ("picture.png", b"<!DOCTYPE html><script>alert(1)</script>"),
    ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.class", b"\xca\xfe\xba\xbe" + bytes(50)),
    ("link.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)),
    ("app.jar", b"PK\x03\x04" + bytes(60)),
    ("sheet.xlsm", b"PK\x03\x04" + bytes(60)),
    ("unknown.dat", bytes(range(1, 256)) * 3),
]


@ONE_DATABASE
def test_what_runs_or_cannot_be_told_is_refused_whatever_its_name(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    for name, content in RUNS:
        answer = upload(client, name, content, issue_id=issue_id)
        assert answer.status_code == 422, name
        assert answer.json()["errors"] == [
            {"field": "file", "code": "type_not_allowed", "message": "is of a type that is not taken here"}
        ], name
    assert list(resources.blobs.keys()) == []


@ONE_DATABASE
def test_settings_decide_what_is_taken(resources: Resources) -> None:
    rules = AttachmentsConfig(allowed_types=frozenset({"text/html"}))
    with TestClient(build_app(resources, TEST_SERVER, attachments=rules)) as client:
        client.headers["Authorization"] = authorization(resources, "admin")
        issue_id = stored(resources)
        assert upload(client, "a.txt", b"hello", issue_id=issue_id).status_code == 422
        kept = upload(client, "a.html", b"<html><script>alert(1)</script></html>", issue_id=issue_id).json()
        answer = client.get(f"/v1/attachments/{kept['id']}/content")
    assert kept["filename"] == "a.html.txt"
    assert answer.headers["content-type"] == "application/octet-stream"


NEVER_RUN = [
    "a text with the name of a page.html",
    "invoice.pdf.js",
    "run me.bat",
    "x.ps1",
    "photo.scr",
    "a.url",
    "b.hta",
]


@ONE_DATABASE
@pytest.mark.parametrize("name", NEVER_RUN)
def test_a_text_under_the_name_of_a_program_is_named_a_text(
    client: TestClient, resources: Resources, name: str
) -> None:
    kept = upload(client, name, b"just words", issue_id=stored(resources)).json()

    assert (kept["filename"], kept["content_type"]) == (f"{name}.txt", "text/plain")


@ONE_DATABASE
def test_an_archive_is_kept_as_it_is_and_never_unpacked(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("../../etc/cron.d/x", bytes(50_000_000))

    def unpack(*_arguments: object) -> None:
        raise AssertionError("an archive was opened")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    kept = upload(client, "logs.zip", bomb.getvalue(), issue_id=stored(resources)).json()

    assert (kept["content_type"], kept["size_bytes"]) == ("application/zip", len(bomb.getvalue()))
    assert client.get(f"/v1/attachments/{kept['id']}/content").content == bomb.getvalue()


def limited(resources: Resources, **rules: int) -> TestClient:
    client = TestClient(build_app(resources, TEST_SERVER, attachments=AttachmentsConfig(**rules)))
    client.headers["Authorization"] = authorization(resources, "admin")
    return client


def test_an_issue_has_so_many_files_and_no_more_even_when_they_come_at_once(resources: Resources) -> None:
    issue_id = stored(resources)
    with limited(resources, max_per_issue=3) as client, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: upload(client, f"{n}.txt", b"hi", issue_id=issue_id), range(6)))
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too_many_files"}
        assert len(list(resources.blobs.keys())) == 3
        assert upload(client, "x.txt", b"hi", issue_id=stored(resources)).status_code == 201


@ONE_DATABASE
def test_all_files_of_an_issue_have_so_many_bytes_and_no_more(resources: Resources) -> None:
    issue_id = stored(resources)
    with limited(resources, max_bytes_per_issue=1000) as client:
        assert upload(client, "a.txt", b"x" * 600, issue_id=issue_id).status_code == 201
        assert upload(client, "b.txt", b"x" * 401, issue_id=issue_id).json()["code"] == "too_many_files"
        assert upload(client, "c.txt", b"x" * 400, issue_id=issue_id).status_code == 201
