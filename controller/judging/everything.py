"""Judge a whole fleet here and now, without a server: for the nightly command."""

from django.db import transaction
from django.db.models import F

from controller.fleet.models import Device
from controller.judging.apply import apply
from controller.judging.feeder import judge_batch
from controller.judging.messages import Judged
from controller.judging.policies import SitePolicies
from controller.judging.process import JudgingProcess


def judge_everything(at: int) -> None:
    """Judge every active device again, here and now; a running server may help."""
    Device.objects.filter(state="active", head_seq__gt=0).update(
        judge_due=True, judge_turn=F("judge_turn") + 1
    )

    def deliver(judged: list[Judged]) -> bool:
        with transaction.atomic():
            apply(judged, at)
        return True

    process, policies = JudgingProcess(), SitePolicies()
    try:
        while judge_batch(process, policies, lambda judged: deliver(list(judged))):
            pass
    finally:
        process.close()
