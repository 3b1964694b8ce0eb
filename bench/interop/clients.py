"""Runs client libraries against the served model: clients.py LIST LOGS SECONDS

LIST has a line for each client: its name and its command, or its name, "skipped:" and the reason. A command writes to standard
output {"version": ..., "checks": [name...]} and then {"check": name, "reason": null or why it failed} for each of its checks.
Other output is ignored. LOGS is a folder for the standard error of each; SECONDS limits each.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Client:
    name: str
    version: str = ""
    checks: dict[str, str | None] = field(default_factory=dict)
    seconds: float = 0.0

    def failed(self) -> dict[str, str]:
        return {name: reason for name, reason in self.checks.items() if reason}


def output(command: list[str], log: Path, seconds: int) -> tuple[str, str]:
    """Runs a command; returns its standard output and how it ended, "" if normally."""
    with log.open("wb") as errors:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True)
        except OSError as failure:
            return "", str(failure)
        try:
            text = process.communicate(timeout=seconds)[0]
            end = ""
            if process.returncode:
                last = log.read_text(errors="replace").strip().rpartition("\n")[2]
                end = f"the client ended with status {process.returncode}: {last[:200]}"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text = process.communicate()[0]
            end = f"not finished after {seconds} s"
    return text, end


def run(name: str, command: list[str], log: Path, seconds: int) -> Client:
    client = Client(name)
    start = time.monotonic()
    text, end = output(command, log, seconds)
    client.seconds = time.monotonic() - start
    for line in text.splitlines():
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if isinstance(report, dict) and "checks" in report:
            client.version = report["version"]
            client.checks = dict.fromkeys(report["checks"], end or "not reported")
        elif isinstance(report, dict) and "check" in report:
            client.checks[report["check"]] = report["reason"]
    if end and not client.failed():
        client.checks["exit"] = end
    if not client.checks:
        client.checks["start"] = "no check was reported"
    return client


def main():
    lines, logs, seconds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    clients = []
    print(f"{'client':<16} {'version':<12} {'checks':>6} {'failed':>6} {'seconds':>8}")
    for line in lines.read_text().splitlines():
        name, _, command = line.partition(" ")
        if command.startswith("skipped:"):
            print(f"skipped: {name} ({command.removeprefix('skipped:').strip()})")
            continue
        client = run(name, shlex.split(command), logs / f"{name}.log", seconds)
        clients.append(client)
        print(f"{name:<16} {client.version:<12} {len(client.checks):>6} {len(client.failed()):>6} {client.seconds:>8.1f}")
        for check, reason in client.failed().items():
            print(f"    {check}: {reason}")
        sys.stdout.flush()
    failed = sum(len(client.failed()) for client in clients)
    print(f"clients={len(clients)} checks={sum(len(client.checks) for client in clients)} failed={failed}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
