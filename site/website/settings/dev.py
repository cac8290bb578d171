"""For one machine: the demo and development. Answers to localhost and its sub-domains only."""

import os
import secrets

from website.demo.disk import sentence_for
from website.settings.base import *  # noqa: F403
from website.settings.base import DATA_DIR

# One secret per installation, kept beside its database, so that sign-ins outlive a restart.
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _secret_file = DATA_DIR / "secret_key"
    if not _secret_file.exists():
        _secret_file.write_text(secrets.token_urlsafe(50))
        _secret_file.chmod(0o600)
    SECRET_KEY = _secret_file.read_text().strip()
except OSError as error:
    # The first thing that is written at all: nobody needs a traceback of it.
    raise SystemExit(sentence_for(error, DATA_DIR) or str(error)) from error

SERVES_MEDIA = True
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1"]
# The demo's accounts sign in with their password alone; SECOND_FACTOR=1 asks them for more.
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR") == "1"
# What needs a moderator's approval may go out without one, here alone.
MODULES_DEMO = True
