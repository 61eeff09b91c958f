"""What people type about surveys: a scope, and the secrets a scanner asks with.

Trap: nothing of a secret is ever put back into a page, so one that was refused is typed again.
"""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from controller.surveys import drafting
from controller.surveys.publishing import DAYS, MOST_DAYS, ScopeError
from wire.credentials import LONGEST, Login, Opened, SnmpV2, SnmpV3
from wire.scope import Scope
from wire.secret import Secret

_MOST: Final = 12_000
"""Of a list: 256 addresses and more; the format says how many fit."""
_AUTHENTICATION: Final = (
    ("sha256", "SHA-256"),
    ("sha512", "SHA-512"),
    ("sha384", "SHA-384"),
    ("sha224", "SHA-224"),
    ("sha1", "SHA-1"),
    ("md5", "MD5 (old)"),
)
_PRIVACY: Final = (
    ("aes128", "AES-128"),
    ("aes256", "AES-256"),
    ("aes192", "AES-192"),
    ("des", "DES (old)"),
)


def _styled(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.BooleanField):
            field.widget.attrs["class"] = "form-check-input"
            continue
        chooses = isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "form-select" if chooses else "form-control"
        if field.help_text:
            field.widget.attrs["aria-describedby"] = "(set in the page)"


def _lines(label: str, example: str, *, required: bool = False, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
    said = {"required": f"Fill this in, such as {example}"}
    return forms.CharField(
        max_length=_MOST,
        required=required,
        label=label,
        widget=widget,
        help_text=f"For example: {example}",
        error_messages=said,
    )


def _text(label: str, missing: str, example: str = "") -> forms.CharField:
    return forms.CharField(
        max_length=120,
        label=label,
        help_text=f"For example: {example}" if example else "",
        error_messages={"required": missing},
    )


class ScopeForm(forms.Form):
    """A scope, as `drafting` reads it."""

    authorised_by = _text("Who authorises it", "Say who may say so for the school.")
    role = _text("What they are at the school", "Say what they are.", "Head teacher")
    contact = _text(
        "Whom to call if something does not like being asked", "Say whom to call.", "01632 960123"
    )
    scanner = forms.ChoiceField(
        label="The computer that asks", error_messages={"required": "Choose the scanner."}
    )
    subnets = _lines("Where it may ask, one subnet a line", "10.20.0.0/24", required=True)
    exclude = _lines("What it never asks", "10.20.0.9 or 00:1b:63 (a maker), one a line")
    hours = forms.CharField(
        max_length=20,
        label="When it may ask",
        initial=drafting.USUAL_HOURS,
        help_text="For example: 18:00-06:00, or always",
        error_messages={"required": "Say when, such as 18:00-06:00."},
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        label="For how many days",
        help_text=f"At most {MOST_DAYS}",
        error_messages={"required": "Say for how many days."},
    )
    credentials = _lines(
        "Equipment it asks with a password: name, kind, where",
        "switches snmp-v3 10.20.0.0/28 (kinds: snmp-v3, snmp-v2c, ssh)",
    )
    equipment_of_others = _lines(
        "Equipment that others run, which it never asks",
        "Tills | Caterer Ltd | 2026-09-01 | 10.20.0.64/27 (what, who, day of their statement)",
    )
    services = _lines("Ports to try one connection at, on known equipment", "telnet:23")
    air = forms.CharField(
        max_length=64,
        required=False,
        label="Radio to look round with",
        help_text="For example: wlan0. Empty: it leaves the air alone.",
    )
    dhcp = forms.BooleanField(required=False, label="Ask who hands out addresses")
    listens = forms.BooleanField(required=False, label="Ask what announces itself (mDNS, SSDP)")
    default_communities = forms.BooleanField(
        required=False, label="Try the passwords everybody knows, on the school’s own equipment"
    )

    def __init__(self, *args: Any, scanners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`scanners`: id and name of the computers that may be one."""
        super().__init__(*args, **kwargs)
        field = self.fields["scanner"]
        field.choices = [("", "Choose"), *scanners]  # type: ignore[attr-defined]  # a ChoiceField
        _styled(self)
        for name, one in self.fields.items():
            if one.help_text:
                one.widget.attrs["aria-describedby"] = f"help-{name}"

    def scope(self, site: str, timezone: str) -> Scope | None:
        """The scope, not yet numbered; None after the refusal was put into the form."""
        told = self.cleaned_data
        typed = {name: told[name] for name in ("authorised_by", "role", "contact", "scanner")}
        typed |= {name: told[name] for name in ("hours", "air", "dhcp", "listens")}
        readers = {
            "credentials": drafting.credential,
            "equipment_of_others": drafting.others,
            "services": drafting.service,
        }
        typed["default_communities"] = told["default_communities"]
        typed |= {name: drafting.places(told[name]) for name in ("subnets", "exclude")}
        for name, read in readers.items():
            try:
                typed[name] = drafting.builtins([read(one) for one in drafting.lines(told[name])])
            except ScopeError as error:
                self.add_error(name, str(error))
        if self.errors:
            return None
        try:
            return drafting.scope(site, timezone, typed)
        except ScopeError as error:
            self.add_error(None, str(error))
            return None


class SignedForm(forms.Form):
    """What a person signed on a computer of their own."""

    payload = forms.FileField(
        label="The file that was signed", error_messages={"required": "Choose scope-….json."}
    )
    signature = forms.FileField(
        label="The signature beside it", error_messages={"required": "Choose scope-….json.sig."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As people see fields here."""
        super().__init__(*args, **kwargs)
        _styled(self)


class CredentialForm(forms.Form):
    """The name, and what is not secret; each kind adds its own."""

    scanner = forms.ChoiceField(
        label="For the scanner", error_messages={"required": "Choose the scanner."}
    )
    name = forms.CharField(
        max_length=48,
        label="Its name, as the scope calls it",
        help_text="For example: switches",
        error_messages={"required": "Give it the name that the scope has."},
    )

    def __init__(self, *args: Any, scanners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`scanners`: id and name of those that told their key."""
        super().__init__(*args, **kwargs)
        field = self.fields["scanner"]
        field.choices = [*scanners]  # type: ignore[attr-defined]  # a ChoiceField
        _styled(self)
        for name, one in self.fields.items():
            if one.help_text:
                one.widget.attrs["aria-describedby"] = f"help-{name}"

    def opened(self) -> Opened:
        """What was typed. Nobody but a sealing function is given it."""
        raise NotImplementedError


def _secret(label: str, *, required: bool = True) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False)
    said = {"required": "Type it."}
    return forms.CharField(
        max_length=LONGEST,
        required=required,
        strip=False,
        label=label,
        widget=widget,
        error_messages=said,
    )


def _user() -> forms.CharField:
    said = {"required": "Say for which user."}
    return forms.CharField(max_length=64, label="User", error_messages=said)


class SnmpV3Form(CredentialForm):
    """SNMP v3."""

    user = _user()
    authentication = forms.ChoiceField(label="Authentication", choices=_AUTHENTICATION)
    authentication_password = _secret("Authentication password")
    privacy = forms.ChoiceField(label="Privacy", choices=_PRIVACY)
    privacy_password = _secret("Privacy password")

    def opened(self) -> Opened:
        """As it was typed."""
        told = self.cleaned_data
        return SnmpV3(
            told["user"],
            told["authentication"],
            Secret(told["authentication_password"]),
            told["privacy"],
            Secret(told["privacy_password"]),
        )


class SnmpV2Form(CredentialForm):
    """SNMP v2c."""

    community = _secret("Community (a read-only one)")

    def opened(self) -> Opened:
        """As it was typed."""
        return SnmpV2(Secret(self.cleaned_data["community"]))


class LoginForm(CredentialForm):
    """SSH."""

    user = _user()
    password = _secret("Password", required=False)
    key = forms.CharField(
        max_length=LONGEST,
        required=False,
        strip=False,
        label="Or a private key (paste the whole text)",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )

    def opened(self) -> Opened:
        """As it was typed; a browser ends lines in its own way."""
        told = self.cleaned_data
        key = told["key"].replace("\r\n", "\n")
        return Login(told["user"], Secret(told["password"]), Secret(key))

    def forget(self) -> None:
        """Let go of a pasted key before the page is shown again."""
        self.data = {name: "" if name == "key" else value for name, value in self.data.items()}


KINDS: Final[dict[str, type[CredentialForm]]] = {
    "snmp-v3": SnmpV3Form,
    "snmp-v2c": SnmpV2Form,
    "ssh": LoginForm,
}
