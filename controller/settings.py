"""Django's settings, filled from `controller.config.current()`.

Nothing secret and nothing a school decides is written here; see `controller/config.py` for those.
"""

from pathlib import Path
from typing import Final

from controller.config import current
from controller.data.datafolder import INCOMING, web_secret
from controller.databases import database
from controller.serving import hosts

_CONFIG = current()
_HERE: Final = Path(__file__).parent

SECRET_KEY = web_secret(_CONFIG.folder)
DEBUG = False
ALLOWED_HOSTS = hosts.allowed(_CONFIG)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "inventory",
    "controller.people",
    "controller.fleet",
    "controller.posture",
    "controller.records",
    "controller.api",
]

MIDDLEWARE = [
    "controller.serving.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "controller.people.middleware.FirstPasswordMiddleware",
]

ROOT_URLCONF = "controller.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "controller.frame.page",
            ],
            "builtins": ["controller.templatetags.caretaker"],
        },
    }
]

DATABASES = {"default": database(_CONFIG.database, _CONFIG.folder)}
DOCUMENTS_FOLDER = _CONFIG.folder / "documents"
DISPOSAL_SIGNER = "controller.disposal.signing.sign"
DISPOSAL_INSIDES = "controller.disposal.reported.undoubted"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One process serves while SQLite is the database, so its own memory is shared enough for
# throttling.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "caretaker",
        # Django keeps 300: whoever tries a few hundred invented names from several addresses would
        # push the count of wrong passwords for a real one out, and go on guessing.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [_HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Served straight from the package: there is no collectstatic step to forget. `{% asset %}` adds
# the content's hash.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 30 * 24 * 3600

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["controller.people.passwords.TurnsHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # NCSC: length and a deny-list, no complexity rules, no expiry.
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "controller.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole school is often one address, so the limit that bites is per account (O28).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = _CONFIG.trusted_proxies
# TOTP and passkeys: allauth.mfa is not installed before the controller has a name browsers trust,
# because a passkey is bound to that name for ever (O30).

SESSION_COOKIE_NAME = "__Host-caretaker"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-caretaker-form"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "controller.serving.error_pages.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = False  # our own middleware sends it on static files as well
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _CONFIG.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_NAME = _CONFIG.https_name
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_TEMP_DIR = _CONFIG.folder / INCOMING
# The server makes it before it takes anything; no other command needs it.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = "controller.logs.configure"
# Django calls it only when this is not empty. Pages refused or not found are no news; errors are.
LOGGING = {"errors_only": ["django.request", "django.security.DisallowedHost"]}
