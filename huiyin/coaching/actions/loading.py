"""What comes with the product: courses (training.yaml names them all, courses.yaml has those that are read and answered
on screen), the year's 1+1+1, the scorecard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.coaching.actions import drawing, entering
from huiyin.coaching.models import Course, Question


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """What is not there yet is there afterwards; returns how many are new. What is there stays."""
    training = documents["training"]
    written = {row["id"]: row for row in documents["courses"]["courses"]}
    known = set(Course.objects.values_list("code", flat=True))
    made = drawing.load(documents["qa_scorecard"]) + entering.load(training)
    for position, module in enumerate(training["modules"], start=1):
        if module["id"] not in known:
            _add(position, module, written.get(module["id"], {}), training["certification"])
            made += 1
    return made


def _add(position: int, module: Mapping[str, Any], text: Mapping[str, Any], rules: Mapping[str, Any]) -> None:
    course = Course.objects.create(
        code=module["id"],
        position=position,
        title=module["zh"],
        hours=module["hours"],
        version=text.get("version", 1),
        intro=text.get("intro", ""),
        sections=text.get("sections", []),
        pass_mark=rules["exam_pass"],
        valid_months=rules["valid_months"],
    )
    Question.objects.bulk_create(
        Question(
            course=course,
            position=number,
            kind=row.get("kind", Question.Kind.SINGLE),
            stem=row["stem"],
            options=row["options"],
            right=row["right"],
            explanation=row["explain"],
        )
        for number, row in enumerate(text.get("questions", ()), start=1)
    )
