"""Reads an environment's own file, `config/Pulumi.<stack>.yaml`, and says everything that is wrong with its values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from settings.checks.cluster_refs import KEY as KUBECONFIGS
from settings.checks.placeholders import of_stack
from settings.checks.sign_in.provider_secrets import KEY as PROVIDER_SECRETS
from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.finding import Finding, Where
from settings.loading.declared_secrets import STACK_VALUES, TENANT_VALUES
from settings.loading.free_values import ENGINE
from settings.loading.messages import faults_of, key_of
from settings.loading.sso_secrets import KEY
from settings.loading.yaml_file import Content, read_mapping
from settings.models.stack_file import PROJECT, StackFile, is_free_of_stack
from settings.shards import link_faults, stacks
from settings.types.secrets.commands import set_command, value_path
from settings.types.shape import Location

# At which depth a value stands in each: below a Secret's name, or a tenant's and that.
_DEPTH = {STACK_VALUES: 3, TENANT_VALUES: 4}


def read_stack(
    root: Path, stack: str, *, by_engine: bool = False, placeholders: list[Finding] | None = None
) -> StackFile:
    """What the file of the environment `stack` holds; `placeholders` gets what is still to be written.

    `by_engine`: as the engine reads it, to which free values are not what they are to Helm.

    Raises ConfigurationError with every fault of it.
    """
    file = stack_file_of(stack)
    content = _content(root, stack, by_engine=by_engine)
    config = content.get("config")
    if not isinstance(config, dict):
        raise ConfigurationError(
            [Finding(Where(file, "", "config"), f"must be a mapping of keys like {PROJECT}:apiUrl")]
        )
    if placeholders is not None:
        placeholders.extend(of_stack(stack, content))
    names = {str(key): value for key, value in config.items()}
    bare = [
        Finding(Where(file, "", name), f"lacks its project; write {PROJECT}:{name}")
        for name in names
        if ":" not in name
    ]
    ours = {name.partition(":")[2]: value for name, value in names.items() if name.startswith(f"{PROJECT}:")}
    try:
        settings = StackFile.model_validate(ours, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ConfigurationError([*bare, *_stack_faults(error, file, content)]) from None
    missing = [
        Finding(Where(file, "", f"{PROJECT}:{name}"), f"is missing; set it with: pulumi config set --secret {name}")
        for name in settings.missing_secrets()
    ]
    if bare or missing:
        raise ConfigurationError([*bare, *missing])
    return settings


def _content(root: Path, stack: str, *, by_engine: bool) -> Content:
    file = stack_file_of(stack)
    if led := list(link_faults(root, stack)):
        raise ConfigurationError(led)
    if not (root / file).is_file():
        raise ConfigurationError(
            [Finding(Where(file, "", ""), f"no such file; stacks here: {', '.join(stacks(root)) or 'none'}")]
        )
    if by_engine:
        return read_mapping(root / file, file, is_free=lambda _: True, words=ENGINE)
    return read_mapping(root / file, file, is_free=is_free_of_stack, engine_too=True)


def _stack_faults(error: ValidationError, file: str, content: Content) -> Iterator[Finding]:
    def written(location: Location) -> str | None:
        top, *rest = location
        return content.written(("config", f"{PROJECT}:{top}", *rest))

    for location, text in faults_of(error, StackFile, written):
        name = str(location[0])
        if name in (KEY, KUBECONFIGS, PROVIDER_SECRETS) and len(location) == 2:
            wrong, path = text.partition(";")[0], f"{name}.{location[1]}"
            how = set_command(name, str(location[1]))
            yield Finding(Where(file, "", f"{PROJECT}:{path}"), f"{wrong}; set it with: {how}")
        elif name in (STACK_VALUES, TENANT_VALUES) and len(location) == _DEPTH[name]:
            path = value_path(*map(str, location))
            how = set_command(*map(str, location))
            yield Finding(Where(file, "", f"{PROJECT}:{path}"), f"{text.partition(';')[0]}; set it with: {how}")
        elif name in StackFile.secrets():
            wrong = text.partition(";")[0]
            yield Finding(
                Where(file, "", f"{PROJECT}:{name}"), f"{wrong}; set it with: pulumi config set --secret {name}"
            )
        else:
            yield Finding(Where(file, "", f"{PROJECT}:{key_of(location)}"), text)
