from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0002_causes_and_brands")]

    operations = [
        migrations.AddField("elementset", "name_zh", models.CharField(blank=True, max_length=60, verbose_name="中文名称")),
        migrations.AddField("elementset", "name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="键")),
                ("name_zh", models.CharField(max_length=60, verbose_name="中文名称")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("line", "一行文字"), ("words", "一段文字"), ("number", "数字"), ("day", "日期"),
                            ("moment", "日期和时间"), ("files", "附件"),
                        ],
                        default="line", max_length=8, verbose_name="填法",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
            ],
            options={"verbose_name": "要素的说法", "verbose_name_plural": "要素的说法", "ordering": ["key"]},
        ),
    ]  # fmt: skip
