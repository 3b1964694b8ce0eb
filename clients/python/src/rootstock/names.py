"""Names as the command line writes them: MODEL, MODEL@ALIAS, MODEL:NUMBER; lower-case values of enums."""

from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message


def resource(collection: str, name: str) -> str:
    """datasets, spam -> datasets/spam; a full name stays."""
    return name if name.startswith(collection + "/") else f"{collection}/{name}"


def version(name: str) -> str:
    """prose -> models/prose@latest; MODEL@ALIAS, MODEL:NUMBER and full names stay."""
    full = resource("models", name)
    return full if any(mark in full.removeprefix("models/") for mark in "@:/") else f"{full}@latest"


def enum_name(kind: EnumDescriptor, number: int) -> str:
    """DATASET_KIND_CLASSIFICATION -> classification. The prefix is that of the first value, which ends in UNSPECIFIED."""
    return kind.values_by_number[number].name.removeprefix(_prefix(kind)).lower()


def enum_value(kind: EnumDescriptor, value: str) -> int:
    """classification -> DATASET_KIND_CLASSIFICATION. ValueError lists the values."""
    known = kind.values_by_name.get(_prefix(kind) + value.upper().replace("-", "_"))
    if known is None or known.number == 0:
        values = [enum_name(kind, item.number) for item in kind.values if item.number != 0]
        raise ValueError(f"'{value}' is not one of {', '.join(values)}")
    return known.number


def _prefix(kind: EnumDescriptor) -> str:
    return kind.values[0].name.removesuffix("UNSPECIFIED")


def set_fields(message: Message, values: dict[str, Any]) -> None:
    """Sets fields by name; enums take their lower-case values. TypeError names an unknown field."""
    fields = message.DESCRIPTOR.fields_by_name
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            raise TypeError(f"unknown setting '{name}'; settings are {', '.join(sorted(fields))}")
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, name).update(value)
        elif field.is_repeated:
            getattr(message, name).extend(value)
        elif field.type == FieldDescriptor.TYPE_ENUM:
            setattr(message, name, enum_value(field.enum_type, value))
        else:
            setattr(message, name, value)
