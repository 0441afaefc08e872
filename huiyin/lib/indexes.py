"""Indexes that are built while the house works: CREATE INDEX CONCURRENTLY, for tables that may be large."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndex(AddIndexConcurrently):
    """Nobody who writes waits for it. The migration has `atomic = False`, and nothing else in it.

    One that was broken off leaves its index behind, invalid and in the way: run again, it is built anew.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)
        super().database_forwards(app_label, schema_editor, from_state, to_state)
