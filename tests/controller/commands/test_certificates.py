"""The certificate: replaced while reports come in, never by one that cannot be shown, and TLS 1.3
unless a school says otherwise (O29)."""

import datetime
import shutil
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from controller.config import ConfigError, load
from controller.data import certificate
from controller.data.certificate import CertificateError
from tests.controller.commands.served import caretaker, connection, free_port, serving

NOW = 1_795_400_000


def signed(request: bytes, *, days: int = 90, begins: int = -1) -> bytes:
    """What an authority makes of a request: here, one nobody knows."""
    asked = x509.load_pem_x509_csr(request)
    authority = ec.generate_private_key(ec.SECP256R1())
    start = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=begins)
    made = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")]))
        .public_key(asked.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=days))
    )
    return made.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def shown(port: int) -> str:
    """Who signed the certificate that the server shows."""
    pem = ssl.get_server_certificate(("127.0.0.1", port))
    return x509.load_pem_x509_certificate(pem.encode()).issuer.rfc4514_string()


def test_a_new_certificate_is_shown_within_seconds_and_intake_goes_on(folder: Path) -> None:
    port = free_port()
    asked = caretaker("setup", "https", "--request", "caretaker.hill.example", data=folder)
    new = folder.parent / "new.pem"
    new.write_bytes(signed(asked.stdout.encode()))
    before = certificate.spki(folder)
    answered, stop = [], threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            door = connection(port)
            try:
                door.request("GET", "/v1/hello")
                answered.append(door.getresponse().status)
            except OSError:
                answered.append(0)  # an agent tries again
            finally:
                door.close()
            stop.wait(0.02)

    with serving(folder, port):
        assert spoken(port, ssl.TLSVersion.TLSv1_2) == "", "TLS 1.3 unless somebody says otherwise"
        asking = threading.Thread(target=keep_asking)
        asking.start()
        done = caretaker("setup", "https", "--certificate", str(new), data=folder)
        assert done.returncode == 0, done.stderr
        for _ in range(300):
            if "Authority" in shown_or_none(port):
                break
            stop.wait(0.1)
        count = len(answered)
        for _ in range(100):
            if answered[count:].count(200) > 3:
                break
            stop.wait(0.1)
        stop.set()
        asking.join()
        assert "Authority" in shown(port)
    assert certificate.spki(folder) == before, "computers that know the key by heart still connect"
    assert set(answered) <= {200, 0}
    assert answered[-1] == 200


def shown_or_none(port: int) -> str:
    """The same; "" while nobody answers."""
    try:
        return shown(port)
    except OSError:
        return ""


@pytest.fixture
def spoils(folder: Path) -> dict[str, tuple[bytes, bytes | None]]:
    """Certificates no server should be given, by what is wrong with them."""
    request = certificate.request(folder, ["a.example"])
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "ended": (signed(request, days=1, begins=-3), None),
        "begins": (signed(request, begins=2), None),
        "fit its key": (signed(request), other),
        "cannot be read": (b"no certificate", None),
    }


@pytest.mark.parametrize("says", ["ended", "begins", "fit its key", "cannot be read"])
def test_a_certificate_that_cannot_be_used_changes_nothing(
    folder: Path, spoils: dict[str, tuple[bytes, bytes | None]], says: str
) -> None:
    before = [path.read_bytes() for path in certificate.paths(folder)]
    chain, key = spoils[says]
    with pytest.raises(CertificateError, match=says):
        certificate.install(folder, chain, key, int(time.time()))
    assert [path.read_bytes() for path in certificate.paths(folder)] == before
    assert len(list((folder / "tls").iterdir())) == 2


def test_another_key_is_refused_while_the_roots_do_not_name_it(folder: Path) -> None:
    other = folder.parent / "other"
    shutil.copytree(folder / "tls", other / "tls")
    for path in certificate.paths(other):
        path.unlink()
    certificate.make(other, "127.0.0.1", NOW)
    cert, key = (str(path) for path in certificate.paths(other))
    for words in (["--certificate", cert], ["--certificate", cert, "--key", key]):
        done = caretaker("setup", "https", *words, data=folder)
        assert (done.returncode, "--request NAME" in done.stderr) == (1, True)


def test_a_replacement_that_a_crash_cut_in_two_is_finished(folder: Path) -> None:
    cert, key = certificate.paths(folder)
    certificate.stage(folder, "127.0.0.1", NOW)
    cert.with_suffix(".new").replace(cert)
    assert certificate.fault(cert, key)
    certificate.settle(folder)
    assert not certificate.fault(cert, key)
    certificate.stage(folder, "127.0.0.1", NOW)
    before = cert.read_bytes()
    certificate.settle(folder)
    assert cert.read_bytes() == before, "what is only prepared stays so"


def spoken(port: int, offered: ssl.TLSVersion) -> str:
    """The TLS a client that knows nothing newer gets; "" for none."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = offered
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            context.wrap_socket(plain) as secure,
        ):
            return secure.version() or ""
    except ssl.SSLError:
        return ""


def test_a_school_with_old_systems_may_set_tls_1_2(folder: Path) -> None:
    (folder / "caretaker.toml").write_text('tls_minimum = "1.2"\n')
    port = free_port()
    with serving(folder, port):
        assert spoken(port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        assert spoken(port, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"


@pytest.mark.parametrize(
    "name", ["hill.example/caretaker", "https://hill.example", "hill example", "-hill", ""]
)
def test_a_name_with_a_path_behind_it_is_refused(name: str) -> None:
    if not name:
        assert load({}, {}).https_name == ""
        return
    with pytest.raises(ConfigError, match="a name of its own"):
        load({"https_name": name}, {})
    assert load({"https_name": "caretaker.hill.example"}, {}).https_name
