import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_REASONS = [
    ("wait", "等太久"),
    ("repeat", "反复描述"),
    ("unsolved", "没有解决"),
    ("attitude", "态度"),
    ("award", "补偿不合理"),
    ("unclear", "说明不清"),
    ("other", "其他"),
]


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_answers"), ("complaints", "0018_moments")]

    operations = [
        migrations.AddField("answer", "ces", models.PositiveSmallIntegerField(null=True, verbose_name="省力程度")),
        migrations.AddField("answer", "nps", models.PositiveSmallIntegerField(null=True, verbose_name="推荐意愿")),
        migrations.AddField(
            "answer",
            "reasons",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=_REASONS, max_length=12),
                default=list,
                verbose_name="不满意的主要原因",
            ),
        ),
        migrations.AddField("answer", "resolved_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            """
            UPDATE surveys_answer SET resolved_at = COALESCE(
                (SELECT LEAST(replied_at, surveys_answer.at) FROM complaints_complaint WHERE id = complaint_id),
                surveys_answer.at
            )
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("answer", "resolved_at", models.DateTimeField()),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(condition=Q(("ces", None), ("ces__range", (1, 7)), _connector="OR"), name="answer_ces"),
        ),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(condition=Q(("nps", None), ("nps__range", (0, 10)), _connector="OR"), name="answer_nps"),
        ),
        migrations.AddIndex("answer", models.Index(fields=["resolved_at"], name="answer_resolved")),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(("ended_at", None)), fields=["asked_at"], name="invitation_waiting"
                    ),
                ],
            },
        ),
    ]
