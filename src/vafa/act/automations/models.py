"""Automations, their versions, and how each customer went through one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vafa.data.customers.models import Customer


class Automation(models.Model):
    """Something that happens by itself to customers. `draft` is what is being written, `version` what runs.

    `followed` is the number of the log that has been followed, `looked_on` the last local day on which dates were
    looked for, `known_until` the boundary up to which silence was, `watched` the number of the log up to which goals
    and exits were. All of them begin with the switch-on: what was
    before is history. `signing` is the secret that signs what is told to other programs.
    """

    name = models.CharField(max_length=120)
    playbook = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="draft")
    draft = models.JSONField(default=dict)
    version = models.ForeignKey("Version", models.SET_NULL, null=True, related_name="+")
    switched_on_at = models.DateTimeField(null=True)
    followed = models.BigIntegerField(default=0)
    looked_on = models.DateField(null=True)
    known_until = models.DateField(null=True)
    known_seq = models.BigIntegerField(default=0)
    watched = models.BigIntegerField(default=0)
    signing = models.CharField(max_length=80, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class Version(models.Model):
    """What was published: never changed after. Who entered by it finishes it. `trial` is the key of its holdout, kept
    from the version before while who enters and how many are held out stay the same ("": none)."""

    automation = models.ForeignKey(Automation, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    trial = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("automation", "number"), name="one_automation_version_a_number")
        ]


class Run(models.Model):
    """One customer's way through a version. Unique by automation, customer and key, hence by version too: a new version
    lets nobody in again for the same thing. `turn` counts the customer's entries; `seq` is the log's number then."""

    automation = models.ForeignKey(Automation, models.CASCADE, db_index=False, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="runs")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    entry_key = models.CharField(max_length=300)
    turn = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField(default=0)
    arm = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, default="running")
    why = models.CharField(max_length=30, blank=True)
    values = models.JSONField(default=dict)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("automation", "customer", "entry_key"), name="one_run_a_customer_and_key"
            )
        ]
        indexes = [models.Index(fields=("automation", "state", "-id"), name="runs_of_automation")]


class Step(models.Model):
    """One step of one run, and the queue: waiting -> claimed (with a lease) -> done, failed, or ended with its run.

    What waits costs nothing: only the rows that are due are found, by the index on them. `lane` "call" is for steps
    that ask other machines, which nobody else waits for.
    """

    run = models.ForeignKey(Run, models.CASCADE, db_index=False, related_name="steps")
    automation = models.ForeignKey(Automation, models.CASCADE, db_index=False, related_name="+")
    step = models.CharField(max_length=20)
    visit = models.PositiveSmallIntegerField(default=1)
    lane = models.CharField(max_length=5, default="quick")
    state = models.CharField(max_length=10, default="waiting")
    due_at = models.DateTimeField()
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=20, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("run", "step", "visit"), name="one_step_a_visit")]
        indexes = [
            models.Index(
                fields=("automation", "lane", "due_at"), condition=Q(state="waiting"), name="steps_due"
            ),
            models.Index(fields=("lease_until",), condition=Q(state="claimed"), name="steps_claimed"),
        ]


class Pool(models.Model):
    """Codes of which each is for one person."""

    name = models.CharField(max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)


class Code(models.Model):
    """One code, and whom it was given to by which step. Once given it is never given again."""

    pool = models.ForeignKey(Pool, models.CASCADE, db_index=False, related_name="codes")
    code = models.CharField(max_length=100)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    step = models.CharField(max_length=20, blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("pool", "code"), name="one_code_a_pool"),
            models.UniqueConstraint(
                fields=("run", "step"), condition=Q(run__isnull=False), name="one_code_a_step"
            ),
        ]
        indexes = [models.Index(fields=("pool", "id"), condition=Q(given_at=None), name="codes_left")]
