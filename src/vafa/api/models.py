"""What the API keeps of its own."""

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key, so that its repetition is answered alike and changes
    nothing. `digest` is that of the request, `answer_digest` that of the answer. Kept for a day."""

    token = models.ForeignKey("staff.ApiToken", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    answer_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("token", "key"), name="one_answer_a_request")]
