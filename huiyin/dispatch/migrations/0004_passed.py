from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_rule_names")]

    operations = [
        migrations.AddIndex(
            "workorder",
            models.Index(condition=models.Q(("state", "passed")), fields=["audited_at"], name="work_order_passed"),
        ),
    ]
