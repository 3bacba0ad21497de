"""Statistics and charts of the movement Toàn dân bảo vệ ANTQ by commune.

The public names are flat and loaded when first used, so that importing the package is quick and
changes nothing.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "briefing.pack": ("reproduce", "write_briefing"),
    "briefing.sentences": ("headline",),
    "places": ("load_communes",),
    "records": ("on_boundaries",),
    "problems": ("DataProblem", "Problem"),
    "reading.load": ("DataNote", "FileCheck", "check_file", "load_records"),
    "reading.movement": ("load_table",),
    "reading.template": ("write_template",),
    "measuring.totals": ("select", "total_by"),
    "drawing.change": ("plot_change",),
    "drawing.control": ("plot_control",),
    "drawing.coverage": ("plot_coverage",),
    "drawing.funnel": ("plot_funnel",),
    "drawing.heatmap": ("plot_heatmap",),
    "drawing.view": ("View", "tabulate"),
    "drawing.figure": ("draw",),
    "drawing.movement": ("plot_parts", "plot_stock"),
    "drawing.ranking": ("plot_ranking",),
    "drawing.relation": ("plot_relation",),
    "drawing.small_multiples": ("plot_small_multiples",),
    "drawing.tile_map": ("plot_tile_map",),
    "drawing.trend": ("plot_trend",),
    "exploring.briefing": ("explore_briefing",),
    "exploring.communes": ("explore_communes",),
    "exploring.desk": ("explore_file",),
    "exploring.movement": ("explore_movement",),
    "exploring.trends": ("explore_trends",),
    "measuring.trends": ("Trend", "compare_trends", "compare_years", "fit_trend"),
    "measuring.comparisons": (
        "Comparison",
        "compare_communes",
        "compare_counts",
        "estimate_dispersion",
    ),
    "measuring.control": ("ControlLimits", "control_limits"),
    "measuring.funnels": ("funnel",),
    "measuring.relating": ("Relation", "pair_rates", "relate"),
    "measuring.stocks": ("stock_by_year", "stock_of"),
    "measuring.disclosure": ("Release", "audit", "protect"),
    "measuring.reconciling": ("check_sums", "load_tables", "reconcile"),
    "measuring.published": ("load_published", "write_published_template"),
    "measuring.lookback": ("Window", "look_back"),
    "measuring.intervals": (
        "Interval",
        "count_interval",
        "rate_interval",
        "ratio_interval",
        "share_interval",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"antq_helpers has no {name!r}. It has: {', '.join(__all__)}.")
    value = getattr(import_module(f"antq_helpers.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
