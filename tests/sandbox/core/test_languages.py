from pathlib import Path

import pytest

from sandbox.compiling.languages import VARIABLE, LanguageTable, entry_of, extensions_of
from sandbox.errors import UnknownLanguage
from sandbox.host.rootfs import rust_root

OWN = """
[shell]
name = "POSIX shell"
extensions = [".sh"]
compiler = "/bin/sh"
install = "apt install dash"
version = ["/bin/sh", "-c", "echo 1"]
compile = ["/bin/sh", "-n", "{entry}"]
produces = ["{sources}"]
run = ["/bin/sh", "{entry}"]
"""


def test_all_languages_of_the_table() -> None:
    table = LanguageTable.load()
    assert {"cpp17", "cpp20", "cpp23", "c", "python3", "pypy3", "java", "rust"} <= {
        language.id for language in table
    }


def test_a_user_extends_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(OWN)
    monkeypatch.setenv(VARIABLE, str(own))
    table = LanguageTable.load()
    assert table["shell"].run == ("/bin/sh", "{entry}")
    assert "cpp20" in table


@pytest.mark.parametrize("text", ["[x", '[x]\nname = "only"', OWN + 'colour = "red"\n'])
def test_a_broken_table_is_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text)
    with pytest.raises(UnknownLanguage, match=r"mine\.toml"):
        LanguageTable.load(own)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage, match=r"gone\.toml"):
        LanguageTable.load(tmp_path / "gone.toml")


def test_a_language_by_file_name() -> None:
    table = LanguageTable.load()
    assert table.of_file("a.cpp").id == "cpp20"
    assert table.of_file("a.py").id == "python3"
    with pytest.raises(UnknownLanguage):
        table.of_file("a.txt")


def test_the_endings_of_a_language() -> None:
    assert extensions_of("cpp23")[0] == ".cpp"
    assert extensions_of("java") == (".java",)
    assert extensions_of("cobol") == (".cobol",)


def test_java_files_are_called_as_their_public_class() -> None:
    java = LanguageTable.load()["java"]
    source = b"import java.util.*;\npublic final class Foo { }"
    assert java.source_name("solution.java", source) == "Foo.java"
    assert java.source_name("Bar.java", b"class Bar {}") == "Bar.java"
    files = {
        "A.java": b"class A {}",
        "B.java": b"class B { public static void main(String[] a) {} }",
    }
    assert entry_of(files, java) == "B.java"


def test_compilers_are_found_on_the_host() -> None:
    for language in LanguageTable.load():
        assert "/opt/rust" not in language.host_program or not rust_root()
    if root := rust_root():
        assert LanguageTable.load()["rust"].host_program == f"{root}/bin/rustc"
