"""Server, UI, worker and deployments on one machine, in one command. Starts processes; does no work itself."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from flows.settings import SETTINGS_VARIABLE, Settings
from tasks.errors import Terminal
from warehouse.disk import disk_faults

POOL = "dateline"
START_SECONDS = 180
STOP_SECONDS = 20


def api_url(settings: Settings) -> str:
    """Where Prefect's API answers while `dateline serve` runs."""
    every = settings.prefect.host in ("0.0.0.0", "::")  # listens on each address, and answers on this one
    return f"http://{'127.0.0.1' if every else settings.prefect.host}:{settings.prefect.port}/api"


def environment(settings: Settings) -> dict[str, str]:
    """Prefect's settings for this archive: its database beside the warehouse, nothing sent to anybody.

    Makes the folder of that database. Raises Terminal ``folder_not_writable``, and ``settings_invalid`` where another
    database is named that Prefect cannot use.
    """
    home = settings.data_folder / "prefect"
    with disk_faults(home):
        home.mkdir(parents=True, exist_ok=True)
    return _database(settings) | {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "3",  # "Run" in the UI is waited for
        # The first start in a new home makes Prefect's database: over the default on a loaded machine.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }


def _database(settings: Settings) -> dict[str, str]:
    url = settings.prefect.database_url.get_secret_value()
    if not url:
        return {}  # SQLite in Prefect's home
    if not url.startswith("postgresql+asyncpg://"):  # not told again: there may be a password in it
        raise Terminal("settings_invalid", "prefect.database_url must begin with postgresql+asyncpg://.")
    return {"PREFECT_SERVER_DATABASE_CONNECTION_URL": url}


def is_serving(settings: Settings) -> bool:
    """True where a Prefect server answers at the configured address."""
    try:
        with urllib.request.urlopen(f"{api_url(settings)}/health", timeout=1) as answer:
            return answer.status == 200 and answer.read(16).strip() == b"true"
    except (urllib.error.URLError, OSError):
        return False


def prefect_file() -> Path:
    """The deployments: beside the code in a checkout, inside the package where it was installed from a wheel."""
    for folder in (Path(__file__).parent / "_deployments", Path(__file__).parent.parent / "deployments"):
        if (folder / "prefect.yaml").is_file():
            return folder / "prefect.yaml"
    raise Terminal("prefect_file_missing", "deployments/prefect.yaml is not there; install Dateline again.")


def serve(settings: Settings, settings_file: Path | None, say: Callable[[str], None]) -> None:
    """Start the server, make the work pool and the deployments, start a worker, and wait until interrupted.

    Raises Terminal ``port_in_use`` where something else answers there, ``server_failed`` where a process ends unasked.
    """
    if is_serving(settings):
        raise Terminal(
            "port_in_use",
            f"A Prefect server answers at {api_url(settings)} already. Stop it, or set another [prefect] port.",
        )
    variables = os.environ | environment(settings) | {"PREFECT_API_URL": api_url(settings)}
    if settings_file is not None:
        variables[SETTINGS_VARIABLE] = str(settings_file)
    else:  # the processes below work elsewhere, and would look for defaults there
        variables["DATELINE_ARCHIVE__DATA_FOLDER"] = str(settings.data_folder)
        variables["DATELINE_ARCHIVE__SOURCES_FILE"] = str(settings.archive.sources_file)
    signal.signal(signal.SIGTERM, _interrupt)
    running: list[subprocess.Popen] = []
    try:
        host, port = settings.prefect.host, str(settings.prefect.port)
        server = _start(variables, "server", "start", "--host", host, "--port", port)
        running.append(server)
        _await(settings, server)
        _run(variables, "--no-prompt", "work-pool", "create", POOL, "--type", "process", "--overwrite")
        _run(variables, "--no-prompt", "deploy", "--all", "--prefect-file", str(prefect_file()))
        from flows.automations import apply_automations

        apply_automations(prefect_file().with_name("automations.yaml"), api_url(settings), settings.prefect.webhook_url)
        closed = _close_cut_off(settings)
        if closed:
            say(f"{closed} runs were cut off when the server last stopped; the next run takes up what they left.")
        running.append(_start(variables, "worker", "start", "--pool", POOL, "--type", "process"))
        say(f"UI: http://{host}:{port}   archive: {settings.data_folder}   stop with Ctrl-C")
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
        raise Terminal("server_failed", "Prefect's server or worker ended by itself; its last lines above say why.")
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):  # a second one must not leave a process behind
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(running):
            _stop(process)


def _close_cut_off(settings: Settings) -> int:
    """Mark the runs that no worker is running any more, so that none of them holds a place; returns how many.

    Server and worker stop together here: whatever is still under way when they start was cut off with them.
    """
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    under_way = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    asked = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=under_way)))
    with SyncPrefectClient(api=api_url(settings)) as client:
        runs = client.read_flow_runs(flow_run_filter=asked)
        for run in runs:
            client.set_flow_run_state(run.id, Crashed(message="Cut off when the server stopped."), force=True)
    return len(runs)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


# Prefect puts its working folder first on the import path: there must be no `tasks` or `flows` of somebody else's in it.
def _start(variables: dict[str, str], *arguments: str) -> subprocess.Popen:
    # A session of its own: Ctrl-C reaches this process alone, which then stops worker and server in that order.
    return subprocess.Popen(
        [sys.executable, "-m", "prefect", *arguments],
        env=variables,
        cwd=variables["PREFECT_HOME"],
        stdout=sys.stderr,
        start_new_session=True,
    )


def _run(variables: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments],
        env=variables,
        cwd=variables["PREFECT_HOME"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Terminal("server_failed", f"prefect {' '.join(arguments)} failed: {(done.stderr or done.stdout)[-2000:]}")


def _await(settings: Settings, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_serving(settings):
        if server.poll() is not None:
            raise Terminal(
                "port_in_use",
                f"Prefect's server did not start on {api_url(settings)}; if the port is taken, set another.",
            )
        if time.monotonic() > deadline:
            raise Terminal("server_failed", f"Prefect's server did not answer within {START_SECONDS} s; see above.")
        time.sleep(0.5)


def _stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
