from django.db import migrations, models

# what was overdue before the upgrade was seen by then, and makes no flood
PAST = """
    UPDATE quality_duty SET reminded = 100 WHERE due_at < now();
    UPDATE quality_rootcauseduty SET reminded = 100 WHERE due_at < now();
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [
        migrations.AddField("duty", "reminded", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField("rootcauseduty", "reminded", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.RunSQL(PAST, migrations.RunSQL.noop),
    ]
