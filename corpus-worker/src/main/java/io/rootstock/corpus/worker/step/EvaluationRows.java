package io.rootstock.corpus.worker.step;

import io.rootstock.evaluation.contamination.NgramLengths;
import io.rootstock.evaluation.contamination.RowText;
import io.rootstock.evaluation.contamination.TaskTexts;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreRenderer;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.data.RowReader;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.task.suite.Suite;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Texts of evaluation rows that documents are searched for: of suites, the texts that a contamination check of a model searches for;
 * of row files, the fields of each row.
 *
 * @param fields names of fields, joined in this order; a row may lack some of them
 */
record EvaluationRows(List<String> fields, NgramLengths lengths) {
    /** Fields of rows without examples and answers: those of CORE, SQuAD, instructions and plain texts. */
    static final List<String> FIELDS = List.of(
            "context",
            "passage",
            "query",
            "question",
            "instruction",
            "input",
            "premise",
            "sentence",
            "document",
            "text");

    private static final String ENDINGS = ".jsonl, .ndjson, .json, .csv, .tsv, each also with .gz";

    /**
     * Reads the rows of a suite, one text for each task.
     *
     * @param folder folder with {@code suite.yaml}
     * @throws InvalidFileException if a task file or a row is malformed
     */
    List<TaskTexts> suite(Path folder) {
        FolderFiles files = new FolderFiles(folder);
        Suite suite = SuiteReader.read(files);
        List<TaskTexts> tasks = new ArrayList<>();
        for (Task task : suite.tasks()) {
            tasks.add(rendered(suite.name() + "/" + task.name(), new TaskRenderer(task, files, OptionalInt.of(0))));
        }
        for (CoreTask task : suite.coreTasks()) {
            tasks.add(rendered(
                    suite.name() + "/" + task.label(), new CoreRenderer(task, files, OptionalInt.of(0), false)));
        }
        return tasks;
    }

    private TaskTexts rendered(String task, Iterable<RenderedRow> rows) {
        List<RowText> texts = new ArrayList<>();
        for (RenderedRow row : rows) {
            texts.add(new RowText(row.row().index(), row.decontaminationQuery().orElse("")));
        }
        return TaskTexts.of(task, texts, lengths);
    }

    /**
     * Reads the rows of a file.
     *
     * @throws InvalidFileException if the file or a row is malformed, or a row has none of the fields
     */
    TaskTexts file(Path file) {
        String name = file.getFileName().toString();
        DataFile data = new DataFile(List.of(name), format(name), name, 0);
        List<RowText> texts = new ArrayList<>();
        for (Row row : RowReader.read(new FolderFiles(file.getParent()), data)) {
            texts.add(new RowText(row.index(), text(row)));
        }
        return TaskTexts.of(name, texts, lengths);
    }

    private static RowFormat format(String name) {
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "jsonl", "ndjson" -> new RowFormat.JsonLines();
            case "json" -> new RowFormat.AnyJson();
            case "csv" -> new RowFormat.Delimited(',', List.of(), true);
            case "tsv" -> new RowFormat.Delimited('\t', List.of(), false);
            default ->
                throw new InvalidFileException(
                        name, 0, "rows of this format cannot be read", "use files that end in " + ENDINGS);
        };
    }

    private String text(Row row) {
        if (row.fields().get("context_options") instanceof List<?> options
                && row.fields().get("continuation") instanceof String continuation
                && row.fields().get("gold") instanceof Long gold
                && gold >= 0
                && gold < options.size()) {
            return options.get(gold.intValue()) + " " + continuation;
        }
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            if (row.fields().get(field) instanceof String value) {
                text.append(text.isEmpty() ? "" : "\n").append(value);
            }
        }
        if (fields.stream().noneMatch(row.fields()::containsKey)) {
            throw row.error(
                    "the row has none of the fields " + String.join(", ", fields),
                    "state 'fields' of the step, or describe the file in a suite");
        }
        return text.toString();
    }
}
