"""Orders that waited to be signed for before there were watches are watched too, from ten minutes after the upgrade."""

from django.db import migrations

WATCHED = """
    INSERT INTO supervision_signwatch (order_id, next_at, offered, began_at)
    SELECT id, GREATEST(sign_due_at, now() + interval '10 minutes'), '{}', now() FROM dispatch_workorder
    WHERE state = 'dispatched' AND sign_due_at IS NOT NULL
    ON CONFLICT (order_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunSQL(WATCHED, migrations.RunSQL.noop)]
