"""rerun_<page>: what one more look at a page costs the server; the peer is the same page with nothing kept.

A client speaks Streamlit's own protocol: it connects, asks for the page again and again, and waits for each run to
finish. The server's processor time is read from the operating system before and after.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.measure import ROOT, Entry, median

PAGES = {
    "overview": "",
    "trends": "trends",
    "contact": "contact",
    "compare": "compare",
    "need_map": "need_map",
    "targets": "targets",
    "present": "present",
    "catalogue": "catalogue",
}
GOAL = "ratio at most 0.35 and at most 0.040 s"
ROUNDS = 3
RERUNS = 12
EMPTY = "import streamlit as st\n\nst.write('')\n"


def run(page: str) -> Entry:
    """Rounds of reruns on three servers in turn: ours, the same with nothing kept, an empty page."""
    ours, peers, empties, payloads = [], [], [], []
    with tempfile.TemporaryDirectory() as place:
        blank = Path(place) / "empty.py"
        blank.write_text(EMPTY, "utf-8")
        with serving(ROOT / "dashboard.py") as own, serving(ROOT / "dashboard.py", ATLAS_KEEP_NOTHING="1") as peer, serving(blank) as empty:
            for _ in range(ROUNDS):
                seconds, payload = asyncio.run(own.reruns(PAGES[page]))
                ours.append(seconds)
                payloads.append(payload)
                peers.append(asyncio.run(peer.reruns(PAGES[page]))[0])
                empties.append(asyncio.run(empty.reruns(""))[0])
            peak = own.peak_mib()
    ratio = median([one / other for one, other in zip(ours, peers, strict=True)])
    seconds = median(ours)
    return Entry(
        seconds, "the same page with nothing kept (ATLAS_KEEP_NOTHING=1)", median(peers), ratio, GOAL, peak, ROUNDS * RERUNS,
        ratio <= 0.35 and seconds <= 0.040, {"empty_page_seconds": median(empties), "kilobytes_sent": round(median(payloads) / 1000, 1)},
    )  # fmt: skip


class Server:
    """A running Streamlit and its processor time."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self._seen = psutil.Process(process.pid)

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    def peak_mib(self) -> float:
        """Memory held, in MiB."""
        return round(self._seen.memory_info().rss / 2**20, 1)

    async def reruns(self, page: str) -> tuple[float, float]:
        """Processor seconds and bytes of one rerun, as the mean over RERUNS after two that are not counted."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        async with websockets.connect(address, max_size=None, subprotocols=["streamlit"], origin=f"http://127.0.0.1:{self.port}") as socket_:
            for _ in range(2):
                await ask(socket_, page)
            before, sent = self.cpu(), 0
            for _ in range(RERUNS):
                sent += await ask(socket_, page)
            return (self.cpu() - before) / RERUNS, sent / RERUNS


async def ask(socket_: websockets.ClientConnection, page: str) -> int:
    """Ask for the page and wait until its run is finished; the bytes that came. An exception on the page is an error."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.page_name = page
    await socket_.send(message.SerializeToString())
    received = 0
    while True:
        data = await asyncio.wait_for(socket_.recv(), 60)
        received += len(data)
        forward = ForwardMsg()
        forward.ParseFromString(data if isinstance(data, bytes) else data.encode())
        if forward.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(forward.delta.new_element.exception.message)
        if forward.WhichOneof("type") == "script_finished":
            if forward.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                continue
            return received


@contextmanager
def serving(app: Path, **environment: str) -> Iterator[Server]:
    """A server on a free port, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        "--server.headless=true",
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(20)
