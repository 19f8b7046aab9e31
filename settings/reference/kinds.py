"""What a field holds, in a few words: of the reference's table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

# By the function that checks the text.
_TEXTS = {
    "_admin_role": "a role's name, or an empty text",
    "_address": "a host's name or an IP address",
    "_any_namespace": "a namespace",
    "_attribute": "a word in lower case",
    "_certificates": "certificates in PEM form",
    "_chart": "a chart: a name, a folder or an address",
    "_chart_key": "a key of a chart's values, with dots",
    "_cidr": "a range of addresses",
    "_access_key": "an access key",
    "_cookie_name": "a cookie's name",
    "_company_id": "a company's id",
    "_company_name": "a company's name, of at least 3 characters",
    "_container_path": "a path in the container",
    "_digest": "a digest",
    "_domain": "a domain",
    "_email": "an e-mail address",
    "_encrypted": "a secret: `pulumi config set --secret`",
    "_endpoint_url": "an https address with a path",
    "_environment_word": "a word in lower case",
    "_external_tenant": "an external tenant's id",
    "_group_id": "a UUID",
    "_group_key": "a word in lower case",
    "_group_name": "a group's name",
    "_host_pattern": "a host's name, or `*.` and a domain",
    "_extended_resource": "a node's resource, behind a domain",
    "_ingress_class": "an ingress class",
    "_label_key": "a label's name",
    "_label_value": "a label's value",
    "_load_balancer_class": "a load balancer's class",
    "_resource_name": "a resource's name",
    "_ldap_server": "a directory's address",
    "_metadata": "XML of a SAML provider",
    "_namespace": "a namespace",
    "_object_name": "the name of an object of Kubernetes",
    "_one_or_several": "a name, or a list of names",
    "_own_name": "a namespace",
    "_person_name": "a person's name",
    "_ports": "a port or a range of ports",
    "_priority_class": "a priority class",
    "_provider_url": "an https address",
    "_schedule": "a schedule, as Kubernetes' CronJob reads it",
    "_configuration": "a text of any number of lines",
    "_quantity": "an amount, as Kubernetes writes it",
    "_refuse": "nothing",
    "_registry_host": "a registry's host",
    "_registry_place": "a place of charts or images",
    "_release": "a Helm release's name",
    "_repository": "a chart repository's address",
    "_search_filter": "an LDAP filter with `{0}` for the id",
    "_secret_key": "a key of a Secret",
    "_secret_name": "a Secret's name",
    "_server_place": "a host, with a port if it is not 80 or 443",
    "_server_url": "an address of the server",
    "_storage_url": "an address of storage",
    "_url": "an address without a path",
    "_username": "a user's name",
    "_variable_name": "a variable's name",
    "_version": "a version",
    "not_of_stacks": "a file",
    "_worker": "a name in lower case, of at most 20 characters",
}
_PLAIN: dict[object, str] = {
    bool: "`true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Any: "anything",
}
NO_DEFAULT = "left out"
_CHARTS_OWN = "values for the chart, as they are"


def kind(field: FieldInfo) -> str:
    """As `a list, each a domain`; a model as a link to its table."""
    return _words(field.annotation, field.metadata)


def default(field: FieldInfo) -> str:
    """As it is written in the file; in words where a key that is left out says nothing, or each of its keys says it."""
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "as its keys say"
    return NO_DEFAULT if value is None else _written(value)


def example(field: FieldInfo) -> str:
    """As it is written in the file: the field's own, or one that follows from what it holds."""
    if field.examples:
        return f"`{field.examples[0]}`"
    checks = _checks(field.metadata)
    if "_encrypted" in checks:
        return "`{secure: …}`"
    if "_refuse" in checks:
        return "never"
    choices = _choices(field.annotation)
    value = field.get_default(call_default_factory=True)
    other = [each for each in choices if each != value]
    return f"`{other[0]}`" if other else _written(value)


def _written(value: object) -> str:
    shown = yaml.safe_dump(_plain(value), default_flow_style=True, width=9999, sort_keys=False, allow_unicode=True)
    return f"`{shown.removesuffix(chr(10)).removesuffix('...').strip()}`"


def _choices(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for each in get_args(annotation) if (found := _choices(each))), ())


def _words(annotation: Any, metadata: Sequence[Any] = ()) -> str:  # noqa: ANN401 - a type
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(arguments[0], [*arguments[1:], *metadata])
    if type(None) in arguments:
        return _words(next(each for each in arguments if each is not type(None)), metadata)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if arguments and "_one_or_several" in _checks(metadata):
        return _checked(metadata)
    if arguments:
        return _of_parts(origin, arguments)
    return _checked(metadata) or f"{_PLAIN.get(annotation, 'a text')}{_bounds(metadata)}"


def _of_parts(origin: Any, arguments: tuple[Any, ...]) -> str:  # noqa: ANN401 - a type
    """A choice, a list or a mapping."""
    if origin is Literal:
        return f"one of {', '.join(f'`{each}`' for each in arguments)}"
    held = _words(arguments[0] if origin is tuple else arguments[1])
    if origin is tuple:
        return f"a list of {held}" if held == _CHARTS_OWN else f"a list, each {held}"
    return _CHARTS_OWN if held == "anything" else f"a mapping: {_words(arguments[0])} to {held}"


def _checked(metadata: Iterable[Any]) -> str:
    return next((_TEXTS[name] for name in _checks(metadata) if name in _TEXTS), "")


def _checks(metadata: Iterable[Any]) -> list[str]:
    """The names of the functions that check a value."""
    return [each.func.__name__ for each in metadata if isinstance(each, AfterValidator | BeforeValidator)]


def _bounds(metadata: Iterable[Any]) -> str:
    found: dict[str, Any] = {}
    for each in _flat(metadata):
        match each:
            case Ge():
                found["from"] = each.ge
            case Gt():
                found["over"] = each.gt
            case Le():
                found["to"] = each.le
            case Lt():
                found["under"] = each.lt
            case MinLen():
                found["of at least"] = each.min_length
            case _:
                pass
    return "".join(f" {word} {bound}" for word, bound in found.items())


def _flat(metadata: Iterable[Any]) -> Iterable[Any]:
    """What stands inside a `Field(…)` of an inner type too."""
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
