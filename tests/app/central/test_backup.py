"""Copies of the central: whole, consistent, portable between databases, under a new epoch."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from backports import zstd
from sqlalchemy import select
from sqlalchemy.exc import InternalError

from app.central import backup
from app.central.database import Database, in_folder, open_database
from app.central.held import held_in, query_held
from app.central.lineage import epoch_of
from app.central.migration import HEAD, KNOWN, prepare, version
from app.central.schema import bulk_revisions, chunks, meta, metadata, records, revisions
from app.central.signing import make_key, public_keys
from app.clock import new_id, now
from app.domain.records import REGION, reference_id
from app.errors import UserError
from app.sync.protocol import CHUNK_TYPE, Capabilities
from app.sync.receipts import successor
from tests.app.central.conftest import Enrol, await_its_turn
from tests.app.central.laptop import op
from tests.central_server import Central, start_central

FROZEN = Path(__file__).parents[2] / "databases"


def _content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the epoch."""
    with database.snapshot() as connection:
        found = {
            name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for name, table in metadata.tables.items()
        }
    return found | {meta.name: []}


def _fill(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    need = op("need", title="Un site")
    lea.send(space, need, op("need", need.id, 1, title="Deux"))
    content = b"contenu" * 1000
    digest = hashlib.sha256(content).hexdigest()
    asked = {"space": space, "sha256": digest, "size": len(content)}
    where = lea.client.post("/v1/uploads", json=asked).headers["Location"]
    headers = {"Content-Type": CHUNK_TYPE, "Upload-Offset": "0"}
    assert lea.client.patch(where, content=content, headers=headers).status_code == 204
    lea.send(space, op("attachment", owner_id=need.id, sha256=digest))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("devices", "spaces"),
        ("spaces", "standings"),
        ("uploads", "chunks"),
        ("meta", "devices"),  # an enrolment
        ("records", "revisions"),  # a record's history
        ("facilitators", "grants"),  # a verb of the administrator
        ("audit", "uploads"),  # a copy
    ],
)
def test_a_restore_lets_a_request_under_way_come_to_its_end(
    site: Central, tmp_path: Path, first: str, then: str
) -> None:
    site.commission()
    backup.save(site.database, tmp_path / "copie", now())
    with ThreadPoolExecutor(1) as pool:
        with site.database.writing() as connection:
            connection.execute(metadata.tables[first].select()).all()
            restoring = pool.submit(backup.restore, site.database, tmp_path / "copie")
            await_its_turn(site.database, restoring)
            connection.execute(metadata.tables[then].select()).all()
        epoch = restoring.result()
    with site.database.reading() as connection:
        assert epoch_of(connection) == epoch


def test_a_copy_restores_all_but_the_epoch_on_either_database(
    site: Central, enrol: Enrol, tmp_path: Path, postgresql: Callable[[str], str]
) -> None:
    _fill(site, enrol)
    file = tmp_path / "copie"
    backup.save(site.database, file, now())
    assert file.stat().st_mode & 0o777 == 0o600
    for url in (in_folder(tmp_path / "ailleurs"), postgresql(new_id())):
        other = open_database(url)
        prepare(other, now())
        with other.reading() as connection:
            before = epoch_of(connection)
        epoch = backup.restore(other, file)
        assert _content(other) == _content(site.database)
        with other.reading() as connection:
            assert epoch_of(connection) == epoch
        with site.database.reading() as connection:
            assert epoch not in (before, epoch_of(connection))
        other.close()


def test_a_database_that_may_only_be_read_is_no_fault_of_the_copy(
    site: Central, tmp_path: Path, postgresql: Callable[[str], str]
) -> None:
    backup.save(site.database, tmp_path / "copie", now())
    url = postgresql(name := new_id())
    with closing(open_database(url)) as other:
        prepare(other, now())
        with other.writing() as connection:
            read_only = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
            connection.exec_driver_sql(read_only)
    refused = pytest.raises(InternalError, match="read-only transaction")
    with closing(open_database(url)) as other, refused:
        backup.restore(other, tmp_path / "copie")


def test_a_copy_is_of_one_moment_while_it_serves(
    site: Central, enrol: Enrol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = site.commission()
    lea = enrol(space)
    framed = backup._framed

    def framed_slowly(part: backup.Header | backup.Rows | backup.End) -> bytes:
        """Between two parts of the copy, a laptop writes."""
        if isinstance(part, backup.Rows):
            lea.send(space, op("need", title="Pendant la copie"))
        return framed(part)

    monkeypatch.setattr(backup, "_framed", framed_slowly)
    backup.save(site.database, tmp_path / "copie", now())
    other = open_database(in_folder(tmp_path / "ailleurs"))
    prepare(other, now())
    backup.restore(other, tmp_path / "copie")
    with other.reading() as connection:
        seq = connection.exec_driver_sql(f"SELECT seq FROM spaces WHERE space = '{space}'").scalar()
        held = connection.exec_driver_sql("SELECT count(*), max(seq) FROM records").one()
    other.close()
    assert tuple(held) == (seq, seq)
    assert site.database.dialect in {"sqlite", "postgresql"}
    assert len(lea.client.get(f"/v1/spaces/{space}/changes").json()["records"]) > (seq or 0)


def test_files_and_large_batches_pass_through_a_copy_a_few_at_a_time(
    site: Central, tmp_path: Path
) -> None:
    size, count = 1 << 20, 60
    pieces = [{"upload_id": new_id(), "start": 0, "content": bytes(size)} for _ in range(count)]
    many = [{"space": REGION, "seq": seq, "traces": bytes(size)} for seq in range(count)]
    with site.database.writing() as connection:
        for one in pieces:
            connection.execute(chunks.insert(), one)
        for one in many:
            connection.execute(bulk_revisions.insert(), one)
    del pieces, many
    tracemalloc.start()
    try:
        backup.save(site.database, tmp_path / "copie", now())
        backup.restore(site.database, tmp_path / "copie")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 * count * size


def test_the_central_serves_on_after_a_restore(site: Central, enrol: Enrol, tmp_path: Path) -> None:
    space = site.commission()
    lea = enrol(space)
    need = op("need", title="Avant")
    lea.send(space, need)
    backup.save(site.database, tmp_path / "copie", now())
    lea.send(space, op("need", need.id, 1, title="Après"))
    epoch = backup.restore(site.database, tmp_path / "copie")
    assert lea.client.get("/v1/capabilities").json()["epoch"] == epoch
    feed = lea.client.get(f"/v1/spaces/{space}/changes").json()
    assert feed["epoch"] == epoch
    assert [one["revision"] for one in feed["records"]] == [1, 1]
    again = lea.exchange(space, op("need", need.id, 1, title="Après"), epoch=epoch, after={})
    assert again.results[0].revision == 2


def _sealed(parts: bytes) -> bytes:
    return zstd.compress(parts + hashlib.sha256(parts).digest())


def _framed(*parts: backup.Header | backup.Rows | backup.End) -> bytes:
    return b"".join(map(backup._framed, parts))


def _broken(file: Path) -> dict[str, bytes]:
    whole = file.read_bytes()
    plain = zstd.decompress(whole)
    parts, seal = plain[:-32], plain[-32:]
    header = backup.Header("commissions-central", 1, HEAD, "")
    columns = ["name", "value"]
    epoch = ["epoch", "a"]
    return {
        "cut": whole[: len(whole) // 2],
        "with one letter changed": zstd.compress(plain.replace(b"Beaune", b"Beaume")),
        "without its end": zstd.compress(parts[: parts.rindex(b"end") - 30] + seal),
        "longer": whole + zstd.compress(b"more"),
        "of another format": _sealed(parts.replace(b"commissions-central", b"commissions-centraX")),
        "with rows missing": _sealed(parts[:-1] + bytes([parts[-1] ^ 1])),
        "cut and sealed again": _sealed(parts[:-40]),
        "with words that are no text": _sealed(parts.replace(b"spaces", b"\xffpaces")),
        "of a mad size": _sealed(b"\xff" * 40),
        "another file": b"<html></html>",
        "empty": b"",
        "of another table": _sealed(_framed(header, backup.Rows("autre", ["a"], [[1]]))),
        "of other columns": _sealed(_framed(header, backup.Rows("meta", ["a"], [[1]]))),
        "of uneven rows": _sealed(_framed(header, backup.Rows("meta", columns, [["epoch"]]))),
        "with a row twice": _sealed(_framed(header, backup.Rows("meta", columns, [epoch] * 2))),
        "with a mad number": _sealed(_framed(header, backup.Rows("meta", columns, [["a", 2**63]]))),
        "with a row of parts": _sealed(_framed(header, backup.Rows("meta", columns, [["a", {}]]))),
        "without an epoch": _sealed(_framed(header, backup.End(0))),
    }


@pytest.mark.parametrize(
    "how",
    [
        "cut",
        "with one letter changed",
        "without its end",
        "longer",
        "of another format",
        "with rows missing",
        "cut and sealed again",
        "with words that are no text",
        "of a mad size",
        "another file",
        "empty",
        "of another table",
        "of other columns",
        "of uneven rows",
        "with a row twice",
        "with a mad number",
        "with a row of parts",
        "without an epoch",
    ],
)
def test_a_file_that_is_no_whole_copy_changes_nothing(
    central: Central, tmp_path: Path, how: str
) -> None:
    central.commission()
    file = tmp_path / "copie"
    backup.save(central.database, file, now())
    file.write_bytes(_broken(file)[how])
    before = _content(central.database)
    with pytest.raises(UserError, match="sauvegarde entière du central : rien n'a été modifié"):
        backup.restore(central.database, file)
    assert _content(central.database) == before


def test_a_flipped_bit_never_changes_what_is_restored(central: Central, tmp_path: Path) -> None:
    central.facilitator(central.commission())
    file = tmp_path / "copie"
    backup.save(central.database, file, now())
    whole, before = file.read_bytes(), _content(central.database)
    refused = 0
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        file.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
        )
        try:
            backup.restore(central.database, file)
        except UserError as error:
            refused += "sauvegarde entière" in str(error)
        assert _content(central.database) == before
    assert refused > 50


def test_a_copy_of_a_newer_program_changes_nothing(central: Central, tmp_path: Path) -> None:
    file = tmp_path / "copie"
    backup.save(central.database, file, now())
    parts = zstd.decompress(file.read_bytes())[:-32]
    file.write_bytes(_sealed(parts.replace(HEAD.encode(), b"0999", 1)))
    before = _content(central.database)
    with pytest.raises(UserError, match="plus récente"):
        backup.restore(central.database, file)
    assert _content(central.database) == before


@pytest.mark.parametrize("schema", KNOWN)
def test_a_copy_of_each_schema_comes_back_with_its_history(
    tmp_path: Path, database_url: str | None, schema: str
) -> None:
    database = open_database(database_url or in_folder(tmp_path / "central"))
    prepare(database, now())
    backup.restore(database, FROZEN / f"{schema}.central")
    with database.reading() as connection:
        assert version(connection) == HEAD
        own = query_held().where(records.c.space != REGION).order_by(records.c.seq)
        commission, need, gone = held_in(connection.execute(own))
        made = connection.execute(select(revisions).order_by(revisions.c.seq)).all()
    database.close()
    assert [(one.revision, one.seq, one.deleted) for one in (commission, need, gone)] == [
        (1, 1, False),
        (3, 5, False),
        (2, 6, True),
    ]
    assert [(row.seq, row.id, row.revision, row.changed) for row in made[1:]] == [
        (2, need.id, 1, '["title"]'),
        (3, gone.id, 1, '["title"]'),
        (4, need.id, 2, '["words"]'),
        (5, need.id, 3, '["title"]'),
        (6, gone.id, 2, '["deleted"]'),
    ]
    assert [row.sha256 for row in made[-2:]] == [need.digest(), gone.digest()]


@pytest.mark.parametrize("schema", KNOWN)
def test_a_database_of_each_schema_is_copied_as_it_is(
    tmp_path: Path, database_url: str | None, schema: str
) -> None:
    file = tmp_path / "copie"
    with closing(open_database(database_url or in_folder(tmp_path / "central"))) as database:
        _put_back(database, FROZEN / f"{schema}.central")
        backup.save(database, file, now())
        with database.reading() as connection:
            assert version(connection) == schema
    copied, frozen = backup.contents(file), backup.contents(FROZEN / f"{schema}.central")
    assert (copied.schema, copied.rows) == (schema, frozen.rows)
    restored = []
    for number, one in enumerate((file, FROZEN / f"{schema}.central")):
        with closing(open_database(in_folder(tmp_path / str(number)))) as other:
            backup.restore(other, one)
            restored.append(_content(other))
    assert restored[0] == restored[1]


@pytest.mark.parametrize("schema", KNOWN)
def test_all_that_a_central_holds_comes_through_the_migrations(
    site: Central, enrol: Enrol, tmp_path: Path, postgresql: Callable[[str], str], schema: str
) -> None:
    space = site.commission()
    lea = enrol(space)
    _fill(site, enrol)
    solution, commune = op("solution", title="Un site"), reference_id("organisation", "21716")
    taken = {"solution_id": solution.id, "organisation_id": commune, "intention": "committed"}
    lea.send(space, solution, op("commitment", **taken, units=3), op("commitment", **taken))
    site.code(site.facilitator(role="gip"))
    held = _content(site.database)
    assert held["standings"] and held["blobs"] and held["batches"] and held["codes"]
    on_sqlite = site.database.dialect == "sqlite"
    with closing(
        open_database(in_folder(tmp_path / "ancien") if on_sqlite else postgresql(new_id()))
    ) as former:
        with site.database.reading() as now_held, former.writing() as connection:
            for name, table in backup._emptied(connection, schema).items():
                if name == "alembic_version":
                    continue
                rows = [row._asdict() for row in now_held.execute(metadata.tables[name].select())]
                if name == "standings" and not table.c.units.nullable:
                    rows = [row | {"units": row["units"] or 0} for row in rows]
                if rows:
                    connection.execute(table.insert(), rows)
        prepare(former, now())
        assert _content(former) == held


def _put_back(database: Database, file: Path) -> None:
    """Makes a database what it was under the program that wrote the copy."""
    with backup._opened(file) as stream, database.writing() as connection:
        parts = backup._parts(stream)
        tables = backup._emptied(connection, backup._check_header(parts).schema)
        for part in parts:
            if isinstance(part, backup.Rows):
                backup._insert(connection, tables[part.table], part)


def test_a_file_that_cannot_be_read_or_written_is_said(central: Central, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="vérifiez son nom, et que ce compte peut le lire"):
        backup.restore(central.database, tmp_path / "absente")
    with pytest.raises(UserError, match="ne peut être écrite"):
        backup.save(central.database, tmp_path / "absent" / "copie", now())


def test_keys_made_since_the_copy_still_sign(central: Central, tmp_path: Path) -> None:
    file = tmp_path / "copie"
    backup.save(central.database, file, now())
    with central.database.writing() as connection:
        pinned = public_keys(connection)[0]
        made = [make_key(connection, now()) for _ in range(2)]
    backup.restore(central.database, file)
    with central.client() as client:
        answer = client.get("/v1/capabilities")
    able = msgspec.json.decode(answer.content, type=Capabilities)
    assert able.key.key_id == made[-1]
    assert successor(pinned, able) == able.key


def test_the_key_of_another_central_does_not_join(central: Central, tmp_path: Path) -> None:
    backup.save(central.database, tmp_path / "copie", now())
    with central.database.reading() as connection:
        before = public_keys(connection)
    with start_central(tmp_path / "autre") as other:
        backup.restore(other.database, tmp_path / "copie")
        with other.database.reading() as connection:
            assert public_keys(connection) == before


def test_a_copy_that_cannot_take_its_place_leaves_nothing_behind(
    central: Central, tmp_path: Path
) -> None:
    taken = tmp_path / "copie"
    (taken / "autre").mkdir(parents=True)
    with pytest.raises(UserError, match="ne peut être écrite"):
        backup.save(central.database, taken, now())
    assert not list(tmp_path.glob("*.partial"))
