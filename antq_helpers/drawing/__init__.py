"""Draw charts of records on matplotlib axes and figures."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["style"])
