"""Indexes that are built while the house works."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.lib.indexes import AddIndex


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    "place", ["complaints.migrations.0021_returned_goods", "complaints.migrations.0026_reopened",
              "dispatch.migrations.0004_passed"],
)  # fmt: skip
def test_it_is_built_without_a_lock_and_anew_where_a_build_was_broken_off(place: str) -> None:
    [step] = import_module(f"huiyin.{place}").Migration.operations
    assert isinstance(step, AddIndex)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [step.index.name])

    with CaptureQueriesContext(connection) as asked, connection.schema_editor(atomic=False) as editor:
        step.database_forwards(place.partition(".")[0], editor, None, SimpleNamespace(apps=apps))

    assert [each["sql"].split("CONCURRENTLY")[0] for each in asked] == ["DROP INDEX ", "CREATE INDEX "]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass", [step.index.name])
        assert cursor.fetchone() == (True,)
