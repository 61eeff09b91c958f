"""Name the school, and give the pages a certificate that browsers trust.

`setup school NAME` is what pages and printed sheets call it.

`setup https --request NAME` prints a request for a certificate authority, over the key in use;
`setup https --certificate FILE` puts what came back in place. A running server takes it over by
itself within seconds, and intake goes on. With --key FILE the key changes too; computers that know
the key by heart connect only when the roots name it, so that is refused while they do not.
"""

import argparse
from pathlib import Path
from typing import Final

from checks.words import clean
from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.config import Config
from controller.data import certificate, datafolder

LONGEST_NAME: Final = 80


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="school|https")
    school = verbs.add_parser("school", help="what the school is called")
    school.add_argument("name", metavar="NAME")
    school.add_argument("--site", help="the school's id, where there are several")
    https = verbs.add_parser("https", help="the certificate of the pages and of intake")
    which = https.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--request", metavar="NAME", action="append", help="print a request for this DNS name"
    )
    which.add_argument("--certificate", metavar="FILE", help="a PEM file, with what it depends on")
    https.add_argument("--key", metavar="FILE", help="its key, where it is not the one in use")


def main(options: argparse.Namespace) -> int:
    """Name, ask or install."""
    if options.verb == "school":
        return _school(options)
    config = shared.settle(options)
    datafolder.check(config.folder)
    try:
        if options.request:
            print(certificate.request(config.folder, options.request).decode(), end="")
        else:
            _install(options, config)
    except certificate.CertificateError as error:
        raise shared.CannotError(str(error)) from error
    return OK


def _school(options: argparse.Namespace) -> int:
    shared.ready(options)
    from controller.commands.sites import one_site
    from inventory.places.services import rename_site

    name = clean(options.name, LONGEST_NAME + 1)
    if not 0 < len(name) <= LONGEST_NAME:
        raise shared.UsageError(f"A school's name has 1 to {LONGEST_NAME} letters.")
    rename_site(one_site(options.site), name=name, at=clock.now())
    print(f"Pages and sheets say {name} from now on.")
    return OK


def _install(options: argparse.Namespace, config: Config) -> None:
    from controller.roots import files

    chain = Path(options.certificate).read_bytes()
    key = Path(options.key).read_bytes() if options.key else None
    wanted = certificate.spki_of(chain)
    if wanted != certificate.spki(config.folder):
        if key is None:
            raise certificate.CertificateError(
                "The certificate is for another key; name that with --key, "
                "or ask for one over the key in use: caretaker setup https --request NAME"
            )
        if wanted not in files.current(config.folder).tls_spki:
            raise certificate.CertificateError(
                "Computers that know the present key by heart would not connect. Ask for a "
                "certificate over that key: caretaker setup https --request NAME"
            )
    certificate.install(config.folder, chain, key, clock.now())
    print("The new certificate is in place; a running server shows it within seconds.")
    if not config.https_name:
        print("Say its name as https_name in caretaker.toml: see docs/settings.md.")
