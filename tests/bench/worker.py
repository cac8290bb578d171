"""Answers requests inside one process and tells what they cost.

Reads lines `count host path flags` on standard input; prints JSON with CPU and wall seconds,
status, bytes and queries. `cold` empties the page cache before each request.
"""

import gc
import io
import json
import os
import sys
import time


def environ(host: str, path: str) -> dict:
    path_info, _sep, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path_info,
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "HTTP_HOST": host,
        "HTTP_ACCEPT_ENCODING": "gzip",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def main() -> None:
    import django
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    django.setup()
    handler = WSGIHandler()
    caches = []
    if os.environ["DJANGO_SETTINGS_MODULE"].startswith("website"):
        from website.pagecache import PageCacheMiddleware

        caches = [o for o in gc.get_objects() if type(o) is PageCacheMiddleware]
    status_seen = []

    def ask(host: str, path: str) -> int:
        response = handler(environ(host, path), lambda status, headers: status_seen.append(status))
        size = sum(len(part) for part in response)
        response.close()
        return size

    def forget() -> None:
        for cache in caches:
            cache.entries.clear()
            cache.size = 0

    for line in sys.stdin:
        count_text, host, path, flag = line.split()
        forget()
        asked: list[str] = []

        def count_query(execute, sql, params, many, context, asked=asked):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count_query):
            ask(host, path)
        size = ask(host, path)
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        for _request in range(int(count_text)):
            if flag == "cold":
                forget()
            ask(host, path)
        answer = {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "status": status_seen[-1],
            "bytes": size,
            "queries": len(asked),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
