"""Who signs in, and with which role."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from vafa.kit.permissions import ROLE_NAMES, Permission, Role, may


class StaffManager(BaseUserManager["Staff"]):
    """Makes members of staff; e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        staff = self.model(email=self.normalize_email(email).lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(email=(username or "").lower())


class Staff(AbstractBaseUser):
    """A person who works in the business and signs in here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(
        max_length=20,
        default=Role.READ_ONLY,
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
    )
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, permission: str) -> bool:
        """Whether this person has a permission; templates ask it to leave out what is not theirs."""
        return may(self, Permission(permission))


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
