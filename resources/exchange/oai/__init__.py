"""
The library as a source that others harvest by OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).

What stands here is all there is to it.
"""

from .answering import answer

__all__ = ["answer"]
