from django.db import migrations, models


class Migration(migrations.Migration):
    """A war room may have a group of the company's WeCom."""

    dependencies = [("redchannel", "0006_said_in_chinese")]

    operations = [
        migrations.AddField("warroom", "group_at", models.DateTimeField(null=True)),
        migrations.AddField("warroom", "group_fault", models.CharField(max_length=300, blank=True, default="", db_default="")),
        migrations.AddField("participant", "in_group_at", models.DateTimeField(null=True)),
    ]
