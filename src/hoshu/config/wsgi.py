"""The web application that granian serves."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from hoshu.config.process import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoshu.config.settings")
if granian := multiprocessing.parent_process():
    die_with_parent(signal.SIGKILL, granian.pid)
application = get_wsgi_application()
