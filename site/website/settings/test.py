"""For the test suite: fast hashing, cache in memory, background tasks run at once."""

import os
import tempfile
from pathlib import Path

os.environ["CACHE_URL"] = "locmem://"
os.environ.setdefault("LINDUNGI_DATA", tempfile.mkdtemp(prefix="lindungi-test-"))

from safeguards import tasks  # noqa: E402
from website.settings.base import *  # noqa: E402, F403
from website.settings.base import DATA_DIR, DATABASES, STORAGES  # noqa: E402
from website.settings.environment import mailer, sqlite_options  # noqa: E402

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "testserver"]
SERVES_MEDIA = True
# Tests of the second factor switch it on.
SECOND_FACTOR_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
globals().update(mailer("django.core.mail.backends.locmem.EmailBackend"))
TASKS = {"default": {"BACKEND": tasks.IMMEDIATE_BACKEND}}
# Tests that search bring the index up to date themselves.
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}
}
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: live servers and race tests open connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = sqlite_options(
        synchronous=os.environ.get("LINDUNGI_TEST_SYNCHRONOUS", "OFF")
    )
