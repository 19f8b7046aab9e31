"""Secrets that a command line carries, as scripts of containers have them: `docker login -p …`, `sshpass -p …`. Pure.

Which values are given is said here; whether one is a secret or says where one is, the caller judges.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise

from settings.types.secrets.names import is_secret_setting

# They take a password without a space between only: `mysql -p db` asks for one.
_ATTACHED = frozenset({"mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "7z", "7za", "7zz"})
# Whose option means something else without this word: `docker run -p 80:80`.
_LOGIN = frozenset({"docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az", "oc"})
# The option whose value is a password, by the command's name.
_OPTION = {
    **dict.fromkeys((*_LOGIN, *_ATTACHED, "sshpass"), "-p"),
    **dict.fromkeys(("ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami"), "-w"),
    **dict.fromkeys(("zip", "unzip"), "-P"),
    **dict.fromkeys(("redis-cli", "http", "https"), "-a"),
    **dict.fromkeys(("mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"), "-p"),
    "smbclient": "-U",
    "openssl": "-k",
}
# What stands in front of the password in the option's own value.
_USER = {"http": ":", "https": ":", "smbclient": "%"}
_SETS = frozenset({"set", "config", "configure"})
_SETS_ALWAYS = frozenset({"ENV", "setenv"})
# A line of a configuration file: `requirepass …`.
_DIRECTIVES = frozenset({"requirepass", "masterauth", "bindpw"})
# They read a password from what is handed on to them, with this option if one is named.
_READERS = {"kinit": "", "sudo": "-S", "cryptsetup": "", "chpasswd": "", "ansible-vault": ""}
_MARKS = re.compile(
    r"\b(?:login|sshpass|mysql\w*|mariadb\S*|redis-cli|ldap\w+|https? -|smbclient|(?:un)?zip|7z\w?|set|configure|"
    r"config|alias|ENV|setenv|pass\w*|requirepass|masterauth|bindpw|kinit|sudo|cryptsetup|chpasswd|mongo\w*|openssl|create)\b|<<<|secret|token|key",
    re.IGNORECASE,
)


def command_secrets(text: str) -> Iterator[str]:
    """Every value that a command of `text` takes for a password or the like."""
    for line in text.splitlines():
        if " " in line and _MARKS.search(line):
            commands = _commands(line)
            yield from _handed_on(commands)
            for words in commands:
                for value in (*_of_options(words), *_of_names(words), *_of_places(words)):
                    # `$(cat …)` comes in parts.
                    if not value.startswith(("$", "`")):
                        yield value


def _commands(line: str) -> list[list[str]]:
    """The words of each command of a line, as a shell parts them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&")
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:
        words = line.split()
    commands: list[list[str]] = [[]]
    for word in words:
        if word and not word.strip("|;&"):
            commands.append([])
        else:
            commands[-1].append(word)
    return [each for each in commands if each]


def _of_options(words: Sequence[str]) -> Iterator[str]:
    name = next((word for word in words if word.rpartition("/")[2] in _OPTION), "").rpartition("/")[2]
    if not name or (name in _LOGIN and "login" not in words):
        return
    option = _OPTION[name]
    for index, word in enumerate(words):
        if word == option and name not in _ATTACHED:
            value = words[index + 1] if index + 1 < len(words) else ""
        elif word.startswith(option) and word != option:
            value = word.removeprefix(option).lstrip("=")
        else:
            continue
        yield value.partition(_USER[name])[2] if name in _USER else value


def _of_names(words: Sequence[str]) -> Iterator[str]:
    """`aws configure set aws_secret_access_key …`, `ENV DB_PASSWORD …`, `password …` as a whole line."""
    whole = len(words) == 2 and (is_secret_setting(words[0]) or words[0] in _DIRECTIVES)
    always = words[0] in _SETS_ALWAYS
    if not (whole or always or _SETS & set(words)):
        return
    for name, value in pairwise(words):
        named = is_secret_setting(re.split(r"[./:]", name)[-1]) or name in _DIRECTIVES
        # Plain words follow such a name in a sentence, too.
        if named and (always or any(letter.isdigit() for letter in value)):
            yield value


def _of_places(words: Sequence[str]) -> Iterator[str]:
    """`vault login …`, `wandb login …`, `mc alias set name address key secret`."""
    name = words[0].rpartition("/")[2]
    if name in ("vault", "wandb") and words[1:2] == ["login"]:
        yield from (word for word in words[2:] if "=" not in word and not word.startswith("-"))
    if name in ("kubectl", "oc") and {"create", "secret"} <= {*words}:
        yield from (word.partition("=")[2].partition("=")[2] for word in words if word.startswith("--from-literal="))
    if name == "mc" and words[1:3] == ["alias", "set"]:
        yield from words[6:7]


def _handed_on(commands: Sequence[Sequence[str]]) -> Iterator[str]:
    """`echo … | docker login --password-stdin`, and the same with `<<<`."""
    for index, words in enumerate(commands):
        reader = words[0].rpartition("/")[2]
        reads = reader in _READERS and (not _READERS[reader] or _READERS[reader] in words)
        if not (reads or "--password-stdin" in words or (words[0] == "read" and any(map(is_secret_setting, words)))):
            continue
        before = commands[index - 1] if index else []
        if before[:1] in (["echo"], ["printf"]):
            yield from (word for word in before[1:] if not word.startswith(("-", "%")))
        if "<<<" in words:
            yield from words[words.index("<<<") + 1 :][:1]
