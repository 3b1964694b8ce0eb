package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;

/** Source of a row's answer, {@code doc_to_target}. */
public sealed interface Target {
    /** A field name, or a template; digits index into the choices, a Python list holds several answers. */
    record Template(YamlText source) implements Target {}

    /** Index into the choices, equal for every row. */
    record Fixed(int index) implements Target {}
}
