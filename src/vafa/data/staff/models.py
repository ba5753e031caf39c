"""Who signs in, and with which role."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from vafa.kit.permissions import ROLE_NAMES, ROLE_PERMISSIONS, Permission, Role, drop_blind, may


class StaffManager(BaseUserManager["Staff"]):
    """Makes members of staff; e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        staff = self.model(email=self.normalize_email(email).lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(email=(username or "").lower())


class OwnRole(models.Model):
    """A role that the business made for itself. `own_only`: who has it sees only customers whose owner they are."""

    name = models.CharField(max_length=80, unique=True)
    permissions = models.JSONField(default=list)
    own_only = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_permissions(self) -> frozenset[Permission]:
        """What it allows; a permission that this version does not know allows nothing."""
        known = frozenset(permission for permission in Permission if permission.value in self.permissions)
        return drop_blind(known)


class Staff(AbstractBaseUser):
    """A person who works in the business and signs in here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(
        max_length=20,
        default=Role.READ_ONLY,
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
    )
    # Where it is set, it counts instead of `role`, which is then the narrowest one.
    own_role = models.ForeignKey(OwnRole, models.PROTECT, null=True, related_name="staff")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Only the newest link by which a password is set opens anything: each one bears this number.
    link_number = models.PositiveIntegerField(default=0)
    invited_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person's role allows."""
        if self.own_role is not None:
            return self.own_role.get_permissions()
        return ROLE_PERMISSIONS[Role(self.role)]

    def sees_own_only(self, agents_own_only: bool) -> bool:
        """Whether this person sees only customers whose owner they are. A role says so; of the ready ones only the
        agent's, where the business has chosen it."""
        if self.own_role is not None:
            return self.own_role.own_only
        return agents_own_only and self.role == Role.AGENT

    def may(self, permission: str) -> bool:
        """Whether this person has a permission; templates ask it to leave out what is not theirs."""
        return may(self, Permission(permission))


class StaffSession(models.Model):
    """A browser in which a member of staff is signed in: since when, when and from where last seen."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-seen_at",)


class SignInRules(models.Model):
    """One row: the keys of the roles that need a second step at sign-in."""

    second_step_roles = models.JSONField(default=list)


class ApiToken(models.Model):
    """What a program signs in with, in the name of a member of staff. Only a digest of it is kept; `hint` is how it
    begins, so that people can tell one from another."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
