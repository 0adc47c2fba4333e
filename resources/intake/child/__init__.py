"""The program that opens uploaded documents: its own process, with limits, without Django and without network."""
