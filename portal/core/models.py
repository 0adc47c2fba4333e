from django.db import models


class Mark(models.Model):
    """A fact about this very database, by name: for example that it holds the demo."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
