package io.rootstock.evaluation.task.core;

import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.data.RowReader;
import io.rootstock.evaluation.task.random.PythonRandom;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Renders the rows of a CORE task as nanochat's {@code core_eval.py}: rows in the order of {@code Random(1337).shuffle},
 * examples of the row at index i drawn by {@code Random(1234 + i)} from all other rows.
 */
public final class CoreRenderer implements Iterable<RenderedRow> {
    /** Seed of the examples of the first row. */
    public static final long SEED = 1234;

    /** Seed of nanochat's order of rows. */
    public static final long SHUFFLE_SEED = 1337;

    private final CoreTask task;
    private final List<Row> rows;
    private final int shots;

    /**
     * Reads the rows of a task.
     *
     * @param shots number of few-shot examples; the task's number if empty
     * @param shuffled whether the rows have nanochat's order; else the order of the file
     * @throws io.rootstock.yaml.InvalidFileException if a file is missing or malformed, or has too few rows
     */
    public CoreRenderer(CoreTask task, SuiteFiles files, OptionalInt shots, boolean shuffled) {
        this.task = task;
        this.shots = shots.orElse(task.shots());
        if (this.shots < 0 || this.shots > TaskLimits.SHOTS) {
            throw new IllegalArgumentException("shots must be 0 to " + TaskLimits.SHOTS + ", not " + this.shots);
        }
        this.rows = new ArrayList<>(RowReader.read(files, task.data()));
        if (this.shots >= rows.size()) {
            throw rows.getFirst()
                    .error(
                            "the file has " + rows.size() + " rows, but a request needs " + (this.shots + 1),
                            "use fewer shots, or add rows");
        }
        if (shuffled) {
            new PythonRandom(SHUFFLE_SEED).shuffle(rows);
        }
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** Iterates over the rows; {@code next} throws a InvalidFileException for a malformed row. */
    @Override
    public Iterator<RenderedRow> iterator() {
        return new Iterator<>() {
            private int index;

            @Override
            public boolean hasNext() {
                return index < rows.size();
            }

            @Override
            public RenderedRow next() {
                if (!hasNext()) {
                    throw new java.util.NoSuchElementException();
                }
                return rendered(index++);
            }
        };
    }

    private RenderedRow rendered(int index) {
        Row row = rows.get(index);
        StringBuilder before = new StringBuilder();
        if (shots > 0) {
            for (int drawn : new PythonRandom(SEED + index).sample(rows.size() - 1, shots)) {
                Row example = rows.get(drawn < index ? drawn : drawn + 1);
                before.append(example(example)).append("\n\n");
            }
        }
        String delimiter = task.continuationDelimiter();
        List<Request> requests = new ArrayList<>();
        Expected expected = switch (task.kind()) {
            case MULTIPLE_CHOICE -> {
                List<String> choices = texts(row, "choices");
                String context = before + text(row, "query") + delimiter;
                choices.forEach(choice -> requests.add(LoglikelihoodRequest.of(context, choice)));
                yield new Expected.Choice(choices, List.of(gold(row, choices.size())));
            }
            case SCHEMA -> {
                List<String> options = texts(row, "context_options");
                String continuation = text(row, "continuation");
                options.forEach(
                        option -> requests.add(LoglikelihoodRequest.of(before + option + delimiter, continuation)));
                yield new Expected.Choice(options, List.of(gold(row, options.size())));
            }
            case LANGUAGE_MODELING -> {
                String context = before + trimmed(row, "context") + delimiter;
                requests.add(LoglikelihoodRequest.of(context, text(row, "continuation")));
                yield new Expected.Continuation();
            }
        };
        return new RenderedRow(row, requests, expected, Optional.of(searchedText(row)));
    }

    /** Text that a contamination check searches for; of a schema, the sentence with the right option. */
    private String searchedText(Row row) {
        return switch (task.kind()) {
            case MULTIPLE_CHOICE -> text(row, "query");
            case SCHEMA -> example(row);
            case LANGUAGE_MODELING -> trimmed(row, "context");
        };
    }

    private String example(Row row) {
        String delimiter = task.continuationDelimiter();
        return switch (task.kind()) {
            case MULTIPLE_CHOICE -> {
                List<String> choices = texts(row, "choices");
                yield text(row, "query") + delimiter + choices.get(gold(row, choices.size()));
            }
            case SCHEMA -> {
                List<String> options = texts(row, "context_options");
                yield options.get(gold(row, options.size())) + delimiter + text(row, "continuation");
            }
            case LANGUAGE_MODELING -> trimmed(row, "context") + delimiter + text(row, "continuation");
        };
    }

    private static String trimmed(Row row, String field) {
        return Python.strip(Text.of(text(row, field)), null, true, true).toString();
    }

    private static String text(Row row, String field) {
        if (row.fields().get(field) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw row.error("field '" + field + "' is missing, empty or not a text", "write a text");
    }

    private static List<String> texts(Row row, String field) {
        if (row.fields().get(field) instanceof List<?> list && !list.isEmpty() && list.size() <= TaskLimits.CHOICES) {
            List<String> texts = new ArrayList<>();
            for (Object item : list) {
                if (!(item instanceof String text) || text.isEmpty()) {
                    throw row.error(
                            "item " + texts.size() + " of '" + field + "' is empty or not a text", "write a text");
                }
                texts.add(text);
            }
            return texts;
        }
        throw row.error(
                "field '" + field + "' is missing, not a list, or has not 1 to " + TaskLimits.CHOICES + " items",
                "write a list of texts");
    }

    private static int gold(Row row, int choices) {
        if (row.fields().get("gold") instanceof Long gold && gold >= 0 && gold < choices) {
            return gold.intValue();
        }
        throw row.error(
                "the row has no gold answer: 'gold' is not an index from 0 to " + (choices - 1), "write the index");
    }
}
