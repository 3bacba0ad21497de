"""Load records of the movement Toàn dân bảo vệ ANTQ, total them, test trends and draw pictures.

The public names are flat and loaded when first used, so that importing the package is quick and
changes nothing. They are listed in ``__init__.pyi``, where editors see them, too.
"""

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"antq_helpers has no {name!r}. It has: {', '.join(__all__)}.")
    return _load(name)
