"""The form of a retrain: every leaf of params.yaml, None for "unchanged", built from moviechat.params."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from moviechat.params import Params

PROFILES = tuple(sorted(p.stem for p in (Path(__file__).parents[1] / "profiles").glob("*.yaml")))
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
_NULL: Final = "null"


def asked(changes: BaseModel) -> dict[str, dict[str, Any]]:
    """The changes in the form, by section and leaf; unchanged leaves are left out."""
    sections = changes.model_dump(exclude_none=True)
    return {
        section: {leaf: None if value == _NULL else value for leaf, value in leaves.items()}
        for section, leaves in sections.items()
        if leaves
    }


def _leaf(field: FieldInfo) -> Any:
    bounded: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    nullable = type(None) in get_args(field.annotation)
    told = (field.description or "") + (f" ({_NULL!r} empties it.)" if nullable else "")
    kind = bounded | Literal[_NULL] | None if nullable else bounded | None
    return (kind, Field(default=None, description=told.strip() or None))


def _section(name: str, section: type[BaseModel]) -> Any:
    leaves: dict[str, Any] = {leaf: _leaf(field) for leaf, field in section.model_fields.items()}
    model = create_model(f"{section.__name__}Changes", __config__=_STRICT, __doc__=section.__doc__, **leaves)
    return (model, Field(default=model(), title=name, description=section.__doc__))


def form(sections: tuple[str, ...], name: str) -> type[BaseModel]:
    """A model with the optional leaves of these sections of params.yaml."""
    fields: dict[str, Any] = {}
    for section in sections:
        annotation = Params.model_fields[section].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        fields[section] = _section(section, annotation)
    return create_model(
        name, __config__=_STRICT, __doc__="Changes to params.yaml; empty fields stay unchanged.", **fields
    )


if TYPE_CHECKING:

    class Changes(BaseModel):
        """The leaves of every section."""

    class EvaluateOnly(BaseModel):
        """The leaves of `evaluate`."""

    Profile = str
else:
    Changes = form(tuple(Params.model_fields), "Changes")
    EvaluateOnly = form(("evaluate",), "EvaluateOnly")
    Profile = Literal[PROFILES] if PROFILES else str
