"""Django's settings for the public site: one release, no database, no cookies, no script."""

from __future__ import annotations

import os
import secrets

from bluelamp.public import addresses
from bluelamp.public.rendering import static_folders

BLUELAMP_RELEASE = os.environ.get("BLUELAMP_RELEASE", "")

DEBUG = os.environ.get("BLUELAMP_DEBUG") == "1"
# Nothing public is signed, so a key that lasts as long as the process is enough.
SECRET_KEY = os.environ.get("BLUELAMP_SECRET_KEY") or secrets.token_urlsafe(50)
# Any host name: no page or header repeats the name it was asked for by.
ALLOWED_HOSTS = os.environ.get("BLUELAMP_HOSTS", "*").split(",")

ROOT_URLCONF = "bluelamp.web.urls"
WSGI_APPLICATION = "bluelamp.web.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles"]
DATABASES: dict[str, dict[str, str]] = {}
USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = False
LANGUAGE_CODE = "en-gb"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # safe: a public page holds no secret to guess
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

STATIC_URL = addresses.STATIC
STATICFILES_DIRS = list(static_folders())
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Straight from the package: there is no collecting step that could be forgotten.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
