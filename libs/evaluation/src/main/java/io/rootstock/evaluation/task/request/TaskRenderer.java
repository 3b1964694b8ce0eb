package io.rootstock.evaluation.task.request;

import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Values;
import io.rootstock.evaluation.task.GenerationSetting;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.data.RowReader;
import io.rootstock.yaml.InvalidFileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Renders the rows of a task to requests, equal to lm-evaluation-harness 0.4.13. Each iteration begins with the first
 * row and the seed, so that the requests of a row do not depend on earlier runs.
 */
public final class TaskRenderer implements Iterable<RenderedRow> {
    /** lm-evaluation-harness' seed of few-shot examples. */
    public static final long SEED = 1234;

    private static final Pattern SPACES = Pattern.compile("[\\s\\u001c-\\u001f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Task task;
    private final List<Row> rows;
    private final List<Row> examples;
    private final int shots;
    private final long seed;
    private final PromptFormat format;
    private final RowValues values;
    private final boolean textIsChoice;
    private final boolean severalTargets;

    /**
     * Reads the rows of a task.
     *
     * @param files files of the suite
     * @param shots number of few-shot examples; the task's number if empty
     * @throws io.rootstock.yaml.InvalidFileException if a row file is missing or malformed, or the first row does not
     *     fit the task
     */
    public TaskRenderer(Task task, SuiteFiles files, OptionalInt shots) {
        this(task, files, shots, SEED, PromptFormat.PLAIN);
    }

    /**
     * Reads the rows of a task; examples are drawn with another seed than the harness' default.
     *
     * @param files files of the suite
     * @param shots number of few-shot examples; the task's number if empty
     * @param seed seed of the examples, lm-evaluation-harness' fourth {@code --seed}
     * @param format form of the requests
     * @throws io.rootstock.yaml.InvalidFileException if a row file is missing or malformed, the first row does not fit
     *     the task, or the task does not have the format
     */
    public TaskRenderer(Task task, SuiteFiles files, OptionalInt shots, long seed, PromptFormat format) {
        this.task = task;
        this.seed = seed;
        this.format = format;
        this.shots = shots.orElse(task.fewShots().count());
        if (this.shots < 0 || this.shots > TaskLimits.SHOTS) {
            throw new IllegalArgumentException("shots must be 0 to " + TaskLimits.SHOTS + ", not " + this.shots);
        }
        if (format == PromptFormat.CLASSIFIER) {
            requireClassifiable();
        }
        Map<String, List<Row>> splits = new HashMap<>();
        this.rows = splits.computeIfAbsent(
                task.evaluatedSplit(),
                split -> RowReader.read(files, task.dataset().splits().get(split)));
        this.examples = this.shots == 0
                ? List.of()
                : splits.computeIfAbsent(
                        task.fewshotSplit(),
                        split -> RowReader.read(files, task.dataset().splits().get(split)));
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.fields().keySet()));
        this.values = new RowValues(task, columns);
        this.textIsChoice = task.choices().isPresent() && values.text(rows.getFirst()) instanceof Long;
        this.severalTargets = values.target(rows.getFirst()) instanceof List<?>;
    }

    private void requireClassifiable() {
        String reason = task.outputType() != OutputType.MULTIPLE_CHOICE
                ? "is a " + task.outputType().key() + " task"
                : shots > 0 ? "has " + shots + " few-shot examples" : "";
        if (!reason.isEmpty()) {
            throw new InvalidFileException(
                    task.file(),
                    0,
                    "task " + task.name() + " " + reason + ", and a classifier reads one text for each row",
                    "select multiple_choice tasks, with 0 shots");
        }
        if (task.has(Metric.ACC_MUTUAL_INFO)) {
            throw new InvalidFileException(
                    task.file(),
                    0,
                    "task " + task.name() + " has the metric acc_mutual_info, and a classifier has no probability of"
                            + " classes without a text",
                    "select a task without this metric");
        }
    }

    /** Rows of the evaluated split. */
    public int size() {
        return rows.size();
    }

    /**
     * Iterates over the rows in order; {@code next} throws a InvalidFileException for a row that cannot be rendered or has no
     * gold answer.
     */
    @Override
    public Iterator<RenderedRow> iterator() {
        FewShotSampler sampler = new FewShotSampler(task.fewShots().sampler(), examples, seed);
        Iterator<Row> each = rows.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public RenderedRow next() {
                Row row = each.next();
                List<Context.Example> shown = new ArrayList<>();
                if (shots > 0) {
                    sampler.sample(shots, row, task.dropsEvaluatedRow())
                            .forEach(example -> shown.add(example(example)));
                }
                return rendered(row, Context.of(task, format, values.description(row), shown));
            }
        };
    }

    /** Renders a row as an example. */
    private Context.Example example(Row row) {
        Object question = values.text(row);
        List<String> choices = task.choices().isPresent() ? values.choices(row) : List.of();
        Object target = values.target(row);
        Object answer = target instanceof List<?> several ? several.getFirst() : target;
        if (textIsChoice) {
            question = choices.get(index(row, question, choices));
        } else if (answer instanceof Long && !choices.isEmpty() && !(target instanceof List<?>)) {
            answer = choices.get(index(row, answer, choices));
        }
        return new Context.Example(
                RowValues.string(row, question, "doc_to_text"), RowValues.string(row, answer, "doc_to_target"));
    }

    private RenderedRow rendered(Row row, Context before) {
        List<Request> requests = new ArrayList<>();
        Expected expected = switch (task.outputType()) {
            case LOGLIKELIHOOD -> {
                String continuation = requireText(row, values.target(row));
                requests.add(before.loglikelihood(question(row), continuation));
                yield new Expected.Continuation();
            }
            case LOGLIKELIHOOD_ROLLING -> {
                String text = RowValues.string(row, values.target(row), "doc_to_target");
                requests.add(new RollingRequest(text));
                yield new Expected.Document(
                        text.getBytes(StandardCharsets.UTF_8).length, SPACES.split(text, -1).length);
            }
            case MULTIPLE_CHOICE -> choices(row, before, requests);
            case GENERATE_UNTIL -> {
                GenerationSetting generation = task.generation().orElseThrow();
                Expected.References references = references(row);
                requests.add(before.generation(question(row), generation));
                yield references;
            }
        };
        return new RenderedRow(row, requests, expected, Optional.of(searchedText(row)));
    }

    /** Text that a contamination check searches for. */
    private String searchedText(Row row) {
        Optional<String> query = values.decontaminationQuery(row);
        if (query.isPresent()) {
            return query.get();
        }
        if (task.outputType() == OutputType.LOGLIKELIHOOD_ROLLING) {
            return RowValues.string(row, values.target(row), "doc_to_target");
        }
        if (!textIsChoice) {
            return question(row);
        }
        // The choice begins a sentence that the target ends; neither is a text by itself.
        List<String> choices = values.choices(row);
        return choices.get(index(row, values.text(row), choices))
                + task.targetDelimiter()
                + Python.str(Values.of(values.target(row), Text.TEMPLATE));
    }

    private String question(Row row) {
        return RowValues.string(row, values.text(row), "doc_to_text");
    }

    private static String requireText(Row row, Object target) {
        String text = RowValues.string(row, target, "doc_to_target");
        if (text.isEmpty()) {
            throw row.error("the row has no gold answer: doc_to_target is empty", "correct the row, or remove it");
        }
        return text;
    }

    private Expected.Choice choices(Row row, Context before, List<Request> requests) {
        List<String> choices = values.choices(row);
        String delimiter = before.choiceDelimiter();
        Object target = values.target(row);
        Object gold = target;
        if (textIsChoice) {
            gold = values.text(row);
            String continuation = delimiter + Python.str(Values.of(target, Text.TEMPLATE));
            if (format == PromptFormat.CLASSIFIER) {
                classes(row, choices, requests);
            } else {
                choices.forEach(choice -> requests.add(before.loglikelihood(choice, continuation)));
            }
        } else if (format == PromptFormat.CLASSIFIER) {
            classes(row, choices, requests);
        } else {
            String question = question(row);
            choices.forEach(choice -> requests.add(before.loglikelihood(question, delimiter + choice)));
        }
        if (task.has(Metric.ACC_MUTUAL_INFO)) {
            choices.forEach(choice -> requests.add(LoglikelihoodRequest.of("", delimiter + choice)));
        }
        List<Integer> indices = new ArrayList<>();
        for (Object each : gold instanceof List<?> several ? several : List.of(gold)) {
            indices.add(index(row, each, choices));
        }
        return new Expected.Choice(choices, indices, positive(row, choices));
    }

    private void classes(Row row, List<String> choices, List<Request> requests) {
        String text = values.classifiedText(row);
        List<String> labels = task.classes().labels();
        if (!labels.isEmpty() && labels.size() != choices.size()) {
            throw row.error(
                    "the row has " + choices.size() + " choices, but metadata.class_labels has " + labels.size()
                            + " classes",
                    "write one label for each choice, in their order");
        }
        for (int i = 0; i < choices.size(); i++) {
            requests.add(new ClassifyRequest(text, choices.get(i), labels.isEmpty() ? choices.get(i) : labels.get(i)));
        }
    }

    /** Index of the stated positive class. */
    private OptionalInt positive(Row row, List<String> choices) {
        Optional<String> named = task.classes().positive();
        if (named.isPresent()) {
            int index = choices.indexOf(named.get());
            if (index < 0) {
                throw row.error(
                        "metadata.positive_class '" + named.get() + "' is not one of the " + choices.size()
                                + " choices",
                        "name a choice");
            }
            return OptionalInt.of(index);
        }
        if (choices.size() != 2 && task.has(Metric.AUC)) {
            throw row.error(
                    "the row has " + choices.size() + " choices, and metric auc needs a positive class",
                    "name it: metadata: {positive_class: CHOICE}");
        }
        return OptionalInt.empty();
    }

    private static int index(Row row, Object gold, List<String> choices) {
        int index = gold instanceof Long number && number >= 0 && number < choices.size()
                ? number.intValue()
                : gold instanceof String text ? choices.indexOf(text) : -1;
        if (index < 0) {
            throw row.error(
                    "the gold answer " + Python.repr(Values.of(gold, Text.TEMPLATE)) + " is not one of the "
                            + choices.size() + " choices",
                    "write an index from 0 to " + (choices.size() - 1) + ", or the text of a choice");
        }
        return index;
    }

    private Expected.References references(Row row) {
        Object target = values.target(row);
        if (task.choices().isPresent()) {
            List<String> choices = values.choices(row);
            return new Expected.References(List.of(choices.get(index(row, target, choices))));
        }
        List<String> references = new ArrayList<>();
        for (Object each : target instanceof List<?> several ? several : List.of(target)) {
            if (each == null) {
                throw row.error("the row has no gold answer: a target is null", "correct the row, or remove it");
            }
            references.add(Python.str(Values.of(each, Text.TEMPLATE)).toString());
        }
        if (!severalTargets && references.size() > 1) {
            throw row.error(
                    "the row has " + references.size() + " targets, but the first row has one",
                    "write a list in every row");
        }
        return new Expected.References(references);
    }
}
