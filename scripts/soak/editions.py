"""Two territory files that differ in what they say, published in turn, so that a stale answer can be told."""

import asyncio
import json
import os
import re
import time
from pathlib import Path


class Publisher:
    """Publishes a new edition with `parvis ingest`, and knows what an answer must say from when on."""

    def __init__(self, program: str, territory: Path, work: Path) -> None:
        self.program, self.data, self.work = program, work / "data", work
        text = territory.read_text(encoding="utf-8")
        folder = os.path.abspath(territory.parent)
        absolute = re.sub(r'^path = "', f'path = "{folder}/', text, flags=re.MULTILINE)
        self.files = []
        for name in ("odd", "even"):
            path = work / f"{name}.toml"
            # The title is in the landing page; the shorter window leaves other events.
            shorter = absolute if name == "odd" else absolute.replace('to = "2028-01-01"', 'to = "2027-03-01"')
            assert name == "odd" or shorter != absolute, "the territory has another window than the demo's"
            path.write_text(shorter, encoding="utf-8")
            self.files.append(path)
        self.count = 0
        self.id = ""
        self.changed = 0.0
        """When the edition in force was replaced, by the monotonic clock."""
        self.seconds: list[float] = []

    async def publish(self) -> None:
        """Makes the next edition; the other of the two files than the last time."""
        self.count += 1
        began = time.monotonic()
        config = self.files[self.count % 2]
        command = ["nice", "-n", "10", self.program, "ingest", str(config), "--data", str(self.data)]
        run = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, said = await run.communicate()
        if run.returncode:
            raise RuntimeError(f"ingest: {said.decode()}")
        self.seconds.append(time.monotonic() - began)
        self.id = (self.data / "CURRENT").read_text().strip()
        self.changed = time.monotonic()

    def rows(self, collection: str) -> int:
        """How many rows the edition in force has."""
        manifest = json.loads((self.data / "editions" / f"{self.id}.json").read_text(encoding="utf-8"))
        return manifest["collections"][collection]["rows"]
