"""An o1-ioi-style agent for programming contests: the stages stand in `pipeline.py`."""

__version__ = "0.1.0"
