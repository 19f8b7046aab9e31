"""One file an attack: what its comments say of it, and what is said of the stack with it.

`# tenant: name` is whose file it is (acme if not said), or `# tenant:` with nothing for a stack's file, which is laid
over `stack.yaml`. `# stack: {…}` is laid over that file's settings, `# values: {…}` over its other keys.
`# refused: …` begins the one line that tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.value_conflicts import load
from settings.errors import ConfigurationError

FOLDER = Path(__file__).parent
_STACK = "clearml-tenants:stack"
# Another tenant, so that there is somebody to attack.
_OTHER = """\
company: Globex Corporation
admin: {name: Globex Admin, email: admin@globex.example}
signIn: {domains: [globex.example]}
agent: {queues: {default: {}}}
gateway: {hostName: router.globex.clearml.example.com}
"""
_ACME = """\
company: Acme Inc.
admin: {name: Acme Admin, email: admin@acme.example}
"""


@dataclass(frozen=True)
class Case:
    """One file; `refused` is empty of an honest one."""

    name: str
    text: str
    tenant: str
    refused: str
    stack: Mapping[str, Any]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, path: Path) -> Case:
        """The file at `path`."""
        text = path.read_text(encoding="utf-8")
        said = dict.fromkeys(("tenant", "refused", "stack", "values"), "")
        said["tenant"] = "acme"
        for line in text.splitlines():
            name, colon, value = line.removeprefix("# ").partition(":")
            if line.startswith("# ") and colon and name in said:
                said[name] = value.strip()
        laid_over = [yaml.safe_load(said[name]) or {} for name in ("stack", "values")]
        return cls(path.stem, text, said["tenant"], said["refused"], *laid_over)

    def refusals(self, root: Path) -> list[str]:
        """What `make check` says is wrong with the stack that has this file, in a project at `root`."""
        file = yaml.safe_load((FOLDER / "stack.yaml").read_text())
        own: Mapping[str, Any] = {} if self.tenant else yaml.safe_load(self.text)
        whole = _laid_over(file, own)
        whole["config"][_STACK] = _laid_over(whole["config"][_STACK], self.stack)
        whole["config"] |= {f"clearml-tenants:{key}": value for key, value in self.values.items()}
        tenants = {"globex": _OTHER, **({self.tenant: self.text} if self.tenant else {"acme": _ACME})}
        folder = root / "config" / "tenants" / "test"
        folder.mkdir(parents=True)
        (root / "config" / "Pulumi.test.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True))
        for name, text in tenants.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        try:
            load(root, "test")
        except ConfigurationError as error:
            return [str(fault) for fault in error.findings]
        return []

    @property
    def line(self) -> str:
        """How the line begins that tells the attack."""
        file = f"config/tenants/test/{self.tenant}.yaml: {self.tenant}" if self.tenant else "config/Pulumi.test.yaml"
        return f"{file}: {self.refused}"


def cases(folder: str) -> list[Case]:
    """Every file of `refused` or `honest`, in the order of their names."""
    return [Case.of(path) for path in sorted((FOLDER / folder).rglob("*.yaml"))]


def _laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }
    return {**base, **both}
