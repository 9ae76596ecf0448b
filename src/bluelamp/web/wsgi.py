"""The application as web servers ask for it; serves the release named by BLUELAMP_RELEASE."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.web.settings")

application = get_wsgi_application()
