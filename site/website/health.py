"""`/healthz`: 200 `ok` when the database answers, else 503. Asked by machines, under any host."""

from django.db import DatabaseError, connection
from django.http import HttpResponse


class HealthMiddleware:
    """Stands before host checks, because a load balancer asks by address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info != "/healthz":
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("database", status=503, content_type="text/plain")
        return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
