"""Write what a release says, to be opened for ever: `python -m tests.wire.released`.

`tests/wire/golden/<release>/` holds every kind of message and, in `sections/`, a body of each
section of each domain as that release's readers wrote it; `night.dsse.json` is a report that names
the good ones. Before the release it may be written again; from then on never: agents of that
release are out there, and their controller has to take them in (O2).
"""

from pathlib import Path

from agent.collect.places import placed
from agent.collect.reading import read_domain
from agent.collect.round import Packed, pack
from agent.hosts.recorded import RecordedHost
from agent.release import RELEASE
from checks.catalogue import Domain, catalogue
from checks.policy import DEFAULT_POLICY, policy_hash
from tests.wire import golden, samples
from wire import report

RECORDINGS = Path(__file__).parents[1] / "checks" / "recordings"
RELEASES = sorted(path for path in golden.FOLDER.iterdir() if path.is_dir())
FOLDER = golden.FOLDER / RELEASE
NIGHT = "night.dsse.json"


def written() -> dict[str, bytes]:
    """Give the name and content of every file of this release."""
    files = {f"{name}.dsse.json": one.envelope for name, one in samples.SAMPLES.items()}
    for domain in catalogue().domains:
        for path in cases(domain.name):
            packed = packed_of(path, domain)
            for ref in packed.refs:
                case = f"{ref.section}.{ref.schema}.{path.stem}.json"
                files[f"sections/{case}"] = packed.bodies[ref.sha256]
            for now in packed.now:
                case = f"{now.section}.{now.schema}.{path.stem}.json"
                files[f"sections/{case}"] = now.body.encode()
    return files | {NIGHT: night()}


def packed_of(path: Path, domain: Domain) -> Packed:
    """What a recorded computer tells of one domain, as the round tells it."""
    with RecordedHost.open(path) as host:
        asks = host.recording.policy or DEFAULT_POLICY
        return pack(placed(host, read_domain(host, domain, asks), asks.gateways))


def cases(domain: str) -> list[Path]:
    """A good recording of a domain, a bad one, and one that could not look."""
    folder = RECORDINGS / domain
    bad, blind = (sorted(folder.glob(f"*-{kind}.json"))[:1] for kind in ("bad", "blind"))
    return [good(domain), *bad, *blind]


def good(domain: str) -> Path:
    """The recording of a domain that is as it should be."""
    return min((RECORDINGS / domain).glob("linux-*-good.json"))


def night() -> bytes:
    """A first report that names the good section of every domain."""
    refs: list[report.SectionRef] = []
    drifting: list[report.NowSection] = []
    for domain in catalogue().domains:
        packed = packed_of(good(domain.name), domain)
        refs += packed.refs
        drifting += packed.now
    content = report.Content(
        policy=policy_hash(DEFAULT_POLICY),
        catalogue=catalogue().hash,
        sections=refs,
        results=samples.RESULTS,
    )
    made = report.Report(
        device=samples.DEVICE,
        agent=RELEASE,
        seq=1,
        prev="",
        boot="",
        uptime_seconds=60,
        created_at=samples.AT,
        nonce="0" * 32,
        echo="",
        binding="",
        content=content,
        now=drifting,
    )
    return report.sign_report(made, samples.DEVICE_KEY)


if __name__ == "__main__":
    (FOLDER / "sections").mkdir(parents=True, exist_ok=True)
    for name, data in written().items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
