"""Moments as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from flowloom.studio.run.dates import when


def test_today_needs_no_date_and_other_days_do() -> None:
    now = datetime.now()
    assert when(now.timestamp()).startswith("today, ")
    before = now - timedelta(days=400)
    assert when(before.timestamp()).startswith(f"{before.month}/{before.day}/")
