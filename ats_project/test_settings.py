"""The settings of the tests: those of a fresh checkout, with the few lines that are for speed."""

import os
import tempfile

os.environ["DEBUG"] = "1"
os.environ.setdefault("DATABASE_POOL_SIZE", "0")
os.environ["MAIL_DIR"] = tempfile.mkdtemp(prefix="ats-mail-")
os.environ["UPLOAD_DIR"] = tempfile.mkdtemp(prefix="ats-uploads-")

from ats_project.settings import *  # noqa: F403
from ats_project.settings import DATABASES, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BACKGROUND_INLINE = True
# Static files are looked for when they are asked for, not listed anew for every test client.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = tempfile.mkdtemp(prefix="ats-static-")
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, since the races need a second process.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(tempfile.mkdtemp(prefix="ats-test-"), "test.sqlite3")}
