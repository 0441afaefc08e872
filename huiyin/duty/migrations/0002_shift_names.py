from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="name_en",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="英文名称"),
        ),
    ]
