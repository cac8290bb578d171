from django.utils import translation

from website.hosts import language_of


class LanguageMiddleware:
    """The address alone decides the language, so that shared caches need no `Vary`.

    Stands in for Django's LocaleMiddleware, which also asks `Accept-Language`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response
