"""The image configuration (OCI image-spec, config.md; Docker's image specification v1.2 for the extras)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jettison.errors import InvalidInput
from jettison.oci.descriptor import Platform
from jettison.oci.digest import Digest


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """Docker's HEALTHCHECK. ``test`` is ``("NONE",)``, ``("CMD", …)`` or ``("CMD-SHELL", command)``.

    Durations are in nanoseconds, 0 means inherited or default.
    """

    test: tuple[str, ...]
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0

    def to_json(self) -> dict[str, Any]:
        """As Docker writes it, zero values left out."""
        named = {
            "Interval": self.interval, "Timeout": self.timeout, "StartPeriod": self.start_period,
            "StartInterval": self.start_interval, "Retries": self.retries,
        }  # fmt: skip
        return {"Test": list(self.test)} | {k: v for k, v in named.items() if v}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Healthcheck:
        """Read Docker's ``Healthcheck`` object."""
        return cls(
            test=tuple(value.get("Test") or ()),
            interval=int(value.get("Interval") or 0),
            timeout=int(value.get("Timeout") or 0),
            start_period=int(value.get("StartPeriod") or 0),
            start_interval=int(value.get("StartInterval") or 0),
            retries=int(value.get("Retries") or 0),
        )


@dataclass(frozen=True, slots=True)
class ContainerConfig:
    """How a container of the image runs: the ``config`` object. ``None`` means that the key is absent."""

    env: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    user: str = ""
    working_dir: str = ""
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = ""
    healthcheck: Healthcheck | None = None
    shell: tuple[str, ...] | None = None
    on_build: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """``env`` as a mapping; the last of several values wins, as in the kernel's view of Docker's list."""
        return dict(item.partition("=")[::2] for item in self.env)

    @property
    def command(self) -> tuple[str, ...]:
        """What a container runs: entrypoint and cmd joined."""
        return (self.entrypoint or ()) + (self.cmd or ())

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ContainerConfig:
        """Read the ``config`` object; unknown keys are kept in ``extra``."""
        known = {
            "Env", "Entrypoint", "Cmd", "User", "WorkingDir", "ExposedPorts", "Volumes", "Labels", "StopSignal",
            "Healthcheck", "Shell", "OnBuild",
        }  # fmt: skip

        def words(key: str) -> tuple[str, ...] | None:
            found = value.get(key)
            return None if found is None else tuple(str(word) for word in found)

        health = value.get("Healthcheck")
        return cls(
            env=words("Env") or (),
            entrypoint=words("Entrypoint"),
            cmd=words("Cmd"),
            user=str(value.get("User") or ""),
            working_dir=str(value.get("WorkingDir") or ""),
            exposed_ports=tuple(sorted(value.get("ExposedPorts") or ())),
            volumes=tuple(sorted(value.get("Volumes") or ())),
            labels={str(k): str(v) for k, v in (value.get("Labels") or {}).items()},
            stop_signal=str(value.get("StopSignal") or ""),
            healthcheck=Healthcheck.from_json(health) if health else None,
            shell=words("Shell"),
            on_build=words("OnBuild") or (),
            extra={k: v for k, v in value.items() if k not in known},
        )

    def to_json(self) -> dict[str, Any]:
        """The ``config`` object; empty values are left out."""
        value: dict[str, Any] = dict(self.extra)
        if self.env:
            value["Env"] = list(self.env)
        if self.entrypoint is not None:
            value["Entrypoint"] = list(self.entrypoint)
        if self.cmd is not None:
            value["Cmd"] = list(self.cmd)
        for key, text in (
            ("User", self.user),
            ("WorkingDir", self.working_dir),
            ("StopSignal", self.stop_signal),
        ):
            if text:
                value[key] = text
        if self.exposed_ports:
            value["ExposedPorts"] = {port: {} for port in sorted(self.exposed_ports)}
        if self.volumes:
            value["Volumes"] = {volume: {} for volume in sorted(self.volumes)}
        if self.labels:
            value["Labels"] = dict(sorted(self.labels.items()))
        if self.healthcheck:
            value["Healthcheck"] = self.healthcheck.to_json()
        if self.shell is not None:
            value["Shell"] = list(self.shell)
        if self.on_build:
            value["OnBuild"] = list(self.on_build)
        return dict(sorted(value.items()))


@dataclass(frozen=True, slots=True)
class History:
    """One line of an image's history; ``empty_layer`` marks those that brought no layer."""

    created_by: str = ""
    created: str = ""
    comment: str = ""
    author: str = ""
    empty_layer: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> History:
        """Read a history entry."""
        return cls(
            created_by=str(value.get("created_by") or ""),
            created=str(value.get("created") or ""),
            comment=str(value.get("comment") or ""),
            author=str(value.get("author") or ""),
            empty_layer=bool(value.get("empty_layer")),
        )

    def to_json(self) -> dict[str, Any]:
        """The history entry; empty values are left out."""
        named = {
            "created": self.created,
            "created_by": self.created_by,
            "author": self.author,
            "comment": self.comment,
        }
        return {k: v for k, v in named.items() if v} | ({"empty_layer": True} if self.empty_layer else {})


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The configuration document of an image. ``created`` is RFC 3339 or empty."""

    platform: Platform = field(default_factory=Platform.host)
    container: ContainerConfig = field(default_factory=ContainerConfig)
    diff_ids: tuple[Digest, ...] = ()
    history: tuple[History, ...] = ()
    created: str = ""
    author: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def with_container(self, **changes: Any) -> ImageConfig:
        """The same image run differently: ``changes`` are fields of ``ContainerConfig``."""
        return replace(self, container=replace(self.container, **changes))

    @classmethod
    def from_bytes(cls, data: bytes) -> ImageConfig:
        """Read a configuration blob, OCI's or Docker's. Raises ``InvalidInput``."""
        known = {"os", "architecture", "variant", "config", "rootfs", "history", "created", "author"}
        try:
            value = json.loads(data)
            return cls(
                platform=Platform(
                    str(value.get("os") or "linux"),
                    str(value.get("architecture") or ""),
                    str(value.get("variant") or ""),
                ),
                container=ContainerConfig.from_json(value.get("config") or {}),
                diff_ids=tuple(Digest.parse(d) for d in (value.get("rootfs") or {}).get("diff_ids") or ()),
                history=tuple(History.from_json(h) for h in value.get("history") or ()),
                created=str(value.get("created") or ""),
                author=str(value.get("author") or ""),
                extra={k: v for k, v in value.items() if k not in known},
            )
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidInput(f"cannot read image configuration: {error}") from error

    def to_bytes(self) -> bytes:
        """The document, deterministic: sorted keys, no white space."""
        value: dict[str, Any] = dict(self.extra) | {
            "architecture": self.platform.architecture,
            "os": self.platform.os,
            "config": self.container.to_json(),
            "rootfs": {"type": "layers", "diff_ids": [str(d) for d in self.diff_ids]},
            "history": [h.to_json() for h in self.history],
        }
        named = {"variant": self.platform.variant, "created": self.created, "author": self.author}
        value |= {k: v for k, v in named.items() if v}
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
