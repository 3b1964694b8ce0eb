package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;
import java.util.List;

/** Source of a row's choices, {@code doc_to_choice}. */
public sealed interface Choices {
    /** A field name, or a template that renders a Python list of strings. */
    record Template(YamlText source) implements Choices {}

    /** The same choices for every row. */
    record Fixed(List<String> texts) implements Choices {
        public Fixed {
            texts = List.copyOf(texts);
        }
    }
}
