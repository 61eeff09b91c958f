"""Each refusal: which step is refused, with which code, and what the sentence says is missing."""

import re
from collections.abc import Callable
from typing import Final

import pytest

from inventory.disposal.refusing import Refused, refusals
from inventory.disposal.values import FoundMedium, Offer
from tests.inventory.disposal.by_two import BY_TWO
from tests.inventory.disposal.openings import asked, away, line, missing, out, read, wiped
from tests.inventory.disposal.telling import (
    FILE,
    GOOD_PAPERS,
    HDD,
    HEAD,
    MACHINE,
    OFFICE,
    OTHER_FILE,
    SSD,
    START,
    STICK,
    TECHNICIAN,
    Story,
    approved,
    changed_rules,
    ready,
    received,
)

Trial = Callable[[], Story]


_NO_CARRIER: Final = GOOD_PAPERS[1:]
_CRYPTO: Final = {"technique": "crypto_erase", "level": "purge"}
_LATE: Final = START + 10**7
_SAMPLE: Final = changed_rules(verifying={"sample": True})
_OLD: Final = FoundMedium(serial=SSD.serial, kind="ssd_nvme", encrypted_since=START)

REFUSED: Final[tuple[tuple[str, str, Trial], ...]] = (
    ("other_number", "the next one is step 2", lambda: out().does("inspected", seq=3)),
    ("clock_back", "server's clock", lambda: out().does("inspected", at=START)),
    ("in_future", "date and the time", lambda: wiped(finished_at=_LATE)),
    ("other_rules", "rules", lambda: out().does("inspected", rules="rules_of_yesterday")),
    ("not_now", "“withdrawn”", lambda: out().does("approved", media=())),
    ("not_now", "look inside", lambda: out().does("withdrawn")),
    ("not_begun", "out of use first", lambda: Story().does("requested")),
    ("ended", "has ended", lambda: ready(HDD).does("reinstated").does("inspected")),
    ("held", "stop ended", lambda: approved(HDD).does("held").does("sanitised", medium=HDD)),
    (
        "exception_open",
        f"medium missing {HDD.serial}",
        lambda: ready(HDD, SSD).does("medium_missing", medium=HDD).does("collected"),
    ),
    ("no_reason", "Say why", lambda: out(reason="  ")),
    ("no_reason", "Say why", lambda: read().does("validated", medium=HDD, decision="rejected")),
    ("no_evidence", "Add the file", lambda: wiped(evidence=())),
    ("no_evidence", "Add the file", lambda: read(evidence=())),
    ("used_id", "recorded already", lambda: out().does("held").does("held")),
    ("needs_person", "person", lambda: read().does("validated", medium=HDD, actor=MACHINE)),
    ("speaks_for_other", "enter it themselves", lambda: read(verifier=OFFICE)),
    ("speaks_for_other", "enter it themselves", lambda: read(verifier="system")),
    ("speaks_for_other", "enter it themselves", lambda: away(HDD).does("received", actor=OFFICE)),
    (
        "speaks_for_other",
        "enter it themselves",
        lambda: received(HDD).does("certified", actor=OFFICE),
    ),
    (
        "no_serial",
        "“0123456789”",
        lambda: out(FoundMedium(serial="0123456789", kind="usb")),
    ),
    ("no_serial", "label", lambda: out(FoundMedium(serial="AB12C", kind="usb"))),
    ("serial_twice", HDD.serial, lambda: out(HDD, HDD)),
    ("unknown_medium", STICK.serial, lambda: approved(HDD).does("destroyed", medium=STICK)),
    ("known_medium", "untouched", lambda: out(STICK).does("medium_appeared")),
    (
        "medium_not_here",
        "is destroyed",
        lambda: approved(HDD).destroyed(HDD).does("sanitised", medium=HDD),
    ),
    (
        "failed_medium",
        "destroyed",
        lambda: approved(HDD).does("medium_failed", medium=HDD).does("sanitised", medium=HDD),
    ),
    ("says_nothing", "one of the two", lambda: out().does("inspected", none_confirmed=False)),
    ("not_all_inspected", SSD.serial, lambda: out(HDD, SSD).does("inspected", media=(HDD,))),
    ("not_inspected", "look at", lambda: out(HDD).does("requested").does("approved")),
    (
        "no_media_known",
        "none",
        lambda: (
            Story(changed_rules(approving={"inspection": "when_empty"}))
            .does("withdrawn", found=())
            .does("requested")
            .does("approved")
        ),
    ),
    ("not_a_request", "missing", lambda: out().does("requested", route="stolen")),
    ("licences_not_checked", "licences", lambda: out().does("requested", licences_checked=False)),
    (
        "too_few_offers",
        "£100.00 a sale needs 3 written offers, and there are 1",
        lambda: asked(
            route="sale", value_pence=10_000, offers=(Offer(pence=1, evidence=FILE),) * 3
        ),
    ),
    ("same_approver", "Two people are enough", lambda: asked().does("approved", actor=TECHNICIAN)),
    ("role_too_low", "£2,500.01", lambda: asked(value_pence=250_001).does("approved")),
    ("role_too_low", "head", lambda: asked().does("approved", role="technician")),
    ("no_minute", "minute", lambda: asked().does("approved", role="governors", minute="FGB 1")),
    (
        "no_minute",
        "paper",
        lambda: asked().does("approved", role="governors", evidence=(FILE,), minute=" "),
    ),
    ("set_changed", HDD.serial, lambda: asked(HDD).does("approved", media=())),
    ("wiped_before", "Wipe it again", lambda: wiped(finished_at=START)),
    (
        "doubted_wipe",
        "Wipe it again",
        lambda: read(result="found").does("sanitised", medium=HDD, finished_at=START + 2_000),
    ),
    (
        "older_wipe",
        "last one",
        lambda: wiped().does("sanitised", medium=HDD, finished_at=START + 3_000 - 61),
    ),
    ("level_not_reached", "“clear”", lambda: wiped(level="purge")),
    (
        "level_not_reached",
        "nothing",
        lambda: approved(SSD).does("sanitised", medium=SSD, technique="degauss"),
    ),
    ("hidden_areas", "hdparm", lambda: wiped(hidden_areas_clear=None)),
    (
        "not_encrypted",
        "encrypted",
        lambda: approved(SSD).does("sanitised", medium=SSD, keys_destroyed=True, **_CRYPTO),
    ),
    (
        "keys_left",
        "recovery keys",
        lambda: approved(_OLD).does("sanitised", medium=SSD, **_CRYPTO),
    ),
    ("offsite_not_allowed", "Do it here", lambda: wiped(offsite=True)),
    (
        "offsite_not_allowed",
        "Do it here",
        lambda: approved(HDD).does("destroyed", medium=HDD, place="off_site"),
    ),
    ("same_verifier", "Two people are enough", lambda: read(verifier=TECHNICIAN)),
    ("not_last_wipe", "on the drive now", lambda: read(wipe=1)),
    ("not_last_wipe", "on the drive now", lambda: approved(HDD).does("verified", medium=HDD)),
    ("before_wipe", "from first to last", lambda: read(finished_at=START + 1_000)),
    ("proves_nothing", "full, sample", lambda: read(method="visual")),
    ("sample_not_allowed", "whole", lambda: read(method="sample", bound_ppb=1)),
    (
        "sample_too_small",
        "larger",
        lambda: (
            approved(HDD, rules=_SAMPLE)
            .does("sanitised", medium=HDD)
            .does("verified", medium=HDD, method="sample", bound_ppb=1_000_001)
        ),
    ),
    ("short_read", "500107862015 of 500107862016", lambda: read(bytes_read=HDD.size_bytes - 1)),
    (
        "size_unsaid",
        "size",
        lambda: (
            approved(FoundMedium(serial=HDD.serial, kind="hdd_ata"))
            .does("sanitised", medium=HDD)
            .does("verified", medium=HDD, verifier=HEAD, actor=HEAD, bytes_read=1)
        ),
    ),
    (
        "held",
        "stop ended",
        lambda: (
            approved(HDD)
            .does("medium_missing", medium=HDD)
            .does("held")
            .does("exception_closed", outcome="lost", evidence=(FILE,))
        ),
    ),
    ("held", "stop ended", lambda: out(HDD).does("held").does("retained", medium=HDD)),
    ("not_verified", "verify-wipe", lambda: wiped().does("validated", medium=HDD)),
    (
        "same_validator",
        "Two people are enough",
        lambda: read().does("validated", medium=HDD, actor=TECHNICIAN),
    ),
    (
        "too_weak",
        "needs “purge”",
        lambda: approved(SSD).wiped(SSD, level="clear", technique="overwrite"),
    ),
    (
        "same_witness",
        "witness",
        lambda: approved(HDD).does("destroyed", medium=HDD, witness=TECHNICIAN),
    ),
    ("no_entry", "Make one", lambda: out(HDD).does("retained", medium=HDD, entry="asset_1")),
    (
        "same_keeper",
        "record that it is kept",
        lambda: approved(HDD).does("retained", medium=HDD),
    ),
    (
        "same_giver_up",
        "somebody else",
        lambda: (
            approved(HDD)
            .does("medium_missing", medium=HDD, actor=OFFICE)
            .does("exception_closed", outcome="lost", evidence=(FILE,), actor=TECHNICIAN)
        ),
    ),
    (
        "no_evidence",
        "photograph",
        lambda: approved(HDD).does("destroyed", medium=HDD, evidence=()),
    ),
    ("no_such_hold", "ended already", lambda: out().does("hold_released")),
    (
        "may_not_release",
        "safeguarding lead",
        lambda: out().does("held").does("hold_released", role="technician"),
    ),
    (
        "same_releaser",
        "somebody else",
        lambda: out().does("held").does("hold_released", actor=TECHNICIAN, role="admin"),
    ),
    ("no_such_exception", "closed already", lambda: out().does("exception_closed")),
    (
        "same_closer",
        "somebody else",
        lambda: (
            out(HDD).does("medium_missing", medium=HDD).does("exception_closed", actor=TECHNICIAN)
        ),
    ),
    (
        "same_closer",
        "asked for the disposal",
        lambda: (
            out(HDD)
            .does("exception_opened", actor="system")
            .does("exception_closed", exception="exc_2", outcome="resolved", actor=TECHNICIAN)
        ),
    ),
    (
        "wrong_outcome",
        "found",
        lambda: (
            out(HDD).does("medium_missing", medium=HDD).does("exception_closed", outcome="resolved")
        ),
    ),
    (
        "wrong_outcome",
        "another entry",
        lambda: (
            out(HDD)
            .does("medium_missing", medium=HDD)
            .does("exception_closed", outcome="elsewhere")
        ),
    ),
    (
        "lost_unproven",
        "assessment",
        lambda: (
            out(HDD).does("medium_missing", medium=HDD).does("exception_closed", outcome="lost")
        ),
    ),
    (
        "missing_by_itself",
        "missing",
        lambda: out(HDD).does("exception_opened", kind="medium_missing", medium=HDD),
    ),
    ("other_route", "approved", lambda: ready(HDD, route="donate").does("collected")),
    ("other_route", "approved", lambda: ready(HDD).does("handed_over")),
    ("not_proven", f"{HDD.serial}, {SSD.serial}"[:11], lambda: approved(HDD).does("collected")),
    ("paper_missing", "carrier", lambda: ready().does("collected", papers=_NO_CARRIER)),
    ("paper_expired", "2027-09-20", lambda: ready().does("collected", day="2027-09-21")),
    ("paper_not_yet", "2025-09-21", lambda: ready().does("collected", day="2025-09-20")),
    ("manifest_differs", HDD.serial, lambda: ready(HDD).does("collected", manifest=())),
    ("other_contractor", "whose", lambda: away(HDD).does("received", contractor="con_2")),
    ("other_contractor", "whose", lambda: away(HDD).does("received", collection="coll_2")),
    ("not_accepted", "Send it", lambda: away(HDD).does("received", accepts_responsibility=False)),
    ("receipt_short", HDD.serial, lambda: away(HDD).does("received", serials=())),
    ("receipt_short", "by its tag", lambda: away(HDD).does("received", tag="1 pallet")),
    (
        "same_receiver",
        "Two people are enough",
        lambda: away(HDD).does("received", receiver=TECHNICIAN, actor=TECHNICIAN),
    ),
    ("same_confirmer", "compare", lambda: received(HDD).does("certified", entered_by=HEAD)),
    (
        "certified_not_left",
        "not in it",
        lambda: received(HDD).does("certified", **line(STICK.serial)),
    ),
    ("certified_twice", HDD.serial, lambda: received(HDD).does("certified").does("certified")),
    (
        "certified_failed",
        "cannot have been wiped",
        lambda: (
            received(HDD)
            .does("medium_failed", medium=HDD)
            .does("certified", **line(level="clear", technique="overwrite"))
        ),
    ),
    ("certified_not_done", "failed", lambda: received(HDD).does("certified", **line(succeeded=0))),
    (
        "certified_before",
        "before it was collected",
        lambda: received(HDD).does("certified", **line(finished_at=START)),
    ),
    ("certificate_missing", HDD.serial, lambda: received(HDD).does("disposed")),
    (
        "not_reconciled",
        "The manifest",
        lambda: received(HDD).does("certified").does("disposed", manifest=()),
    ),
    (
        "not_reconciled",
        "The certificate",
        lambda: (
            received(HDD).does("certified").does("disposed", certificate=(HDD.serial, HDD.serial))
        ),
    ),
    (
        "on_other_entry",
        HDD.serial,
        lambda: received(HDD).does("certified").does("disposed", elsewhere=(HDD.serial,)),
    ),
    (
        "same_recipient",
        "gets it",
        lambda: ready(HDD, route="sale").does("handed_over", recipient=HEAD),
    ),
    ("discovered_later", "72 hours", lambda: missing(discovered_at=_LATE)),
    ("encryption_untold", HDD.serial, lambda: missing(encryption=())),
    ("not_assessed", "ICO", lambda: missing().does("written_off", breach="no_personal_data")),
    (
        "same_writer_off",
        "somebody else",
        lambda: missing(actor=HEAD).does("written_off"),
    ),
    ("same_second", "second person", lambda: out().does("corrected", second=TECHNICIAN)),
    ("no_such_event", "number", lambda: out().does("corrected", corrects=2)),
    *BY_TWO,
)


@pytest.mark.parametrize(
    ("code", "says", "trial"), REFUSED, ids=[f"{n}-{code}" for n, (code, *_) in enumerate(REFUSED)]
)
def test_it_is_refused_and_says_what_is_missing(code: str, says: str, trial: Trial) -> None:
    with pytest.raises(Refused) as refused:
        trial()
    assert refused.value.code == code
    assert says in refused.value.sentence
    assert refused.value.invariants == refusals()[code].cites
    assert "{" not in refused.value.sentence


def test_every_refusal_there_is_has_a_step_that_meets_it() -> None:
    assert {code for code, *_ in REFUSED} == set(refusals())


@pytest.mark.parametrize("code", refusals())
def test_a_sentence_is_one_for_people_and_names_its_invariants(code: str) -> None:
    refusal = refusals()[code]
    assert refusal.cites
    assert all(re.fullmatch(r"I([1-9]|1[0-6])|T[1-9]|S6", one) for one in refusal.cites)
    assert refusal.sentence[0].isupper() or refusal.sentence[0] in "“{"
    assert refusal.sentence.endswith((".", "{two_people}"))
    assert "\n" not in refusal.sentence
    assert OTHER_FILE not in refusal.sentence
