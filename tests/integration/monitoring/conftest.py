"""The real series lie beside the repository or nowhere."""

from rescue_app.settings import PROJECT

SERIES = PROJECT.parent / "shared" / "data" / "rain_beijing"
collect_ignore = [] if SERIES.exists() else ["test_real_series.py"]
