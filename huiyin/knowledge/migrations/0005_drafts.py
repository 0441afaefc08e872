from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0004_apology"),
    ]

    operations = [
        migrations.AddField(
            model_name="librarycase",
            name="is_draft",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="草稿"),
        ),
        migrations.AddField(
            model_name="librarycase",
            name="source",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=24, verbose_name="来自投诉"
            ),
        ),
    ]
