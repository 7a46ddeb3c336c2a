"""What a laptop may run short of during a meeting: its battery and its free disk."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LOW_PERCENT = 20
LOW_BYTES = 500 * 1000 * 1000

_POWER_SUPPLY = Path("/sys/class/power_supply")
_READ = ("type", "scope", "status", "capacity", "energy_full", "charge_full")
_NO_BATTERY, _UNKNOWN_FLAGS, _UNKNOWN_PERCENT = 128, 255, 255


@dataclass(frozen=True)
class Battery:
    """The charge of the laptop's batteries together, and whether it is being used up."""

    percent: int
    discharging: bool


@dataclass(frozen=True)
class Supplies:
    """The battery and the free disk; None without a battery, or where the system does not tell."""

    battery: Battery | None
    free_bytes: int | None

    @property
    def shortage(self) -> str:
        """« Batterie 14 %, 420 Mo libres »: what runs low; empty when nothing does."""
        low = []
        if self.battery and self.battery.discharging and self.battery.percent < LOW_PERCENT:
            low.append(f"Batterie {self.battery.percent} %")
        if self.free_bytes is not None and self.free_bytes < LOW_BYTES:
            low.append(f"{self.free_bytes // 1_000_000} Mo libres")
        return ", ".join(low)


def supplies(folder: Path) -> Supplies:
    """The battery, and the free bytes on the disk of a folder."""
    try:
        free: int | None = shutil.disk_usage(folder).free
    except OSError:  # the stick was pulled out, which is told elsewhere
        free = None
    return Supplies(_battery(), free)


def _battery() -> Battery | None:
    if sys.platform == "win32":
        return _windows_battery()
    return linux_battery(_attributes(_POWER_SUPPLY))  # a folder that only Linux has


def linux_battery(devices: Iterable[Mapping[str, str]]) -> Battery | None:
    """The laptop's battery, from the attributes of each device of /sys/class/power_supply.

    Batteries of a mouse or a keyboard (scope Device) are left out; several batteries give their
    mean charge, weighted by capacity.
    """
    known = []
    for one in devices:
        percent = _whole(one.get("capacity", ""))
        if one.get("type") == "Battery" and one.get("scope") != "Device" and percent is not None:
            size = _whole(one.get("energy_full", "")) or _whole(one.get("charge_full", "")) or 0
            known.append((min(percent, 100), size, one.get("status") == "Discharging"))
    if not known:
        return None
    even = not all(size for _, size, _ in known)
    whole = sum(1 if even else size for _, size, _ in known)
    held = sum(percent * (1 if even else size) for percent, size, _ in known)
    return Battery(held // whole, any(discharging for _, _, discharging in known))


def windows_battery(line: int, flags: int, percent: int) -> Battery | None:
    """The battery by the first three bytes of SYSTEM_POWER_STATUS: mains, flags, per cent left."""
    if flags == _UNKNOWN_FLAGS or flags & _NO_BATTERY or percent == _UNKNOWN_PERCENT:
        return None
    return Battery(min(percent, 100), discharging=line == 0)


def _attributes(folder: Path) -> list[dict[str, str]]:
    devices = []
    for device in sorted(folder.glob("*")):
        attributes = {}
        for name in _READ:
            try:
                attributes[name] = (device / name).read_text("utf-8", "replace").strip()
            except OSError:  # a device has only some attributes, and may vanish while being read
                continue
        devices.append(attributes)
    return devices


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _windows_battery() -> Battery | None:
    import ctypes

    status = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS
    windll = getattr(ctypes, "windll")  # noqa: B009 - typed on Windows alone
    if not windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        return None
    return windows_battery(status[0], status[1], status[2])
