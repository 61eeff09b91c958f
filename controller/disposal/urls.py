"""Addresses of what leaves. Those that take files stand in `controller.serving.uploads` as well."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.disposal import views, views_out


class Work(StringConverter):
    """A step of the whole thing by whoever works on it."""

    regex = "request|inspect|reinstate|appear"


class Decide(StringConverter):
    """One by whoever answers for it."""

    regex = "approve|reject|hand_over"


class Stop(StringConverter):
    """One by whoever may stop everything."""

    regex = "hold|release_hold"


class DriveWork(StringConverter):
    """A step of one drive by whoever works on it."""

    regex = "sanitise|fail|destroy|miss"


class DriveDecide(StringConverter):
    """One by whoever answers for it."""

    regex = "validate"


class Drive(StringConverter):
    """A serial number as it is compared."""

    regex = "[A-Z0-9]{1,64}"


class DisposalId(StringConverter):
    """`disp_` and a ULID."""

    regex = "disp_[0-9A-HJKMNP-TV-Z]{26}"


register_converter(Work, "disposal_work")
register_converter(Decide, "disposal_decide")
register_converter(Stop, "disposal_stop")
register_converter(DriveWork, "drive_work")
register_converter(DriveDecide, "drive_decide")
register_converter(Drive, "drive")
register_converter(DisposalId, "disposal")

_ROOT = "register/disposal/"
_ONE = f"{_ROOT}<disposal:disposal_id>/"
_DRIVE = f"{_ONE}drives/<drive:drive>/"

urlpatterns = [
    path(_ROOT, views.board, name="disposals"),
    path(f"{_ROOT}all/", views_out.register, name="disposal_register"),
    path(f"{_ROOT}all/sheet/<str:suffix>/", views_out.sheet, name="disposal_sheet"),
    path(f"{_ROOT}governors/", views_out.governors, name="disposal_governors"),
    path(f"{_ROOT}approve/", views.approve_many, name="disposal_approve_many"),
    path(f"{_ROOT}start/<asset:asset_id>/", views.start, name="disposal_start"),
    path(_ONE, views.disposal, name="disposal"),
    path(f"{_ONE}certificate/", views_out.certificate, name="disposal_certificate"),
    path(f"{_ONE}hand-over-receipt/", views_out.receipt, name="disposal_receipt"),
    path(f"{_ONE}files/<slug:file_id>/", views_out.file, name="disposal_file"),
    path(f"{_ONE}<disposal_work:step>/", views.work, name="disposal_work"),
    path(f"{_ONE}<disposal_decide:step>/", views.decide, name="disposal_decide"),
    path(f"{_ONE}<disposal_stop:step>/", views.stop, name="disposal_stop"),
    path(f"{_ONE}close_exception/", views.clear_up, name="disposal_clear_up"),
    path(f"{_DRIVE}verify/", views.verify, name="disposal_drive_verify"),
    path(f"{_DRIVE}witness/", views.witness, name="disposal_drive_witness"),
    path(f"{_DRIVE}retain/", views.retain, name="disposal_drive_retain"),
    path(f"{_DRIVE}<drive_work:step>/", views.drive_work, name="disposal_drive_work"),
    path(f"{_DRIVE}<drive_decide:step>/", views.drive_decide, name="disposal_drive_decide"),
]
