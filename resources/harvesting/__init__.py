"""
Harvesting: what a source offers becomes drafts, and what it changes afterwards becomes proposals.

What stands here is all there is to it.
"""

from resources.harvesting.mapping import check_mapping
from resources.harvesting.naming import QUICK, name
from resources.harvesting.proposals import accept, leave
from resources.harvesting.running import Busy, Harvest, configured, harvest

__all__ = ["QUICK", "Busy", "Harvest", "accept", "check_mapping", "configured", "harvest", "leave", "name"]
