"""Records of the movement Toàn dân bảo vệ ANTQ in; totals, trends and pictures out.

The public names are flat and loaded when first used, so that importing the package is quick and
changes nothing.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "briefing.pack": ("write_briefing",),
    "briefing.reproducing": ("reproduce",),
    "briefing.sentences": ("headline",),
    "communes": ("load_communes",),
    "records": ("on_boundaries",),
    "problems": ("DataProblem", "Problem"),
    "reading.checking": ("FileCheck", "check_file"),
    "reading.movement": ("load_table",),
    "reading.loading": ("DataNote", "load_records"),
    "reading.template": ("write_template",),
    "measuring.totals": ("select", "total_by"),
    "drawing.change": ("plot_change",),
    "drawing.control": ("plot_control",),
    "drawing.coverage": ("plot_coverage",),
    "drawing.funnel": ("plot_funnel",),
    "drawing.heatmap": ("plot_heatmap",),
    "drawing.view": ("View",),
    "drawing.figure": ("draw",),
    "drawing.movement": ("plot_parts", "plot_stock"),
    "drawing.numbers": ("tabulate",),
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
    "measuring.changes": ("compare_years",),
    "measuring.comparisons": ("Comparison", "compare_counts", "estimate_dispersion"),
    "measuring.control": ("ControlLimits", "control_limits"),
    "measuring.estimates": ("compare_communes",),
    "measuring.funnels": ("funnel",),
    "measuring.relating": ("Relation", "pair_rates", "relate"),
    "measuring.stocks": ("stock_by_year", "stock_of"),
    "measuring.protection": ("Release", "audit", "protect"),
    "measuring.printed": ("check_sums",),
    "measuring.published": ("load_published",),
    "measuring.published_template": ("write_published_template",),
    "measuring.reconciling": ("load_tables", "reconcile"),
    "measuring.windows": ("Window", "look_back"),
    "measuring.trends": ("Trend", "compare_trends", "fit_trend"),
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
