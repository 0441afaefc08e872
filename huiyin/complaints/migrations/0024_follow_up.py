from django.db import migrations, models

# Nobody cleared the day of what left in another way.
CLEAR = """
    UPDATE complaints_complaint SET follow_up_on = NULL
    WHERE follow_up_on IS NOT NULL AND is_open AND state NOT IN ('interim', 'in_progress')
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0023_red")]

    operations = [
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
        migrations.AddIndex(
            "complaint",
            models.Index(
                condition=models.Q(("follow_up_on__isnull", False), ("is_open", True)), fields=["follow_up_on"],
                name="complaint_follow_up",
            ),
        ),
    ]
