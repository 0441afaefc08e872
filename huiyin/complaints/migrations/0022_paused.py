from django.db import migrations, models

# An authority's time goes on while ours stands still: those are left to the next move of their clocks.
FOLLOW = """
    UPDATE complaints_complaint SET paused_at = clock.paused_at
    FROM complaints_pause pause, complaints_clock clock
    WHERE pause.ended_at IS NULL AND pause.complaint_id = complaints_complaint.id AND complaints_complaint.is_open
        AND clock.complaint_id = complaints_complaint.id AND clock.code IN ('CK-RESOLVE', 'CK-RESOLVE.final')
        AND clock.stopped_at IS NULL AND clock.paused_at IS NOT NULL AND clock.due_at = complaints_complaint.due_at
        AND NOT EXISTS (
            SELECT FROM complaints_clock other WHERE other.complaint_id = complaints_complaint.id
                AND other.code IN ('CK-REG', 'CK-REG-C') AND other.stopped_at IS NULL
        )
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0021_returned_goods")]

    operations = [
        migrations.AddField(
            "complaint", "paused_at", models.DateTimeField(null=True, verbose_name="暂停计时"),
        ),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
