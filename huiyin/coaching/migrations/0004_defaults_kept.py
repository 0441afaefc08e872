from django.db import migrations, models


class Migration(migrations.Migration):
    """What 0003 added is kept by the database too: a process of the release before, which does not name these columns,
    goes on writing meanwhile."""

    dependencies = [("coaching", "0003_twice_and_appeals")]

    operations = [
        migrations.AlterField("draw", "twice_percent", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AlterField(
            "sampled", "is_twice", models.BooleanField(db_default=False, default=False, verbose_name="双人评分")
        ),
        migrations.AlterField(
            "samplingrule",
            "agreement",
            models.PositiveSmallIntegerField(db_default=60, default=60, verbose_name="评分一致性 Kappa 不低于（%）"),
        ),
        migrations.AlterField(
            "samplingrule",
            "appeal_days",
            models.PositiveSmallIntegerField(db_default=3, default=3, verbose_name="申诉期（工作日）"),
        ),
        migrations.AlterField(
            "samplingrule",
            "settle_over",
            models.PositiveSmallIntegerField(
                db_default=10, default=10, verbose_name="两人相差超过（分）由第三人定分"
            ),
        ),
        migrations.AlterField(
            "samplingrule",
            "twice_percent",
            models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name="双人评分（%）"),
        ),
    ]
