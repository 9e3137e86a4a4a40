"""Shutting a worker in: no network, no other programs, no files but the store, bounded memory.

Queries that would call out are refused before evaluation; this is the second wall, for what the
first one misses. Linux only: seccomp (kernel 3.17) closes the network, Landlock (kernel 5.13) the
file system. Elsewhere the first wall stands alone, and :func:`shut_in` says so.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# What the system's resolver and TLS read when a name is looked up and a connection is made.
NAME_SERVICE_FILES: Final = tuple(
    map(
        Path,
        (
            *("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf"),
            *("/etc/gai.conf", "/etc/ssl", "/etc/pki", "/usr/share/ca-certificates"),
            *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/run/systemd/resolve"),
        ),
    )
)

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# Numbers of the system calls that a worker must not make, by machine: socket, connect, bind,
# listen, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup.
_FORBIDDEN: Final = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 59, 322, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 221, 281, 117, 270, 271, 425)),
}
_ALLOW: Final = 0x7FFF0000
_FAIL_WITH_EPERM: Final = 0x00050000 | 1
_KILL: Final = 0x80000000

_LANDLOCK_CREATE: Final = 444
_LANDLOCK_ADD_RULE: Final = 445
_LANDLOCK_RESTRICT: Final = 446
_LANDLOCK_VERSION: Final = 1  # asks which version there is
_LANDLOCK_ALL: Final = (1 << 13) - 1  # all rights of its first version
_LANDLOCK_REFER: Final = 1 << 13  # to link and rename between folders; since its second version
_LANDLOCK_OF_FILES: Final = 1 << 0 | 1 << 1 | 1 << 2  # EXECUTE, WRITE_FILE, READ_FILE
_LANDLOCK_READ: Final = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_memory(extra: int) -> None:
    """Let the address space of this process grow by ``extra`` bytes at most."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # A worker that is aborted must not fill the disk with its memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def shut_in(
    readable: Sequence[Path] = (), writable: Sequence[Path] = (), network: bool = False
) -> list[str]:
    """Close network, programs and file system to this process, but for the paths given.

    With ``network`` the process may open connections. Paths that do not exist are passed over.

    Returns the names of the walls that this system does not have.
    """
    missing = []
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1):
        return ["no_new_privs", "landlock", "seccomp"]
    if not _restrict_files(readable, writable):
        missing.append("landlock")
    if not _forbid_calls(network):
        missing.append("seccomp")
    return missing


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> int:
    try:
        return int(_libc().prctl(option, value, 0, 0, 0))
    except (AttributeError, OSError):
        return -1


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _forbid_calls(network: bool) -> bool:
    known = _FORBIDDEN.get(platform.machine())
    if known is None or platform.system() != "Linux":
        return False
    architecture = known[0]
    numbers = known[1][2:] if network else known[1]

    def instruction(code: int, on_true: int, on_false: int, value: int) -> bytes:
        return struct.pack("HBBI", code, on_true, on_false, value)

    load, jump_if_equal, give_back = 0x20, 0x15, 0x06
    program = [
        instruction(load, 0, 0, 4),  # the architecture of the call
        instruction(jump_if_equal, 1, 0, architecture),
        instruction(give_back, 0, 0, _KILL),
        instruction(load, 0, 0, 0),  # the number of the call
    ]
    for index, number in enumerate(numbers):
        program.append(instruction(jump_if_equal, len(numbers) - index, 0, number))
    program += [
        instruction(give_back, 0, 0, _ALLOW),
        instruction(give_back, 0, 0, _FAIL_WITH_EPERM),
    ]
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filters = _Program(len(program), ctypes.cast(buffer, ctypes.c_void_p))
    return (
        int(_libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filters), 0, 0)) == 0
    )


def _restrict_files(readable: Sequence[Path], writable: Sequence[Path]) -> bool:
    if platform.system() != "Linux":
        return False
    libc = _libc()
    version = int(libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION))
    everything = _LANDLOCK_ALL | (_LANDLOCK_REFER if version > 1 else 0)
    handled = struct.pack("Q", everything)
    ruleset = int(libc.syscall(_LANDLOCK_CREATE, handled, len(handled), 0))
    if ruleset < 0:
        return False
    try:
        rights = [(path, _LANDLOCK_READ) for path in readable]
        rights += [(path, everything) for path in writable]
        for path, allowed in rights:
            try:
                descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            if not path.is_dir():
                allowed &= _LANDLOCK_OF_FILES
            try:
                rule = struct.pack("=Qi", allowed, descriptor)
                if libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0):
                    return False
            finally:
                os.close(descriptor)
        return int(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)
