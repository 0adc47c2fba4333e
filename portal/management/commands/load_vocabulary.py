from django.core.management.base import BaseCommand

from network import vocabulary as network_vocabulary
from resources import markers, search
from resources import vocabulary as topic_vocabulary


class Command(BaseCommand):
    help = "Write the countries, sectors, topics and scales the portal starts from. Safe to repeat."

    def handle(self, **options: object) -> None:
        network_vocabulary.load()
        topic_vocabulary.load()
        markers.ensure_scales()
        search.names_changed()
        self.stdout.write("Countries, sectors and topics are there.")
