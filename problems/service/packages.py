"""Where handed-over packages lie, and their judges: by an id that cannot be guessed, for the client
alone that brought them. The folder may be shared by several services behind one address."""

import contextlib
import hashlib
import hmac
import os
import pickle
import re
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from problems.errors import ProblemsError
from problems.formats import Package
from problems.formats.archive import cache_folder
from problems.judging.judge import Judge
from problems.package import load_package
from problems.service.testsets import as_package
from problems.service.work import Described, Upload, UploadTests
from problems.verifying.timelimits import with_time_limit
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.service.work import Refusal, Trouble

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2")
_OPEN = 64
_SECRET_BYTES = 32


class Opened:
    """A package that can be judged."""

    def __init__(self, id_: str, package: Package, judge: Judge) -> None:
        self.judge = judge
        task = package.task
        self.described = Described(
            id=id_,
            name=task.name,
            title=task.title,
            type=str(task.type),
            scored=task.scored,
            subtasks={subtask.name: subtask.max_points for subtask in task.subtasks},
            tests=len(package.testset.testcases),
            time_s=judge.time_s,
            memory_bytes=task.limits.memory_bytes,
            languages=task.languages,
        )


class Packages:
    """All packages that were handed over. Safe to use from threads and processes."""

    def __init__(self, folder: Path, sandbox: Sandbox, compiler: Compiler) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._sandbox = sandbox
        self._compiler = compiler
        self._secret = _secret(folder / "secret")
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._opening: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def take(self, upload: Upload | UploadTests) -> Described:
        """Keeps it; the same content of the same client has the same id.

        Raises:
            PackageError, UnsupportedTask: Nothing here can read or judge it; it is not kept.
            JudgeError: It states no time limit and none could be measured.
        """
        content = pickle.dumps(upload)
        id_ = self._id(upload.client, content)
        place = self._folder / id_
        is_new = not place.exists()
        if is_new:
            draft = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
            try:
                (draft / "upload").write_bytes(content)
                if isinstance(upload, Upload):
                    (draft / f"package{upload.suffix}").write_bytes(upload.content)
                with contextlib.suppress(FileExistsError, OSError):
                    draft.rename(place)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        try:
            return self.opened(upload.client, id_).described
        except Exception:
            if is_new:
                shutil.rmtree(place, ignore_errors=True)
            raise

    def said(self, error: ProblemsError) -> str:
        """What is wrong with a package, for whoever handed it over: files by their names inside of
        it, and no folder of this machine."""
        text = str(error)
        for folder in (cache_folder(), self._folder):
            # A package's own folder there, and the archive's name in it.
            text = re.sub(rf"{re.escape(str(folder))}/[\w.-]+/", "", text)
        return re.sub(r"^package(\.[\w.]+)?/?(?=:)", "the package", text.removeprefix("package/"))

    def opened(self, client: str, id_: str) -> Opened:
        """The package of that id, if that client brought it.

        Raises:
            Refusal: MISSING; whether it is another client's is not said.
        """
        missing = Refusal(Trouble.MISSING, "no package of that id was handed over by this client")
        if not (id_.isascii() and id_.isalnum()) or not id_.startswith(self._prefix(client)):
            raise missing
        with self._lock:
            found = self._opened.get(id_)
            if found is not None:
                self._opened.move_to_end(id_)
                return found
            opening = self._opening.setdefault(id_, threading.Lock())
        with opening:
            with self._lock:
                found = self._opened.get(id_)
            if found is not None:
                return found
            place = self._folder / id_
            try:
                upload: Upload | UploadTests = pickle.loads((place / "upload").read_bytes())
            except FileNotFoundError:
                raise missing from None
            opened = self._open(id_, upload, place)
            with self._lock:
                self._opened[id_] = opened
                self._opening.pop(id_, None)
                while len(self._opened) > _OPEN:
                    self._opened.popitem(last=False)
            return opened

    def _open(self, id_: str, upload: Upload | UploadTests, place: Path) -> Opened:
        if isinstance(upload, UploadTests):
            package = as_package(upload, place / "tests", id_[-8:])
        else:
            package = load_package(place / f"package{upload.suffix}")
        package = with_time_limit(package, self._sandbox, self._compiler)
        return Opened(
            id_, package, Judge(package.task, package.testset, self._sandbox, self._compiler)
        )

    def _prefix(self, client: str) -> str:
        """Tells whose an id is, to us alone."""
        return hmac.new(self._secret, b"client\0" + client.encode(), hashlib.sha256).hexdigest()[
            :16
        ]

    def _id(self, client: str, content: bytes) -> str:
        own = hmac.new(self._secret, b"content\0" + content, hashlib.sha256).hexdigest()[:32]
        return self._prefix(client) + own


def _secret(path: Path) -> bytes:
    """The folder's key, made by whoever comes first."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_bytes(_SECRET_BYTES))
    return path.read_bytes()
