"""The fixtures of the scenarios, and the one line that each of them is worth."""

import pytest

from torture.scenario import number_of
from torture.stage import Stage
from torture.witness import LOBBY, Unharmed

SHOWN = {"passed": "passed", "failed": "FAILED", "skipped": "skipped"}


@pytest.fixture
def is_torture(request):
    """Whether the machine is ours alone: figures decide, deadlines are the real."""
    return request.config.getoption("torture")


@pytest.fixture
def soak_minutes(request):
    return request.config.getoption("soak")


@pytest.fixture
def stage(tmp_path):
    """Start a server process: stage("--rate", "0", limits={"frame": 0.5}).

    At the end no traceback may stand in what it printed; who injects a fault sets
    `expects_traceback` on it.
    """
    started = []

    def start(*options, folder=tmp_path, **change):
        started.append(Stage(folder, *options, **change))
        started[-1].expects_traceback = False
        return started[-1]

    yield start
    for server in started:
        end(server)


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory):
    """One server for the quick scenarios of a file: `python server.py`, unchanged.

    It must live through all of them, one after the other.
    """
    server = Stage(tmp_path_factory.mktemp("shared"))
    server.expects_traceback = False
    yield server
    assert server.is_alive, "\n".join(server.lines[-50:])
    end(server)


def end(server):
    if server.is_alive:
        server.process.kill()
    server.wait()
    assert server.expects_traceback or not server.tracebacks(), server.tracebacks()


@pytest.fixture(scope="module")
def _witnesses():
    """By port and room: they stay as long as the server, for coming in costs time."""
    witnesses = {}
    yield witnesses
    for witness in witnesses.values():
        witness.close()


@pytest.fixture
def unharmed(_witnesses, figure, request):
    """`with unharmed(server): ...`: meanwhile others chat; no line may be lost or late.

    `with unharmed(server, at_most=None)` reports the delays and lets them be. They
    chat in the lobby, with everybody, if not in a `room`.
    """
    opened = []

    class Watch:
        def __init__(self, server, at_most=100, room=LOBBY):
            self.at_most = at_most
            key = server.port, room
            known = _witnesses.get(key)
            if known and not known.is_alive:  # a scenario failed meanwhile
                known.close()
            if not (known and known.is_alive):
                prefix = "unharmed" if room == LOBBY else f"unharmed{len(_witnesses)}"
                _witnesses[key] = Unharmed(*key, prefix)
            self.witness = _witnesses[key]
            opened.append(key)

        def __enter__(self):
            return self.witness.__enter__()

        def __exit__(self, failure, *rest):
            self.witness.__exit__(failure, *rest)
            if not failure:
                figures = self.witness.figures
                figure("worst delay", figures["worst_ms"], "ms", at_most=self.at_most)
                figure("p99", figures["p99_ms"], "ms")

    yield Watch
    if "stage" in request.fixturenames:  # its servers end now: so do their witnesses
        for key in opened:
            if key in _witnesses:
                _witnesses.pop(key).close()


@pytest.fixture
def figure(request, is_torture):
    """figure("worst delay", 3.2, "ms", at_most=100): reported always, decides here."""

    def note(name, value, unit="", *, at_most=None, at_least=None):
        shown = f"{name} {value:,.{decimals(value)}f} {unit}".strip()
        request.node.user_properties.append(("figure", shown))
        if is_torture:
            assert at_most is None or value <= at_most, f"{shown}, at most {at_most}"
            assert at_least is None or value >= at_least, f"{shown}, least {at_least}"

    return note


def decimals(value):
    return 0 if isinstance(value, int) or abs(value) >= 100 else 1


# -- Which of them run, and what is printed --------------------------------------------


def pytest_collection_modifyitems(config, items):
    """Keep the long ones for --torture, and of those only the numbers asked for."""
    is_torture, wanted = config.getoption("torture"), config.getoption("scenarios")
    numbers = {}
    dropped = []
    for item in items:
        if (number := number_of(item)) is None:
            continue
        if (other := numbers.setdefault(number, item)) is not item:
            raise pytest.UsageError(f"two scenarios {number}: {other} and {item}")
        is_too_long = item.get_closest_marker("long") and not is_torture
        if is_too_long or (wanted and number not in wanted):
            dropped.append(item)
    items[:] = [item for item in items if item not in set(dropped)]
    if is_torture:
        by_file = {}
        for number, item in numbers.items():
            by_file[item.path] = min(number, by_file.get(item.path, number))
        items.sort(key=lambda item: (by_file.get(item.path, 0), number_of(item) or 0))
    config.hook.pytest_deselected(items=dropped)


def pytest_configure(config):
    if config.getoption("torture"):
        config.pluginmanager.register(OneLine(config), "torture-lines")


class OneLine:
    """Prints a line for each scenario, and nothing else."""

    def __init__(self, config):
        self._config = config
        self._seconds = 0.0
        self._worst = None  # the report that decides

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self):
        category, _, _ = yield
        return category, "", ""

    def pytest_runtest_logreport(self, report):
        self._seconds += report.duration
        if self._worst is None or not report.passed:
            self._worst = report
        if report.when == "teardown":
            self._print(report)
            self._seconds, self._worst = 0.0, None

    def _print(self, report):
        told = dict(report.user_properties)
        number, sentence = told.get("scenario", ("-", report.nodeid))
        facts = [text for name, text in report.user_properties if name == "figure"]
        if self._worst.skipped:
            facts = [str(self._worst.longrepr[2]).removeprefix("Skipped: ")]
        state = SHOWN[self._worst.outcome]
        writer = self._config.pluginmanager.get_plugin("terminalreporter")
        writer.write_line(
            f"{number:>3}  {state}  {self._seconds:5.1f} s  {sentence}"
            + f"  [{'; '.join(facts)}]" * bool(facts)
        )


def pytest_runtest_setup(item):
    if found := item.get_closest_marker("scenario"):
        item.user_properties.append(("scenario", found.args))
