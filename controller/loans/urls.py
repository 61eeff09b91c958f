"""Addresses of loans and of the people who have things."""

from django.urls import include, path, register_converter

from controller.loans import views, views_people, views_words


class _Id:
    """A prefix of ours and a ULID, so that no page beside is ever taken for one."""

    prefix = ""
    regex = ""

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


def _id_of(prefix: str) -> type[_Id]:
    return type(
        f"{prefix}Id", (_Id,), {"prefix": prefix, "regex": f"{prefix}_[0-9A-HJKMNP-TV-Z]{{26}}"}
    )


for _prefix in ("pers", "loan", "cond", "batch"):
    register_converter(_id_of(_prefix), f"{_prefix}_id")

_PEOPLE = [
    path("", views_people.register_people, name="register_people"),
    path("new/", views_people.add_person, name="add_person"),
    path("import/", views_people.import_people, name="import_people"),
    path("leavers/", views_people.leavers, name="leavers"),
    path("<pers_id:person_id>/", views_people.register_person, name="register_person"),
    path("<pers_id:person_id>/change/", views_people.change_person, name="change_person"),
    path("<pers_id:person_id>/leaves/", views_people.leaves, name="person_leaves"),
    path("<pers_id:person_id>/erase/", views_people.erase, name="erase_person"),
]
_LOANS = [
    path("", views.loans, name="loans"),
    path("give/", views.give, name="give"),
    path("return/", views.take_back, name="take_back"),
    path("handover/<batch_id:batch>/", views.handover, name="handover"),
    path("handover/<batch_id:batch>/sign/", views.sign, name="sign_handover"),
    path("handover/<batch_id:batch>/undo/", views.undo, name="undo_handover"),
    path("<loan_id:loan_id>/", views.loan, name="loan"),
    path("<loan_id:loan_id>/extend/", views.extend, name="extend_loan"),
    path("<loan_id:loan_id>/declare/", views.declare, name="declare_loan"),
    path("conditions/", views_words.conditions, name="conditions"),
    path("conditions/new/", views_words.add_conditions, name="add_conditions"),
    path("conditions/<cond_id:text_id>/", views_words.revise_conditions, name="revise_conditions"),
    path("conditions/<cond_id:text_id>/end/", views_words.end_conditions, name="end_conditions"),
]
urlpatterns = [
    path("register/people/", include(_PEOPLE)),
    path("register/loans/", include(_LOANS)),
]
