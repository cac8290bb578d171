"""One name for background tasks, whichever Django runs: ``django.tasks``, or ``django_tasks``."""

import django

if django.VERSION >= (6, 0):
    from django.tasks import default_task_backend, task, task_backends

    APPS: tuple[str, ...] = ()
    IMMEDIATE_BACKEND = "django.tasks.backends.immediate.ImmediateBackend"
    DUMMY_BACKEND = "django.tasks.backends.dummy.DummyBackend"
else:
    from django_tasks import default_task_backend, task, task_backends

    APPS = ("django_tasks",)
    IMMEDIATE_BACKEND = "django_tasks.backends.immediate.ImmediateBackend"
    DUMMY_BACKEND = "django_tasks.backends.dummy.DummyBackend"

DATABASE_BACKEND = "django_tasks_db.DatabaseBackend"

__all__ = [
    "APPS",
    "DATABASE_BACKEND",
    "DUMMY_BACKEND",
    "IMMEDIATE_BACKEND",
    "default_task_backend",
    "task",
    "task_backends",
]
