"""What may be seen, by whom, and from when on."""

import pytest
from django.db import transaction

from resources import search
from resources.models import Resource
from tests.resources.search.builders import counted, found, snippets, work

EVERYBODY = ("public",)
MEMBERS = ("public", "members")


@pytest.mark.django_db
def test_a_restricted_work_never_leaks():
    public = work("malaria abierta", countries=["HN"])
    secret = work("malaria confidencial", countries=["PA"], audience="members", tags=["xilófono"], year=1999)
    result = search.search(search.Query(text="malaria"))
    assert (result.total, result.ids) == (1, [public.pk])
    assert counted(result, "country") == {"HN": 1}
    assert counted(result, "tag") == counted(result, "year") == {}
    assert found("confidencial") == found("xilofono") == set()
    assert snippets(search.Query(text="confidencial"), [secret.pk]) == {}
    assert search.search(search.Query(text="confidencal")).correction == ""
    for prefix in ["confi", "xilo", "mal", "malaria con"]:
        assert "confidencial" not in str(search.complete(prefix, language="es", audiences=EVERYBODY))
    seen = search.search(search.Query(text="malaria", audiences=MEMBERS))
    assert set(seen.ids) == {public.pk, secret.pk}
    assert counted(seen, "country") == {"HN": 1, "PA": 1}


@pytest.mark.django_db
def test_no_audience_sees_nothing():
    work("malaria")
    assert found("malaria", audiences=()) == set()


@pytest.mark.django_db
def test_a_draft_is_not_found():
    work("malaria", status=Resource.Status.DRAFT, published_at=None)
    assert search.search(search.Query()).total == 0


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["withdrawn", "restricted", "deleted"])
def test_a_work_taken_off_the_shelf_is_gone_at_once(how):
    staying, going = work("malaria queda", countries=["HN"]), work("malaria retirada", countries=["HN", "MX"])
    assert found("malaria") == {staying.pk, going.pk}
    pk = going.pk
    if how == "deleted":
        going.delete()
    else:
        change = {"status": "withdrawn"} if how == "withdrawn" else {"audience": "members"}
        Resource.objects.filter(pk=pk).update(**change)
    search.index([pk])
    result = search.search(search.Query(text="malaria"))
    assert result.ids == [staying.pk]
    assert counted(result, "country") == {"HN": 1}
    assert "retirada" not in str(search.complete("malaria", language="es", audiences=EVERYBODY))


@pytest.mark.django_db(transaction=True)
def test_the_index_rolls_back_with_the_library():
    kept = work("malaria primera")
    with transaction.atomic():
        lost = work("malaria segunda")
        assert found("malaria") == {kept.pk, lost.pk}
        transaction.set_rollback(True)
    assert found("malaria") == {kept.pk}
    later = work("malaria tercera")
    assert found("malaria") == {kept.pk, later.pk}


@pytest.mark.django_db(transaction=True)
def test_index_after_commit():
    with transaction.atomic():
        resource = work("malaria", indexed=False)
        transaction.on_commit(lambda: search.index([resource.pk]))
        assert found("malaria") == set()
    assert found("malaria") == {resource.pk}


@pytest.mark.django_db
def test_indexing_twice_writes_nothing(django_assert_max_num_queries):
    resource = work("malaria")
    before = search.search(search.Query(text="malaria"))
    search.index([resource.pk, resource.pk])
    search.index([])
    search.index([10**9])
    assert search.search(search.Query(text="malaria")) == before


@pytest.mark.django_db
def test_rebuild_gives_the_same_index_and_cures_a_broken_one():
    from resources.search.models import Indexed, Posting

    works = [work(f"malaria {word}", pages=["hoja"], countries=["HN"]) for word in ["uno", "dos", "tres"]]
    draft = work("malaria borrador", status="draft", published_at=None)
    good = dict(Posting.objects.values_list("key", "data"))
    Posting.objects.filter(key__startswith="w:").delete()
    Indexed.objects.all().delete()
    seen = []
    assert search.rebuild(lambda done, total: seen.append((done, total))) == 3
    assert seen[-1] == (3, 3)
    assert dict(Posting.objects.values_list("key", "data")) == good
    assert found("malaria") == {resource.pk for resource in works} - {draft.pk}


@pytest.mark.django_db
def test_reindex_command(capsys):
    from django.core.management import call_command

    work("malaria", indexed=False)
    assert found("malaria") == set()
    call_command("reindex")
    assert "1 works indexed" in capsys.readouterr().out
    assert len(found("malaria")) == 1


@pytest.mark.django_db
def test_an_index_with_nothing_in_it():
    result = search.search(search.Query(text="malaria", filters={"country": ["HN"]}))
    assert (result.total, result.ids, result.page, result.pages) == (0, [], 1, 1)
    assert search.rebuild() == 0
    assert search.search(search.Query()).total == 0
