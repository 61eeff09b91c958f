"""Print the facts of this computer as they were read, unjudged: one domain, or all."""

import argparse

from agent.commands import shared
from agent.commands.exits import OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("domain", nargs="?", help="such as locking; all when left out")


def main(options: argparse.Namespace) -> int:
    """Read and print."""
    import msgspec

    from agent.collect.budget import read_everything
    from checks.catalogue import catalogue
    from checks.facts import encode_section

    known = {domain.name: domain for domain in catalogue().domains}
    if options.domain is not None and options.domain not in known:
        raise shared.UsageError(
            f"There is no domain {options.domain!r}. There are: {', '.join(known)}."
        )
    wanted = tuple(known.values()) if options.domain is None else (known[options.domain],)
    host = shared.this_machine(shared.state_of(options, prepare=False))
    facts = {
        kind.section: msgspec.json.decode(encode_section(body))
        for kind, body in read_everything(host, wanted, None).items()
    }
    if options.format == "json":
        shared.print_json({"schema": "caretaker.facts/1", "facts": facts})
        return OK
    for section, body in facts.items():
        print(section)
        for line in _lines(body, "  "):
            print(line)
    return OK


def _lines(value: object, indent: str) -> list[str]:
    """Nested facts as indented `name: value` lines, strings cleaned."""
    from checks.words import clean

    if isinstance(value, dict):
        found: list[str] = []
        for name, inner in value.items():
            if isinstance(inner, dict | list) and inner:
                found += [f"{indent}{clean(str(name))}:", *_lines(inner, indent + "  ")]
            else:
                found.append(f"{indent}{clean(str(name))}: {clean(str(inner), 200)}")
        return found
    if isinstance(value, list):
        found = []
        for inner in value:
            lines = _lines(inner, indent + "  ")
            found += [f"{indent}- {lines[0].strip()}", *lines[1:]] if lines else [f"{indent}-"]
        return found
    return [f"{indent}{clean(str(value), 200)}"]
