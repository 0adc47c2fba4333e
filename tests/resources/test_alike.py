"""More like this: what the reader may open, with the reason."""

from tests import factories


def test_works_on_the_same_topic_are_offered_with_the_reason(client, oim) -> None:
    topic, other = factories.topic("vih", "VIH", "HIV"), factories.topic("malaria", "Malaria", "Malaria")
    work = factories.resource(oim, title_es="Pruebas de VIH en la frontera", topics=[topic])
    near = factories.resource(oim, title_es="Atención del VIH en albergues", topics=[topic])
    secret = factories.resource(oim, title_es="VIH: nota interna", topics=[topic], audience="committee")
    draft = factories.resource(oim, title_es="VIH: borrador", topics=[topic], published=False)
    for n in range(6):
        factories.resource(oim, title_es=f"Mosquiteros y rociado {n}", topics=[other])
    page = client.get(work.get_absolute_url())
    offered = {card.pk: reason for card, reason in page.context["alike"]}
    assert offered.get(near.pk) == "VIH"
    assert secret.pk not in offered
    assert draft.pk not in offered
    assert work.pk not in offered
    assert "También sobre: VIH" in page.text
