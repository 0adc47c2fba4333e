"""The reading room: the list with its search, one work, the topics."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.http import afterwards, render_part
from resources import markers, mentions, search, searches, shelf, use
from resources.filters import ResourceFilter
from resources.listing import Listing
from resources.models import Resource, Topic


@require_safe
def resource_list(request: HttpRequest) -> HttpResponse:
    """Search, filter and browse: one page for all three."""
    listing = Listing(ResourceFilter(request.GET), reader=request.user)
    response = render_part(request, "resources/resource_list.html", {"listing": listing}, part="results")
    if listing.is_plain_search:
        query, total = listing.query, listing.results.total
        afterwards(response, lambda: searches.remember(query.text, language=query.language, results=total))
    return response


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the reader may be about to type, as the options of a list box."""
    query = ResourceFilter(request.GET).search_query(request.user)
    found = search.complete(query.text, language=query.language, audiences=query.audiences) if query.text else []
    return render(request, "resources/_suggestions.html", {"suggestions": found})


@require_safe
def resource_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One work with its files; an address with an old title leads to the present one."""
    works = Resource.objects.visible_to(request.user).for_cards()
    resource = get_object_or_404(works.prefetch_related("countries", "topics", "tags"), pk=pk)
    if request.path != resource.get_absolute_url():
        return redirect(resource)
    editable = Resource.objects.editable_by(request.user).filter(pk=pk).exists()
    placed = editable or Resource.objects.placed_by(request.user).filter(pk=pk).exists()
    context = {
        "resource": resource,
        "page_object": resource,
        "editable": editable,
        "markers": markers.screened_of(resource),
        "used": resource.uses.of_the_year().total() if use.is_of(resource, request.user) else None,
        "used_in": mentions.of(resource, request.user),
        "offered": mentions.pages_for(resource, request.user) if placed else [],
        "alike": shelf.alike(resource, request.user) if resource.is_published else [],
    }
    response = render(request, "resources/resource_detail.html", context)
    use.seen(request, response, resource)
    return response


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Every topic with the number of works under it, by axis."""
    counts = shelf.counts(request.user, "topic")
    topics = list(Topic.objects.select_related("parent"))
    for topic in topics:
        topic.total = counts.get(topic.slug, 0)
    broad = [topic for topic in topics if not topic.parent_id]
    for topic in broad:
        topic.below = [narrower for narrower in topics if narrower.parent_id == topic.pk]
    axes = [(axis.label, [topic for topic in broad if topic.axis == axis]) for axis in Topic.Axis]
    return render(request, "resources/topic_list.html", {"axes": axes})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic: what it covers, what is narrower, and its newest works."""
    topic = get_object_or_404(Topic.objects.select_related("parent").prefetch_related("entry_terms"), slug=slug)
    counts = shelf.counts(request.user, "topic")
    narrower = list(topic.narrower.all())
    for each in narrower:
        each.total = counts.get(each.slug, 0)
    resources, total = shelf.newest(request.user, topic=topic.slug)
    context = {"topic": topic, "page_object": topic, "narrower": narrower, "total": total, "resources": resources}
    return render(request, "resources/topic_detail.html", context)
