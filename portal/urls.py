from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import set_language

from portal import desks, views
from resources.views import asked, exchange, files, library

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("health/live", views.health_live, name="health_live"),
    path("health/ready", views.health_ready, name="health_ready"),
    path("robots.txt", views.robots, name="robots"),
    path("oai", exchange.oai, name="oai"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/mark.svg")), name="favicon"),
    path("files/<int:pk>/thumbnail.webp", files.thumbnail, name="thumbnail"),
    path("files/<int:pk>/<str:name>", files.file, name="file"),
    path("files/to-confirm/<str:token>/<int:pk>/<str:name>", asked.file, name="asked_file"),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("my-desk/"), desks.desk, name="desk"),
    path(_("my-desk/organisation/"), desks.my_organisation, name="my_organisation"),
    path(_("my-desk/organisation/<slug:slug>/"), desks.organisation_desk, name="organisation_desk"),
    path("", include("resources.urls")),
    path("", include("network.urls")),
    path(_("account/"), include("network.accounts.urls")),
    path("", include("steering.urls")),
    path(_("countries/"), views.country_list, name="countries"),
    path(_("countries/<str:code>/"), views.country_detail, name="country"),
    path(_("topics/"), library.topic_list, name="topics"),
    path(_("topics/<slug:slug>/"), library.topic_detail, name="topic"),
    path(_("network/"), views.organisation_list, name="organisations"),
    path(_("network/organisations.csv"), views.organisations_csv, name="organisations_csv"),
    path(_("network/<slug:slug>/"), views.organisation_detail, name="organisation"),
    path(_("initiative/"), views.about, name="about"),
)

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler429 = "portal.views.too_many_requests"  # Django has none; allauth looks for it here
handler500 = "portal.views.server_error"
