"""All settings, in one typed file. Works with no variable set: `hoshu up` passes what it made (database, secret)."""

import pkgutil
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from hoshu.config import env
from hoshu.config.database import forget_session, parse_url

PACKAGE = Path(__file__).resolve().parent.parent

HOME = env.home()
DEBUG = env.flag("HOSHU_DEBUG")
SECRET_KEY = env.text("HOSHU_SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "HOSHU_SECRET_KEY is not set. Start with `hoshu up`, or set it (or HOSHU_SECRET_KEY_FILE)."
    )
# A name in the Host header that is not ours is refused, or it would stand in the links of our mails.
ALLOWED_HOSTS = env.text("HOSHU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
BASE_URL = env.text("HOSHU_BASE_URL", "http://127.0.0.1:8000")
DEMO = env.flag("HOSHU_DEMO")

INSTALLED_APPS = [
    "hoshu.config",
    "hoshu.accounts",
    "hoshu.files",
    "hoshu.decisions",
    "hoshu.notifications",
    "hoshu.publishing",
    "hoshu.imports",
    "hoshu.contracts",
    "hoshu.cases",
    "hoshu.privacy",
    "hoshu.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hoshu.files.uploads.UploadLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hoshu.web.common.middleware.DateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hoshu.web.common.middleware.TenancyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hoshu.web.common.middleware.MaskedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "hoshu.config.urls"
WSGI_APPLICATION = "hoshu.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hoshu.web.common.context.page",
            ],
            "builtins": ["hoshu.web.common.templatetags.hoshu"],
        },
    }
]

# The runtime login can not pass row-level security (start-up check hoshu.E001); migrations use the owner's login.
# Without an address there is no database: `makemigrations` and `collectstatic` need none.
THREADS = env.number("HOSHU_WEB_THREADS", 8)
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
if _url := env.text("HOSHU_APP_DATABASE_URL") or env.text("DATABASE_URL"):
    DATABASES["default"] = parse_url(_url) | {
        # Inside the transaction of the tenancy middleware: a view that fails leaves nothing behind.
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": True,
    }
    DATABASES["default"]["OPTIONS"] |= {
        "options": "-c TimeZone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=5min",
        "application_name": "hoshu",
        # Planning a list takes longer than reading it: what a connection asks often is prepared once.
        "server_side_binding": True,
        "prepare_threshold": 5,
        "pool": {"min_size": 1, "max_size": THREADS + 2, "timeout": 10, "reset": forget_session},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # one for all processes: it counts failed logins
        "LOCATION": "cache",
        # A flood of addresses must not push out the counters of others.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "hoshu.accounts.passwords.PasswordRule"}]
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Jobs are functions of the flows; the worker imports them all.
PROCRASTINATE_IMPORT_PATHS = [f"hoshu.flows.{module.name}" for module in pkgutil.iter_modules([str(PACKAGE / "flows")])]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hoshu.web.entrance.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"reset_password_from_key": "hoshu.web.entrance.account_forms.NewPasswordForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Or anybody could have us mail anybody.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# `code`: the public page of a label (web/entrance/code); nobody holds more machines at once.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "code": "60/m/ip"}

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in the database, see hoshu.files
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A card with its scan and proof; a larger body is refused before it is read into memory.
FILE_LIMIT_BYTES = 20 * 1024 * 1024
# 100,000 rows of 25 columns as CSV.
TABLE_LIMIT_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# We speak no TLS ourselves: with an https address, a proxy of the operator's stands before us and sets these headers.
HTTPS = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("HOSHU_PROXIES", 1 if HTTPS else 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hoshu.web.common.errors.csrf"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# The demo sends nothing to anybody; its mailbox shows what would have gone out.
EMAIL_BACKEND = f"django.core.mail.backends.{'dummy' if DEMO else 'smtp'}.EmailBackend"
EMAIL_HOST = env.text("HOSHU_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("HOSHU_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("HOSHU_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("HOSHU_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("HOSHU_SMTP_TLS")
DEFAULT_FROM_EMAIL = env.text("HOSHU_MAIL_FROM", "hoshu@example.jp")

# To the output of the process, where systemd, a container or the terminal keeps it. Values of requests stay out.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"output": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["output"], "level": "WARNING"},
    "loggers": {
        "hoshu": {"level": "INFO"},
        "django": {"handlers": ["output"], "level": "WARNING", "propagate": False},
        # A page that is not there, an expired form: nothing to do for the operator.
        "django.request": {"handlers": ["output"], "level": "ERROR", "propagate": False},
    },
}
