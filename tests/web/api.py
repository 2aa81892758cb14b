"""`make test-api`: `wenju serve` over the samples, called by schemathesis as it describes itself, and otherwise.

No call may end in an error of the server, or in a status, header or body that `/api/openapi.json` does not describe.
That all is taken which the description allows is not held: it does not tell what is a question, or what a file holds.
What it does not allow is refused by `test_contract.py`; schemathesis would take a body that is also too long (413)
for one that was accepted.
"""

import subprocess
import sys
from pathlib import Path

from bot.web.keys import Keys
from tests.web.demo import samples_served

_NOT_HELD = "positive_data_acceptance,negative_data_rejection"


def main() -> int:
    tool, *arguments = sys.argv[1:]
    if not Path(tool).is_file():
        raise SystemExit(f"{tool} is not there. Run: make test-api")
    with samples_served() as server:
        key = Keys(server.home).add("schemathesis", "administrator")
        command = [
            tool, "run", f"http://{server.place}/api/openapi.json", "--header", f"Authorization: Bearer {key}",
            "--exclude-checks", _NOT_HELD, "--phases", "examples,coverage,fuzzing", "--max-examples", "10",
            "--seed", "1", *arguments,
        ]  # fmt: skip
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
