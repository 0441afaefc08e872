from django.db import migrations

MARK = """
    UPDATE complaints_complaint SET is_red = true FROM redchannel_redcase red
    WHERE red.complaint_id = complaints_complaint.id AND red.ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("redchannel", "0004_mentions"), ("complaints", "0023_red")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
