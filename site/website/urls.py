"""The address book. What has a contract address stands here, before Wagtail's catch-all."""

from allauth.account import views as allauth_views
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from website import errors
from website.accounts.views.own_account import own_account
from website.crawlers import robots, sitemap
from website.gaya import gaya
from website.media.serving import media
from website.serve import serve

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

urlpatterns = [
    path("admin/account/", never_cache(own_account), name="wagtailadmin_account"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("gaya/", gaya, name="gaya"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("", include("districts.sharing.urls")),
    path("", include("events.views.api.urls")),
]
if settings.SERVES_MEDIA:
    # A front server or an S3-compatible store does this in production.
    served = re_path(
        rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.+)$",
        media,
        name="media",
    )
    urlpatterns.append(served)

urlpatterns += i18n_patterns(
    path("", include("safeguards.urls")),
    path("", include("website.accounts.urls")),
    path("", include("website.requests.urls")),
    path("", include("districts.urls")),
    path("", include("campaigns.urls")),
    path("", include("modules.urls")),
    path("", include("events.urls")),
    path("", include("website.search.urls")),
    # Wagtail sends readers of a restricted page to the view of this name.
    path("masuk/", allauth_views.login, name="wagtailcore_login"),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
    prefix_default_language=False,
)
