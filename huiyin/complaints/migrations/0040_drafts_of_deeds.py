from django.db import migrations, models


class Migration(migrations.Migration):
    """What is typed at a deed, a work order or a review is kept, too: each by what it is about."""

    dependencies = [("complaints", "0039_calls_apart")]

    operations = [
        migrations.AlterField(
            "draft",
            "form",
            models.CharField(
                choices=[
                    ("notes", "备注"),
                    ("letters", "答复"),
                    ("calls", "通话记录"),
                    ("intake", "受理登记"),
                    ("deeds", "处理步骤"),
                    ("orders", "工单"),
                    ("reviews", "质检评审"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField("draft", "about", models.CharField(max_length=80, default="", db_default="")),
        migrations.RemoveConstraint("draft", "draft_once"),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(
                fields=["member", "form", "complaint", "about"], nulls_distinct=False, name="draft_once_of_each"
            ),
        ),
    ]
