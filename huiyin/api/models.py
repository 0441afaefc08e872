"""What was answered under an Idempotency-Key, so that the same question gets the same answer."""

from django.db import models

from huiyin.lib.sealed import SealedBinaryField


class GivenAnswer(models.Model):
    """One answer to one key of one member. `body` is sealed: it may hold a tracking link."""

    key_digest = models.CharField(max_length=64, unique=True)
    question_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = SealedBinaryField(default=bytes)
    given_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key_digest[:12]} {self.status}"
