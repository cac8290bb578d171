import os
import secrets
import subprocess
import sys


def manage(root, settings, *arguments, **environ):
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=root,
        env=kept | {"DJANGO_SETTINGS_MODULE": settings, "LINDUNGI_NO_VENV": "1"} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout[-4000:]


def test_every_model_change_has_its_migration(root, tmp_path):
    code, said = manage(
        root,
        "website.settings.test",
        "makemigrations",
        "--check",
        "--dry-run",
        LINDUNGI_DATA=str(tmp_path),
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
    )
    assert (code, said.strip().splitlines()[-1]) == (0, "No changes detected")


def test_production_settings_pass_the_deployment_checks(root, tmp_path):
    code, said = manage(
        root,
        "website.settings.production",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        LINDUNGI_DATA=str(tmp_path),
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
        SECRET_KEY=secrets.token_urlsafe(60),
        ALLOWED_HOSTS="klaten.example.go.id,example.go.id",
    )
    assert code == 0, said
    assert "no issues" in said


def test_no_migration_depends_on_whatever_is_newest(texts):
    """The next version of that app would then be missing before what is applied already."""
    named = [
        str(path)
        for path, text in texts.items()
        if "migrations" in path.parts and "__latest__'" in text.replace("`__latest__`", "")
    ]
    assert named == []
