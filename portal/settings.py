"""
All settings. Every value that differs between machines comes from the environment, typed, with a default that is
safe for development; with DEBUG off nothing secret has a default.
"""

import sys
from email.utils import parseaddr
from pathlib import Path

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# --- Deployment ------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="for-development-only" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
if not SECRET_KEY or not ALLOWED_HOSTS:
    # One sentence instead of a traceback: the reader is whoever is installing the portal.
    sys.exit("With DEBUG off the portal needs SECRET_KEY and ALLOWED_HOSTS in its environment; see README.md.")

SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ADMINS = [address] if (address := env.str("ADMIN_EMAIL", default="")) else []
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# The committee's own mailbox: it invites to meetings, so what people's calendars answer arrives there.
COMMITTEE_EMAIL = parseaddr(env.str("COMMITTEE_EMAIL", default="") or DEFAULT_FROM_EMAIL)[1]
# How many days a quarter of the plan takes reports once it is over: a month, as the secretariat of a ministry needs
# a signature for each; the secretariat of the Initiative can set another last day for each quarter.
PLAN_REPORT_DAYS = 30

OUTGOING_REQUESTS = env.bool("OUTGOING_REQUESTS", default=True)
DOI_REGISTER = "https://doi.org/"

# --- Rooms -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it widens
    "portal.core.apps.MesaConfig",  # django.contrib.admin on our own site
    "django.contrib.auth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "django_ox",
    "portal.core.apps.KeywordsConfig",  # taggit
    "portal.core",
    "network",
    "resources",
    "steering",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.middleware.refuse_unreadable_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.core.middleware.keep_private_pages_private",
    "portal.core.middleware.LetStaffProveItTwice",
    "portal.core.middleware.RefuseUnstorableValues",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.core.templatetags.portal",
                "resources.templatetags.library",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------------------------------

VAR_DIR.mkdir(exist_ok=True)
if "DATABASE_URL" in env.ENVIRON and not env.str("DATABASE_URL").strip():
    sys.exit("DATABASE_URL is empty: leave it out for SQLite, or give postgres://user:password@host:5432/name.")
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at once and waits for the one before it, so "database is locked" cannot happen midway.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # With a write-ahead log, NORMAL keeps the file whole whatever happens; a power cut may cost the last commits.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32768;"
        ),
    }
    DATABASES["default"].setdefault("CONN_MAX_AGE", 600)
    # Tests use a real file too: in memory, SQLite locks by other rules than those we rely on.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if Path(sys.argv[0]).name != "manage.py":  # a page may not hold the database; migrations and indexing may
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c statement_timeout=20s")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What must be counted across processes (limits of attempts, codes already used) is counted where all of them look.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

STORAGE_URL = env.str("STORAGE_URL", default=str(VAR_DIR / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STORAGE_URL}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if STORAGE_URL.startswith("s3://"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": STORAGE_URL.removeprefix("s3://"), "default_acl": None, "file_overwrite": False},
    }
UPLOAD_MAX_BYTES = 100 * 1024 * 1024  # a proxy in front should allow a little more, so that the form can answer
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.core.uploads.BoundedFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # no form has more; a hundred would fill the disk before anybody signs in
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
TAGGIT_CASE_INSENSITIVE = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-built"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "OPTIONS": {
            "LOCK_TIMEOUT": 180,
            "SCHEDULES": {
                "harvest": {"task": "resources.tasks.harvest_sources", "cron": "20 2 * * *"},
                "remind": {"task": "resources.tasks.remind_asked", "cron": "30 3 * * *"},
                "forget": {"task": "portal.core.tasks.forget", "cron": "20 1 * * *"},
                "forget_asked": {"task": "resources.tasks.forget_asked", "cron": "25 1 * * *"},
                "tidy": {"task": "resources.tasks.tidy_the_store", "cron": "50 1 * * *"},
                "minutes": {"task": "steering.tasks.keep_what_lacks", "cron": "40 3 * * *"},
                "use": {"task": "resources.tasks.fold_use", "cron": "40 1 * * *"},
                "letters": {"task": "steering.outbox.post_letters", "cron": "*/10 * * * *"},
                "addresses": {"task": "steering.outbox.forget_addresses", "cron": "25 1 * * *"},
                "actions": {"task": "steering.reminders.remind", "cron": "50 3 * * *"},
                "reports": {"task": "steering.plan.requests.ask_in_time", "cron": "55 3 * * *"},
                "applications": {"task": "network.tasks.tidy_applications", "cron": "10 3 * * *"},
            },
        },
    }
}

# --- Languages -------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"  # numbers: the region does not write them as Spain does
MODELTRANSLATION_LANGUAGES = ("es", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "es"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("es", "en")}
TIME_ZONE = "America/Costa_Rica"
USE_TZ = True

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = ["network.permissions.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

ACCOUNT_ADAPTER = "network.accounts.adapter.AccountAdapter"  # nobody signs up: accounts begin with an invitation
ACCOUNT_FORMS = {
    "login": "network.accounts.forms.SignInForm",
    "reset_password": "network.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "network.accounts.forms.NewPasswordForm",
    "change_password": "network.accounts.forms.PasswordChangeForm",
    "set_password": "network.accounts.forms.PasswordSetForm",
    "add_email": "network.accounts.forms.AddressChangeForm",
    "confirm_email_verification_code": "network.accounts.forms.AddressCodeForm",
    "reauthenticate": "network.accounts.forms.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # a new address counts once its code came back, never before
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}  # else five letters a minute to one mailbox
MFA_ADAPTER = "network.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "network.accounts.forms.CodeForm",
    "reauthenticate": "network.accounts.forms.CodeAgainForm",
    "activate_totp": "network.accounts.forms.FirstCodeForm",
    "add_webauthn": "network.accounts.forms.PasskeyForm",
    "edit_webauthn": "network.accounts.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Salud y Migración"
MFA_TOTP_TOLERANCE = 1  # the clock of a telephone may be half a minute off

# --- Security --------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # the container's own health check speaks plain HTTP
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=HTTPS)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose attempts are counted: the address the proxy in front has seen, never one that the visitor wrote there himself.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

# --- Mail and logs ---------------------------------------------------------------------------------------------------

_mail = env.email_url("MAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
MAILERS = {"default": {"BACKEND": _mail["EMAIL_BACKEND"]}}
if _mail["EMAIL_HOST"]:
    MAILERS["default"]["OPTIONS"] = {
        "host": _mail["EMAIL_HOST"],
        "port": _mail["EMAIL_PORT"] or 25,
        "username": _mail["EMAIL_HOST_USER"] or "",
        "password": _mail["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": _mail.get("EMAIL_USE_TLS", False),
        "use_ssl": _mail.get("EMAIL_USE_SSL", False),
        "timeout": 10,
    }

MAIL_IN_URL = env.str("MAIL_IN_URL", default="")  # imaps://user:password@host:993/INBOX
if MAIL_IN_URL and not MAIL_IN_URL.startswith(("imaps://", "imap://") if DEBUG else "imaps://"):
    sys.exit("MAIL_IN_URL begins with imaps://; see README.md.")
if MAIL_IN_URL:
    TASKS["default"]["OPTIONS"]["SCHEDULES"]["mail"] = {"task": "resources.tasks.fetch_mail", "cron": "*/10 * * * *"}

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in ("text", "json"):
    sys.exit("LOG_FORMAT is either text or json; see README.md.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "portal.core.logs.JSONFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # The worker would add a handler of its own to a logger without one, and say everything twice.
    "loggers": {"django_ox": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
