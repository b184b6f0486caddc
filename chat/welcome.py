"""What the operator and each newcomer are told about the server."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chat.settings import Settings
from messages import Notice
from protocol import MAX_PAYLOAD, MAX_TEXT

# What --history means for what somebody says here.
PROMISES = {
    "disk": "What is said here is kept on the server's disk.",
    "memory": "What is said here is kept until the server stops.",
    "off": "What is said here is not kept.",
}


@dataclass(frozen=True, slots=True)
class Greeting:
    """What every newcomer is told: by programs to be read, and by people."""

    facts: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    def with_motd(self, motd: str) -> Greeting:
        """Add the operator's own message of the day, if there is one."""
        return replace(self, notices=(*self.notices, Notice(motd))) if motd else self


def kind_of(history: str) -> str:
    return history if history in PROMISES else "disk"


def facts(settings: Settings, ping_seconds: float) -> tuple[str, ...]:
    """For programs: key=value, in the welcome."""
    return (
        "server=homeroom",
        f"frame={MAX_PAYLOAD}",
        f"text={MAX_TEXT}",
        f"rate={settings.rate:g}",
        f"burst={settings.burst}",
        f"ping={ping_seconds:g}",
        f"history={kind_of(settings.history)}",
    )


def greeting(settings: Settings, ping_seconds: float) -> Greeting:
    # For people: they should know it before they say something.
    promise = PROMISES[kind_of(settings.history)]
    return Greeting(facts(settings, ping_seconds), (Notice(promise),))


def announcement(settings: Settings, port: int, lan_host: str) -> list[str]:
    """For the operator: programs wait for the first two lines, so they stay."""
    host = "0.0.0.0" if settings.lan else settings.host
    shown = f"[{host}]" if ":" in host else host
    lines = [
        f"Chat server started on {shown}:{port}",
        "Waiting for connections (Ctrl+C stops the server)",
        f"History: {settings.history}",
    ]
    if settings.lan:
        lines.append(f"Others type: python client.py NAME {lan_host}:{port}")
    return lines
