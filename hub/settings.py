"""Every setting of the app. Each one a deployment may change is read from the environment and named in `.env.example`.

With none of `DEBUG`, `SECRET_KEY`, `DATABASE_URL` and `ALLOWED_HOSTS` set this is a laptop: debug on, and a
PostgreSQL inside the project. With any of them set it is a deployment, and refuses to start while one is missing.
"""

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_language

from hub.core import embedded_postgres

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")
# An empty value is an unset one.
env.ENVIRON = {name: value for name, value in os.environ.items() if value}

NEEDED = ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS")
DEBUG = env.bool("DEBUG", default=not any(env.str(name, default="") for name in NEEDED))
if not DEBUG and (missing := [name for name in NEEDED if not env.str(name, default="")]):
    raise ImproperlyConfigured(
        f"Set {', '.join(missing)} in the environment: without DEBUG the app does not start on guesses. "
        "`.env.example` says what each is for."
    )


def readable(name: str, read: Callable[[], Any]) -> Any:
    """Read a setting, or refuse it by name. Its value is never shown: it may hold a password."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} cannot be read. `.env.example` says what it is and how it is written."
        ) from None


# --- Who may ask, and over what -------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="on-a-laptop-this-keeps-nothing-secret-and-that-is-all-right")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=not DEBUG)
SITE_URL = env.str(
    "SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://localhost:{env.str('PORT', default='8000')}",
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies stand in front: the address of a sign-in attempt is counted from the right of X-Forwarded-For.
TRUSTED_PROXIES = readable("TRUSTED_PROXIES", lambda: env.int("TRUSTED_PROXIES", default=0))
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Only if asked for: both speak for names that are not ours, and a browser's own list is hard to get out of.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Not `no-referrer`: browsers then send `Origin: null` with forms, and every POST is refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- What it is made of ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "template_partials",
    "volunteers",
    "supplies",
    "school",
    # Last, so that every permission exists by the time its roles are synced.
    "hub",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page that has not changed is not sent again.
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "hub.web.views.health.health_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hub.languages.middleware.language_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hub.web.middleware.idle_timeout_middleware",
    "hub.web.middleware.last_month_seen_middleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hub.web.middleware.no_store_middleware",
    "hub.web.middleware.public_cache_middleware",
    "hub.web.middleware.htmx_redirect_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hub.web.middleware.InvalidFormStatusMiddleware",
    "hub.web.middleware.require_second_step_middleware",
    "hub.web.middleware.history_context_middleware",
    "hub.web.middleware.ConflictMiddleware",
    "hub.web.middleware.DatabaseUnavailableMiddleware",
    "hub.web.stale_form_middleware.StaleFormMiddleware",
    "hub.web.method_middleware.method_middleware",
    # Last: what a view does and the key of its form are one transaction.
    "hub.web.form_key_middleware.form_key_middleware",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our own first: a hidden field has no id
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["hub.web.form_key_tag", "volunteers.templatetags.clock", "volunteers.templatetags.locality"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.web.context_processors.hub_context",
            ],
        },
    }
]

# --- Where things are kept ---------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": readable("DATABASE_URL", lambda: env.db("DATABASE_URL"))
    if env.str("DATABASE_URL", default="")
    else embedded_postgres.server().settings
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL has to name a PostgreSQL: postgres://user:password@host:5432/name")
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Nobody waits two minutes to read that it is away.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# The page that says when we open while the database is away: of the plan, never of who asked for it.
LAST_PAGE = Path(env.str("LAST_PAGE", default=str(embedded_postgres.data_dir() / "last-page.html")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits are counted in the default cache, which all processes share and no flood empties.
CACHES = {
    "default": {"BACKEND": "volunteers.shared.rate_limits.RateLimitCache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Backups are sealed to this key, whose other half is not on this machine, and lie in this folder.
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_DIR = env.str("BACKUP_DIR", default="")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "hub.web.stylesheet.StyleSheetFinder",
    "hub.web.desk_scripts.DeviceScriptFinder",
    "hub.web.desk_scripts.DeskScriptFinder",
]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- Signing in ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "volunteers.User"
AUTHENTICATION_BACKENDS = ["volunteers.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "hub:today"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "volunteers.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever is invited by mail has a confirmed address, and whoever has no address must not be sent to confirm one.
ACCOUNT_EMAIL_VERIFICATION = "none"
# A stranger's address gets the same answer on screen as a known one, and no mail that names this place.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# One address a person; a new one takes the place of the old once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
# A forgotten password is replaced by a code like the one for signing in: no link that names this place.
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Codes wait for slow mail, and for somebody who has to find their phone.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# Whoever changes how they sign in says who they are again first: a tablet may have been left lying.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    of: f"volunteers.forms.signing_in.{form}"
    for of, form in {
        "login": "SignInForm",
        "reauthenticate": "StillYouForm",
        "request_login_code": "AskForCodeForm",
        "confirm_login_code": "CodeForm",
        "reset_password": "LostPasswordForm",
        "confirm_password_reset_code": "LostPasswordCodeForm",
        "reset_password_from_key": "NewPasswordForm",
        "change_password": "ChangePasswordForm",
        "set_password": "FirstPasswordForm",
        "add_email": "EmailForm",
    }.items()
}
MFA_ADAPTER = "volunteers.accounts.SecondStepAdapter"
MFA_FORMS = {
    "activate_totp": "volunteers.forms.second_steps.FirstCodeForm",
    "add_webauthn": "volunteers.forms.second_steps.AddKeyForm",
    "authenticate": "volunteers.forms.second_steps.SecondStepCodeForm",
    "reauthenticate": "volunteers.forms.second_steps.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs themselves up here, so nobody can lock a stranger out by claiming their address first.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# Sealed rows without a clock time, and twenty quiet minutes end them: `hub/web/session_store.py`.
SESSION_ENGINE = "hub.web.session_store"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes such a cookie from this very name alone, by HTTPS, and for the whole of it: no neighbour can set one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}s", f"{COOKIE_PREFIX}t"
# Merely opening a page with a form sets this one: by itself it would stay on a borrowed phone for a year.
CSRF_COOKIE_AGE = None
# Only whoever chooses a language has this one, and only until the browser closes.
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}l"
LANGUAGE_COOKIE_SECURE = HTTPS
MESSAGE_STORAGE = "hub.web.message_storage.MessageStorage"
IDLE_SECONDS = readable("IDLE_SECONDS", lambda: env.int("IDLE_SECONDS", default=20 * 60))

# The demo's sign-ins are printed on the sign-in page and need no second step.
DEMO = env.bool("DEMO", default=DEBUG)

# --- Words and clocks ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# Whatever a translator has brought: `locale/<code>/LC_MESSAGES/django.mo`. Nobody is offered one of them before the
# hub has switched it on: `hub/languages/models/languages.py`.
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = [
    ("en-gb", _("English")),
    *(
        (code, LANG_INFO.get(code, LANG_INFO.get(code.partition("-")[0], {})).get("name_local", code))
        for code in sorted(to_language(path.parts[-3]) for path in LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
    ),
]
# Until the hub's own row is read, which says where it is: `volunteers/shared/locality.py`.
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["hub.formats"]
# Where Django knows no better for a language.
DATE_FORMAT, SHORT_DATE_FORMAT, MONTH_DAY_FORMAT, YEAR_MONTH_FORMAT = "j F Y", "j M Y", "j F", "F Y"
TIME_FORMAT, DATETIME_FORMAT = "H:i", "j F Y, H:i"

# What prices are written in where the hub has not chosen a sign itself.
CURRENCY = env.str("CURRENCY", default="£")
# Supplies reckons use per opening, and knows nobody who holds them: here is whom it asks.
OPENINGS_HELD = "hub.desk.models.openings.openings_held_per_month"

# --- Mail and jobs ---------------------------------------------------------------------------------------------------

EMAIL_CONFIG = readable(
    "EMAIL_URL", lambda: env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
# A bare address: a sender's name would say who is writing to whom.
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="post@localhost")
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "always"}
PGHISTORY_DEFAULT_TRACKERS = None

# --- Logs: what failed and where in the code, never for whom, from where or with what -------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "hub.web.logging.QuietFormatter"}},
    "filters": {"once while away": {"()": "hub.web.logging.OnceWhileAway"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.request": {
            "handlers": ["console"],
            "filters": ["once while away"],
            "level": "ERROR",
            "propagate": False,
        },
        "procrastinate": {"level": "WARNING"},
    },
}
