"""Schedules are taken and refused as Kubernetes' CronJob does, whose reader is robfig/cron's standard one."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from settings.types.kubernetes.schedule import Schedule

_SCHEDULE: TypeAdapter[str] = TypeAdapter(Schedule)


@pytest.mark.parametrize(
    "text",
    [
        "0 */6 * * *",
        "*/15 0 1,15 * 1-5",
        "5 4 ? * SUN",
        "0 0 1 jan-mar,DEC *",
        "0/10 * * * *",
        "@hourly",
        "@every 1h30m",
    ],
)
def test_what_kubernetes_takes_passes(text: str) -> None:
    assert _SCHEDULE.validate_python(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hourly", "is no schedule of five fields"),
        ("0 0 * * * *", "is no schedule of five fields"),
        ("* * * *", "is no schedule of five fields"),
        ("", "is no schedule of five fields"),
        ("@reboot", "is no schedule of five fields"),
        ("@every hour", "is no schedule of five fields"),
        ("CRON_TZ=UTC 0 0 * * *", "is no schedule of five fields"),
        ("60 * * * *", "'60' is no minute from 0 to 59"),
        ("* 24 * * *", "'24' is no hour from 0 to 23"),
        ("* * 0 * *", "'0' is no day of the month from 1 to 31"),
        ("* * * 13 *", "'13' is no month from 1 to 12"),
        ("* * * * 7", "'7' is no day of the week from 0 to 6"),
        ("* * * * monday", "'monday' is no day of the week"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("30-10 * * * *", "'30-10' is no minute"),
        ("1,,2 * * * *", "'1,,2' is no minute"),
        ("-5 * * * *", "'-5' is no minute"),
        ("0  */6 * * *", "is no schedule of five fields"),
        ("٣ * * * *", "is no minute"),
    ],
)
def test_what_kubernetes_refuses_is_told_with_its_field(text: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _SCHEDULE.validate_python(text)
    assert told in str(refused.value)
    assert "write it like '0 */6 * * *'" in str(refused.value)
