"""Linking statically at a fifth of the cost: mold, and the standard library linked beforehand.

Nearly all of a static link is reading libstdc++.a and libc.a and choosing among thousands of small
objects, the same ones for nearly every program. Here they are linked once into one relocatable
object (`ld -r`), which holds what a typical program pulls in; a program is linked from its own
objects, the C runtime's first and last ones and that object. What needs more of the libraries, or
defines what the object already has (an `operator new` of its own), fails at that and is linked
from the libraries as always.

The task's own sources (a grader) are compiled once for all programs in the same way.
"""

import shlex
from collections.abc import Collection, Mapping, Sequence
from importlib import resources

from sandbox.compiling import headers
from sandbox.compiling.headers import flags_of
from sandbox.compiling.languages import Language
from sandbox.compiling.prepared import Made, Prepared, shown
from sandbox.data import digest_of

MOLD = "/usr/bin/mold"
_FORM = "1"
_STARTS = ("crt1.o", "crti.o", "crtbeginT.o")
_ENDS = ("crtend.o", "crtn.o")
_LIBRARY = "library.o"
_OBJECT = "manager.o"
_MANAGERS_PAY_AFTER = 2
"""A second program of the task shows that there are several."""
_MAKE = """set -e
"$@" -c typical.cpp -o typical.o
wanted=$(nm -u typical.o | sed -n 's/^ *U \\([A-Za-z_].*\\)$/-Wl,-u,\\1/p' | grep -v _GLOBAL_OFFSET)
"$1" -r -nostdlib -o library.o $wanted -Wl,-u,__libc_start_main -Wl,-u,__register_frame_info \\
    -Wl,--start-group -lstdc++ -lm -lgcc -lgcc_eh -lc -Wl,--end-group
objcopy --weaken-symbol=__dso_handle --weaken-symbol=_dl_relocate_static_pie \\
    --weaken-symbol=_DYNAMIC library.o
for name in crt1.o crti.o crtbeginT.o crtend.o crtn.o; do
    cp "$("$1" -print-file-name=$name)" $name
done
"""
"""The objects of the C runtime define these three for themselves; the library's are second."""


class FastLink:
    """Turns a command that compiles and links statically into one that links faster."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._has_mold: bool | None = None

    def command(
        self,
        language: Language,
        version: str,
        argv: Sequence[str],
        sources: Sequence[str],
        files: Mapping[str, bytes],
        managers: Collection[str] = (),
        front: Sequence[str] = (),
    ) -> tuple[str, ...] | None:
        """The command to run in place of `argv`; None where there is none (yet).

        Args:
            front: Flags for the program's own sources, where no other is compiled along.
            managers: Which of the files are the task's: what of them is compiled along is compiled
                once, where nothing of the program's own can take part in it.
        """
        objects = [source.rpartition(".")[0] + ".o" for source in sources]
        distinct = len({*objects, *files}) == len(objects) + len(files)
        if not language.header or "-static" not in argv or "-o" not in argv or not distinct:
            return None
        # Files in an archive are unpacked by a command of another shape.
        if any(name.startswith("-") or name not in files for name in sources):
            return None
        if not self.has_mold():
            return None
        flags = flags_of(argv, files)
        plain = tuple(word for word in flags if not word.startswith("-I"))
        library = self._library(version, plain)
        if library is None:
            return None
        made = self._managers(version, plain, sources, files, managers)
        own = [source for source in sources if source not in made]
        objects = [made.get(source, name) for source, name in zip(sources, objects, strict=True)]
        target = argv[list(argv).index("-o") + 1]
        place = shown(library)
        fast = [MOLD, "-static", "--no-fork", "-z", "execstack-if-needed"]
        fast += ["--hash-style=gnu", "--strip-all", "-o", target]
        fast += [f"{place}/{name}" for name in _STARTS]
        fast += [*objects, f"{place}/{_LIBRARY}"]
        fast += [f"{place}/{name}" for name in _ENDS]
        slow = [*flags, "-fuse-ld=mold", "-Wl,--no-fork,-z,execstack-if-needed", "-o", target]
        alone = () if set(own) & set(managers) else front
        script = (
            f"{shlex.join([*flags, *alone, '-c', *own])} && "
            f"{{ {shlex.join(fast)} 2>/dev/null || exec {shlex.join([*slow, *objects])}; }}"
        )
        return ("/bin/sh", "-c", script)

    def _managers(
        self,
        version: str,
        flags: tuple[str, ...],
        sources: Sequence[str],
        files: Mapping[str, bytes],
        managers: Collection[str],
    ) -> dict[str, str]:
        """Source of the task's to its object, as a program in the sandbox sees it."""
        given = {name: files[name] for name in sorted(managers)}
        own = [name for name in files if name not in given]
        words = b"\0".join(given.values())
        if not set(own) <= set(sources) or any(name.encode() in words for name in own):
            return {}  # a manager may read a file of the contestant's
        found: dict[str, str] = {}
        parts = [f"{name}:{digest_of(content)}" for name, content in given.items()]
        for source in sources:
            if source not in given:
                continue
            key = digest_of("\0".join((_FORM, version, *flags, source, *parts)).encode())
            argv = (*flags, "-c", source, "-o", _OBJECT)

            def make(argv: tuple[str, ...] = argv) -> Made | None:
                return self._prepared.made_by(argv, given, (_OBJECT,))

            if self._prepared.ready(key, make, pays_after=_MANAGERS_PAY_AFTER):
                found[source] = f"{shown(key)}/{_OBJECT}"
        return found

    def has_mold(self) -> bool:
        """Whether mold is installed in the sandbox's system."""
        if self._has_mold is None:
            self._has_mold = self._prepared.made_by((MOLD, "--version"), {}, ()) is not None
        return self._has_mold

    def _library(self, version: str, flags: tuple[str, ...]) -> str | None:
        typical = resources.files(__package__).joinpath("plugin/typical.cpp").read_bytes()
        key = digest_of("\0".join((_FORM, version, *flags)).encode() + typical)

        def make() -> Made | None:
            argv = ("/bin/sh", "-c", _MAKE, "sh", *flags)
            return self._prepared.made_by(
                argv, {"typical.cpp": typical}, (*_STARTS, _LIBRARY, *_ENDS)
            )

        return key if self._prepared.ready(key, make, pays_after=headers.PAYS_AFTER) else None
