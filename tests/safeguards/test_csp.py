import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from safeguards import csp, tasks


def header(settings, path="/", view=lambda request: HttpResponse(), **options):
    for name, value in csp.policy(**options).items():
        setattr(settings, name, value)
    handler = view
    for middleware in reversed(csp.MIDDLEWARE):
        handler = import_string(middleware)(handler)
    sent = handler(RequestFactory().get(path)).headers.get("Content-Security-Policy", "")
    return dict(part.partition(" ")[::2] for part in sent.split("; "))


def test_policy_is_strict(settings):
    sent = header(settings)
    assert sent["default-src"] == "'none'"
    assert sent["script-src"] == "'self'"
    assert sent["frame-ancestors"] == "'self'"
    assert not [rule for rule in sent.values() if "unsafe" in rule or "*" in rule]


def test_policy_gives_paths_their_own(settings):
    paths = {"/admin/": csp.ADMIN, "/admin/ketat/": csp.STRICT}
    assert "'unsafe-inline'" in header(settings, "/admin/pages/", paths=paths)["script-src"]
    assert header(settings, "/admin/ketat/", paths=paths)["script-src"] == "'self'"
    assert header(settings, "/administrasi/", paths=paths)["script-src"] == "'self'"


def test_csp_override_replaces_the_policy_of_one_view(settings):
    @csp.csp_override({"default-src": ["'self'"], "frame-ancestors": ["https://moodle.example"]})
    def view(request):
        return HttpResponse()

    assert header(settings, view=view, paths={"/": csp.ADMIN}) == {
        "default-src": "'self'",
        "frame-ancestors": "https://moodle.example",
    }


def test_csp_override_takes_async_views():
    @csp.csp_override({"default-src": ["'self'"]})
    async def view(request):
        return HttpResponse()

    # In a thread of its own: a browser test before this one may have left a loop in ours.
    with ThreadPoolExecutor() as threads:
        response = threads.submit(asyncio.run, view(RequestFactory().get("/"))).result()
    assert response._csp_config == {"default-src": ["'self'"]}


def test_tasks_adapter_names_backends_that_exist():
    for path in (tasks.IMMEDIATE_BACKEND, tasks.DUMMY_BACKEND, tasks.DATABASE_BACKEND):
        assert import_string(path).__name__.endswith("Backend")


@tasks.task
def double(number):
    return number * 2


def test_task_runs_at_once_where_the_settings_say_so(settings):
    settings.TASKS = {"default": {"BACKEND": tasks.IMMEDIATE_BACKEND}}
    assert double.enqueue(21).return_value == 42
