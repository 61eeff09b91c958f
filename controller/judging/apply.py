"""Write what judging changed: current verdicts, closed intervals, counts, and what the register
learns (A5, A8).

Inside the writer's transaction. Only rows that differ are written. A new interval begins where
status, severity or sentence changed; other numbers in the same sentence are put in place.
`agent_version`, `policy` and `catalogue` of an interval are those under which it began (O10).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from controller.fleet import services, standings, tallies
from controller.fleet.models import SEVERITY_RANK, Device
from controller.fleet.standings import Wanted
from controller.judging import appearing, ghosts, surveyed
from controller.judging.messages import Answer, Judged
from controller.judging.rows import Current, Row, Writes, stored
from inventory.identity import recognising as register

_LOOKS: Final = {"name": 255, "os_name": 128, "model": 128}
_JSON: Final = msgspec.json.Encoder()


def apply(batch: Sequence[Judged], at: int) -> None:
    """Make verdicts true. A device that left, or was judged on facts older than its last verdicts,
    is skipped."""
    ids = sorted({one.device for one in batch})
    devices = {
        row.id: row
        for row in Device.objects.select_for_update()
        .filter(id__in=ids, state="active")
        .order_by("id")
    }
    current = stored([device_id for device_id in ids if device_id in devices])
    assets = register.reported_values(
        {device.asset_id for device in devices.values() if device.asset_id is not None}
    )
    writes = Writes()
    stood: list[tuple[Device, Judged, Wanted]] = []
    for one in batch:
        device = devices.get(one.device)
        if device is None or one.seq < device.judged_seq:
            continue
        judged = _blind(one, current[device.id]) if one.failed else one
        _compare(device, judged, current[device.id], writes, at)
        _look(device, judged, assets, at)
        results = standings.told((a.check, a.status, a.severity) for a in judged.verdicts)
        stood.append((device, judged, (device.site_id, results)))
    sets = standings.kept({wanted for _, _, wanted in stood}, at)
    writes.stands = [_stand(device, judged, sets[wanted], at) for device, judged, wanted in stood]
    writes.write()
    tallies.shift(writes.counts)
    told = [(device, judged) for device, judged, _ in stood]
    ghosts.look(told, at)
    appearing.look(told)
    surveyed.look(told)


def _blind(judged: Judged, held: Mapping[str, Current]) -> Judged:
    """Nobody could judge what came, so nothing is known any more: an old pass beside a fresh report
    would be a green tick that is not true."""
    verdicts = [
        Answer(check, "unknown", now.severity, "could-not-judge", "{}", "")
        for check, now in held.items()
    ]
    return msgspec.structs.replace(judged, verdicts=verdicts)


def _compare(
    device: Device, judged: Judged, held: dict[str, Current], writes: Writes, at: int
) -> None:
    for answer in judged.verdicts:
        now = held.pop(answer.check, None)
        if now is None:
            writes.new.append(_row(device, answer, judged, at))
            writes.counts[(device.site_id, answer.check, answer.status)] += 1
        elif (now.status, now.severity, now.says) != (answer.status, answer.severity, answer.says):
            _close(device, answer.check, now, writes, at)
            writes.moved.append(_moved(device, answer, judged, at))
            writes.counts[(device.site_id, answer.check, answer.status)] += 1
        elif (now.args, now.agent_status) != (answer.args, answer.agent_status):
            writes.retold.append((answer.args, answer.agent_status, device.id, answer.check))
    for check, now in held.items():  # checks that are no longer made
        _close(device, check, now, writes, at)
        writes.gone.append((device.id, check))


def _close(device: Device, check: str, now: Current, writes: Writes, at: int) -> None:
    writes.counts[(device.site_id, check, now.status)] -= 1
    if now.since < at:
        writes.past.append(
            (
                device.id,
                check,
                device.site_id,
                now.since,
                at,
                now.status,
                now.severity,
                now.says,
                now.args,
                now.assurance,
                now.agent_version,
                now.policy,
                now.catalogue,
            )
        )


def _row(device: Device, answer: Answer, judged: Judged, at: int) -> Row:
    return (
        device.id,
        answer.check,
        device.site_id,
        answer.status,
        answer.severity,
        at,
        answer.says,
        answer.args,
        "[]",
        "self-reported",
        judged.agent[:32],
        judged.policy,
        judged.catalogue,
        answer.agent_status,
    )


def _moved(device: Device, answer: Answer, judged: Judged, at: int) -> Row:
    return (
        answer.status,
        answer.severity,
        at,
        answer.says,
        answer.args,
        judged.agent[:32],
        judged.policy,
        judged.catalogue,
        answer.agent_status,
        device.id,
        answer.check,
    )


def _stand(device: Device, judged: Judged, standing: int, at: int) -> Row:
    """A row of `STAND`: the device's own counts, and whether facts came that these verdicts
    lack."""
    due = device.judge_turn != judged.turn
    statuses = Counter(answer.status for answer in judged.verdicts)
    failing = [a.severity for a in judged.verdicts if a.status == "fail"]
    return (
        at,
        due,
        judged.seq,
        judged.policy,
        judged.catalogue,
        _JSON.encode(judged.malformed).decode(),
        judged.ruled[:32],
        statuses["fail"],
        statuses["warn"],
        statuses["unknown"],
        statuses["pass"],
        max((SEVERITY_RANK[severity] for severity in failing), default=0),
        standing,
        device.id,
    )


def _look(device: Device, judged: Judged, assets: Mapping[str, Mapping[str, str]], at: int) -> None:
    """Name, model and system as the machine tells them; and its register entry (O31)."""
    changed = {
        field: judged.looks[field][:length]
        for field, length in _LOOKS.items()
        if judged.looks.get(field) and judged.looks[field][:length] != getattr(device, field)
    }
    for field, value in changed.items():
        setattr(device, field, value)
    doubt = device.asset_doubt
    news = _new_marks(device, judged)
    for kind, values in news.items():
        both = set(device.factors.get(kind, ())) | set(values)
        device.factors[kind] = sorted(both)[: services.MOST_FACTORS]
    unbound = device.asset_id is None
    if unbound and (news or not device.asset_doubt):
        services.bind_asset(device, at=at)
    elif device.asset_id is not None and news:
        register.learn_marks(device.asset_id, judged.factors)
    told = judged.looks if device.asset_id is not None and not device.asset_doubt else {}
    if device.asset_id is not None and register.differs(assets.get(device.asset_id), told):
        register.update_from_report(device.asset_id, told, actor=device.id, at=at)
    if changed or news or unbound or device.asset_doubt != doubt:
        device.save(update_fields=[*changed, "factors", "asset", "asset_doubt", "doubted_marks"])


def _new_marks(device: Device, judged: Judged) -> dict[str, list[str]]:
    """Marks it did not show before; none while they are another's that reports too, or those of
    another machine than its entry's, which is a doubt for a person and teaches the register
    nothing (T3, O31)."""
    news = {
        kind: values
        for kind, values in judged.factors.items()
        if not set(values) <= set(device.factors.get(kind, ()))
    }
    if device.asset_id is None:
        return news
    device.asset_doubt = services.doubt_of(device, news, judged.factors) if news else ""
    if not device.asset_doubt:
        device.doubted_marks = {}
        return news
    device.doubted_marks = {
        kind: values[: services.MOST_FACTORS] for kind, values in judged.factors.items()
    }
    return {}
