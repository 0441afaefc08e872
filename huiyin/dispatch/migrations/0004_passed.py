from django.db import migrations, models

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dispatch", "0003_rule_names")]

    operations = [
        indexes.AddIndex(
            "workorder",
            models.Index(condition=models.Q(("state", "passed")), fields=["audited_at"], name="work_order_passed"),
        ),
    ]
