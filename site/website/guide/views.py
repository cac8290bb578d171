from django.shortcuts import render
from django.utils.translation import get_language

from website.guide.reader import sections


def editor_guide(request):
    """How the office's daily tasks are done here, with pictures."""
    language = (get_language() or "id").split("-")[0]
    return render(request, "website/editor_guide.html", {"sections": sections(language)})
