package io.rootstock.evaluation.task.request;

import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Values;
import io.rootstock.evaluation.task.Choices;
import io.rootstock.evaluation.task.Target;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.template.PythonLiteral;
import io.rootstock.evaluation.task.template.TaskTemplate;
import io.rootstock.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values of {@code doc_to_text}, {@code doc_to_target}, {@code doc_to_choice}, description and decontamination query of
 * a row. A setting that is a column's name is the field's value; every other setting is a template.
 */
final class RowValues {
    private static final String GOLD_HINT = "correct the row, or remove it from the file";

    private final Task task;
    private final Set<String> columns;
    private final Map<String, TaskTemplate> templates = new java.util.HashMap<>();

    /**
     * @param task the task
     * @param columns fields of the evaluated split's rows
     */
    RowValues(Task task, Set<String> columns) {
        this.task = task;
        this.columns = columns;
    }

    /** Returns the text of a row, or the index of the choice that is its text. */
    Object text(Row row) {
        Object value = value(task.text(), row);
        return value instanceof String text && task.choices().isPresent() && isTemplate(task.text())
                ? indexOrText(text)
                : value;
    }

    /** Returns the target: a text, an index into the choices, or a list of either. */
    Object target(Row row) {
        Object value = switch (task.target()) {
            case Target.Fixed(int index) -> (long) index;
            case Target.Template(YamlText source) -> {
                Object field = value(source, row);
                yield isTemplate(source) ? templateTarget((String) field) : field;
            }
        };
        return switch (value) {
            case null -> throw row.error("the row has no gold answer: the target is null", GOLD_HINT);
            case Boolean truth -> truth ? 1L : 0L;
            case List<?> list
            when list.isEmpty() ->
                throw row.error("the row has no gold answer: the target is an empty list", GOLD_HINT);
            default -> value;
        };
    }

    private Object templateTarget(String text) {
        Object value = task.choices().isPresent() ? indexOrText(text) : text;
        if (value instanceof String && text.length() >= 2 && text.startsWith("[") && text.endsWith("]")) {
            Optional<List<Object>> list = PythonLiteral.list(text);
            return list.isPresent() ? list.get() : text;
        }
        return value;
    }

    private static Object indexOrText(String text) {
        return text.matches("0|[1-9][0-9]{0,8}") ? (Object) Long.valueOf(text) : text;
    }

    /**
     * Returns the choices of a row.
     *
     * @throws io.rootstock.yaml.InvalidFileException if the row has no choices, too many, or an empty one
     */
    List<String> choices(Row row) {
        return switch (task.choices().orElseThrow()) {
            case Choices.Fixed(List<String> texts) -> texts;
            case Choices.Template(YamlText source) -> {
                Object value = value(source, row);
                if (isTemplate(source)) {
                    value = PythonLiteral.list((String) value)
                            .map(Object.class::cast)
                            .orElseThrow(() -> row.error(
                                    "doc_to_choice of " + source.file() + ":" + source.line()
                                            + " does not render a Python list of texts",
                                    "write a template such as {{[a, b]}}"));
                }
                yield texts(row, value);
            }
        };
    }

    private static List<String> texts(Row row, Object value) {
        if (!(value instanceof List<?> list)) {
            throw row.error("the choices are not a list", "write a list of texts");
        }
        if (list.isEmpty() || list.size() > TaskLimits.CHOICES) {
            throw row.error("the row has " + list.size() + " choices", "write 1 to " + TaskLimits.CHOICES + " choices");
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text) || text.isEmpty()) {
                throw row.error(
                        "choice " + texts.size() + " is " + (item instanceof String ? "empty" : "not a text"),
                        "write a text for each choice");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Returns the text before the examples; may be empty. */
    String description(Row row) {
        if (task.description().text().isEmpty()) {
            return "";
        }
        return string(row, value(task.description(), row), "description");
    }

    /**
     * Returns the text that a classifier reads.
     *
     * @throws io.rootstock.yaml.InvalidFileException if the task does not state one, and its question is a choice
     */
    String classifiedText(Row row) {
        Optional<YamlText> stated = task.classes().text();
        if (stated.isPresent()) {
            return string(row, value(stated.get(), row), "metadata.classification_text");
        }
        Object question = text(row);
        if (question instanceof Long) {
            throw row.error(
                    "the row has no text to classify: doc_to_text is a choice",
                    "add metadata: {classification_text: TEMPLATE}");
        }
        return string(row, question, "doc_to_text");
    }

    Optional<String> decontaminationQuery(Row row) {
        return task.decontaminationQuery().map(query -> string(row, value(query, row), "doc_to_decontamination_query"));
    }

    /** Returns a value that must be a text. */
    static String string(Row row, Object value, String key) {
        if (value instanceof String text) {
            return text;
        }
        throw row.error(
                "'" + key + "' of the row is " + Python.repr(Values.of(value, Text.TEMPLATE)) + ", not a text",
                "write a template, such as {{field}}");
    }

    private boolean isTemplate(YamlText source) {
        return !columns.contains(source.text());
    }

    private Object value(YamlText source, Row row) {
        if (isTemplate(source)) {
            return templates
                    .computeIfAbsent(source.text(), _ -> TaskTemplate.compile(source))
                    .render(row.fields(), row.place());
        }
        if (!row.fields().containsKey(source.text())) {
            throw row.error(
                    "the row has no field '" + source.text() + "', which " + source.file() + ":" + source.line()
                            + " names",
                    "add the field to the row");
        }
        return row.fields().get(source.text());
    }
}
