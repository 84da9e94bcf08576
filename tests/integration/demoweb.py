"""What the tests of whole runs share: the demo web's truth, and a `dateline` process."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.demo.archive import HERE
from tests.demo.replay import with_port

RUN_SECONDS = 240


@cache
def expected(port: int) -> dict:
    """What must become of the frozen web, its URLs with the replay server's port."""
    return tomllib.loads(with_port((HERE / "expected.toml").read_bytes(), port).decode())


def dateline(*arguments: str, environment: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``dateline`` as a user does, from a folder that is not the checkout."""
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
        env=dict(environment),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


def start_dateline(*arguments: str, environment: Mapping[str, str], cwd: Path) -> subprocess.Popen:
    """The same without waiting; its output goes to ``dateline.log`` in the folder."""
    with open(cwd / "dateline.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
            env=dict(environment),
            cwd=cwd,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
