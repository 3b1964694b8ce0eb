package io.rootstock.corpus.worker.step;

import static io.rootstock.corpus.recipe.Parameter.choice;
import static io.rootstock.corpus.recipe.Parameter.decimal;
import static io.rootstock.corpus.recipe.Parameter.integer;
import static io.rootstock.corpus.recipe.Parameter.words;

import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.InputPlace;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.unit.UnitPlanner;
import io.rootstock.corpus.unit.UnitSettings;
import io.rootstock.evaluation.contamination.ContaminationIndex;
import io.rootstock.evaluation.contamination.NgramLengths;
import io.rootstock.evaluation.contamination.TaskTexts;
import io.rootstock.evaluation.task.suite.SuiteReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The step {@link Decontamination}. */
final class DecontaminationBinding {
    private static final String SUITES = "suites";
    private static final String FILES = "files";
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final NgramLengths DEFAULT = NgramLengths.DEFAULT;

    private DecontaminationBinding() {}

    static StepBinding binding() {
        StepKind kind = new StepKind(
                Decontamination.NAME,
                Decontamination.VERSION,
                "Removes documents that hold rows of evaluation sets, or cuts the rows out.",
                List.of(
                        words(SUITES, List.of(), "Folders of evaluation suites, relative to the recipe's folder."),
                        words(FILES, List.of(), "Files of rows: paths or globs of .jsonl, .json, .csv or .tsv."),
                        words("fields", EvaluationRows.FIELDS, "Fields of 'files' that are searched for."),
                        integer("ngram", 1, NgramLengths.MAX, DEFAULT.longest(), "Words of an n-gram."),
                        integer(
                                "short_ngram",
                                1,
                                NgramLengths.MAX,
                                DEFAULT.shorter(),
                                "Words of an n-gram of shorter rows."),
                        integer(
                                "min_words",
                                1,
                                NgramLengths.MAX,
                                DEFAULT.fewest(),
                                "Words of the shortest row, searched for whole below 'short_ngram'."),
                        decimal(
                                "min_share",
                                0,
                                1,
                                0,
                                "Least share of a row's n-grams in a document; 0: one n-gram is enough."),
                        choice("action", List.of("remove", "cut"), "remove", "Remove the document, or cut the rows."),
                        integer("context", 0, MAX_CHARACTERS, 200, "Characters cut on each side of a row."),
                        integer("min_piece", 1, MAX_CHARACTERS, 200, "Least characters of a piece between cuts."),
                        integer("max_pieces", 1, MAX_CHARACTERS, 10, "Pieces above which the document is removed.")));
        return new StepBinding(kind, DecontaminationBinding::resolve, DecontaminationBinding::create);
    }

    /** Replaces folders and patterns by the absolute paths of folders and files inside of the allowed directories. */
    private static StepSettings resolve(StepSettings step, InputRoots roots) {
        Map<String, Object> values = new HashMap<>(step.values());
        values.put(
                SUITES,
                step.texts(SUITES).stream().map(name -> suite(name, roots)).toList());
        List<String> patterns = step.texts(FILES);
        if (!patterns.isEmpty()) {
            values.put(
                    FILES,
                    new UnitPlanner(roots, UnitSettings.DEFAULT)
                            .plan(patterns).units().stream()
                                    .map(unit -> rows(unit.file()))
                                    .distinct()
                                    .toList());
        }
        return new StepSettings(step.kind(), values, step.line());
    }

    private static String rows(InputFile file) {
        return switch (file.place()) {
            case InputPlace.Local local -> local.path().toString();
            case InputPlace.Stored stored ->
                throw new RefusedInputException(
                        stored, "rows of evaluation sets are read from directories; copy the file");
        };
    }

    private static String suite(String name, InputRoots roots) {
        Path folder = roots.requireInside(roots.base().resolve(name).normalize());
        if (!Files.isRegularFile(folder.resolve(SuiteReader.FILE))) {
            throw new RefusedInputException(
                    folder, "holds no " + SuiteReader.FILE + "; name the folder of a suite, or use 'files'");
        }
        return folder.toString();
    }

    private static Decontamination create(StepSettings step) {
        NgramLengths lengths = new NgramLengths(
                (int) step.integer("ngram"), (int) step.integer("short_ngram"), (int) step.integer("min_words"));
        EvaluationRows rows = new EvaluationRows(step.texts("fields"), lengths);
        List<TaskTexts> tasks = new ArrayList<>();
        step.texts(SUITES).forEach(folder -> tasks.addAll(rows.suite(Path.of(folder))));
        step.texts(FILES).forEach(file -> tasks.add(rows.file(Path.of(file))));
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("names no evaluation set; state 'suites' or 'files'");
        }
        ContaminationIndex index = new ContaminationIndex(lengths);
        for (TaskTexts task : tasks) {
            if (!index.fits(task)) {
                throw new IllegalArgumentException("the rows up to " + task.task() + " have more than "
                        + ContaminationIndex.MAX_NGRAMS + " n-grams; divide them into two steps");
            }
            index.add(task);
        }
        if (tasks.stream().allMatch(task -> task.checkedRows() == 0)) {
            throw new IllegalArgumentException(
                    "no row has enough text of its own; lower 'min_words', or name longer rows");
        }
        return new Decontamination(tasks, index, step.decimal("min_share"), parts(step));
    }

    private static Optional<ContaminatedParts> parts(StepSettings step) {
        return step.text("action").equals("remove")
                ? Optional.empty()
                : Optional.of(
                        new ContaminatedParts((int) step.integer("context"), (int) step.integer("min_piece"), (int)
                                step.integer("max_pieces")));
    }
}
