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


def test_pictures_of_a_store_come_from_a_host_of_the_office(root, tmp_path):
    told = (
        "from website.settings import production as s;"
        "print(s.STORAGES['default'], s.SAFEGUARDS_CSP_PATHS,"
        " getattr(s, 'SECURE_CSP', None) or s.CONTENT_SECURITY_POLICY)"
    )
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "site")]),
        "LINDUNGI_DATA": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "example.go.id",
        "STORAGE_PUBLIC_BUCKET": "gambar",
        "STORAGE_PRIVATE_BUCKET": "tertutup",
    }

    def read(**more):
        asked = [sys.executable, "-c", told]
        return subprocess.run(asked, env=environ | more, capture_output=True, text=True)

    assert "STORAGE_PUBLIC_HOST: name the host" in read().stderr
    said = read(STORAGE_PUBLIC_HOST="gambar.example.go.id").stdout
    assert "'custom_domain': 'gambar.example.go.id', 'querystring_auth': False" in said
    assert said.count("'data:', 'https://gambar.example.go.id'") == 1
    assert said.count("'data:', 'blob:', 'https://gambar.example.go.id'") == 1


def test_a_server_takes_no_demo(root, tmp_path):
    code, said = manage(
        root,
        "website.settings.production",
        "demo",
        "--only-setup",
        LINDUNGI_DATA=str(tmp_path),
        SECRET_KEY=secrets.token_urlsafe(60),
        ALLOWED_HOSTS="example.go.id",
    )
    assert (code, "bukan untuk contoh" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []
