"""Django's settings. What an owner may set comes from the environment; the rest is decided here."""

import hashlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from vafa.kit.home import get_home, get_secret_key

PACKAGE = Path(__file__).resolve().parent.parent
HOME = get_home()
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)

SECRET_KEY = get_secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *filter(None, os.environ.get("VAFA_HOSTS", "").split(",")),
]
BEHIND_TLS = os.environ.get("VAFA_TLS", "") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BEHIND_TLS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "vafa.kit",
    "vafa.kit.locale",
    "vafa.data.business",
    "vafa.data.staff",
    "vafa.data.log",
    "vafa.data.customers",
    "vafa.data.catalogue",
    "vafa.data.orders",
    "vafa.data.subscriptions",
    "vafa.data.interactions",
    "vafa.data.consent",
    "vafa.data.costs",
    "vafa.data.intake",
    "vafa.data.shops",
    "vafa.data.timed",
    "vafa.measure.metrics",
    "vafa.measure.segments",
    "vafa.measure.reports",
    "vafa.measure.quality",
    "vafa.measure.history",
    "vafa.measure.watching",
    "vafa.predict.models",
    "vafa.predict.scores",
    "vafa.act.messaging",
    "vafa.act.campaigns",
    "vafa.act.followups",
    "vafa.act.saving",
    "vafa.act.webhooks",
    "vafa.act.automations",
    "vafa.prove.trials",
    "vafa.prove.outcomes",
    "vafa.front",
    "vafa.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vafa.front.seen.SeenMiddleware",
    "vafa.front.middleware.LanguageMiddleware",
    "vafa.front.middleware.FirstOwnerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vafa.front.second_step.requiring.SecondStepMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "vafa.config.urls"
WSGI_APPLICATION = "vafa.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "front" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vafa.front.context.page",
            ],
        },
    }
]


def _build_database(url: str) -> dict[str, object]:
    """The database that DATABASE_URL names, or SQLite in the home folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "vafa.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                    "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": _build_database(DATABASE_URL)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "vafa.front.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords are counted by axes, wrong codes by vafa.front.second_step: in the records, so over all processes.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "reauthenticate": None}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "vafa.front.second_step.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up by themselves: whoever lets somebody in vouches for the address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Clocks of telephones run half a minute early or late.
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "vafa.front.address.get_tried_email"
AXES_CLIENT_IP_CALLABLE = "vafa.front.address.get_address"
AXES_LOCKOUT_CALLABLE = "vafa.front.sign_in.show_locked_out"
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True

LANGUAGE_CODE = "en"
LANGUAGES = [("fa", "فارسی"), ("ar", "العربية"), ("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


def _build_static_url() -> str:
    """An address that changes with the built files, so that no browser keeps those of an earlier version."""
    parts = [PACKAGE / "static" / "dist" / name for name in ("app.css", "app.js", "charts.js", "icons.svg")]
    states = [path.stat() for path in parts if path.exists()]
    told = ".".join(f"{state.st_size}-{state.st_mtime_ns}" for state in states)
    return f"/static/{hashlib.sha256(told.encode()).hexdigest()[:10]}/"


STATIC_URL = _build_static_url()
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = None  # the files are served from where they lie; there is nothing to collect
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A template in four languages of 60 blocks each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
