package io.rootstock.corpus.worker.step;

import static io.rootstock.corpus.recipe.Parameter.decimal;
import static io.rootstock.corpus.recipe.Parameter.flag;
import static io.rootstock.corpus.recipe.Parameter.integer;

import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.engine.job.Duplicates;
import io.rootstock.corpus.engine.job.Duplicates.RepeatedLines;
import io.rootstock.corpus.engine.job.NearDuplicates;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import java.util.List;
import java.util.Optional;

/** Steps that compare documents; stages of the engine. */
public final class DuplicateKinds {
    private static final MinHashParameters MIN_HASH = NearDuplicates.DEFAULT.minHash();

    private static final StepKind EXACT = new StepKind(
            "exact-duplicates",
            1,
            "Removes documents with the address or the text of an earlier one.",
            List.of(
                    flag("urls", true, "Compare normalised addresses."),
                    flag("texts", true, "Compare texts, byte for byte.")));
    private static final StepKind LINES = new StepKind(
            "frequent-lines",
            1,
            "Removes lines that occur in many documents from all of them.",
            List.of(integer("max_documents", 1, Integer.MAX_VALUE, 100, "A line in more documents is removed.")));
    private static final StepKind NEAR = new StepKind(
            "near-duplicates",
            1,
            "Removes documents similar to an earlier one, by MinHash.",
            List.of(
                    integer("bands", 1, 256, MIN_HASH.bands(), "Bands of a signature."),
                    integer("rows", 1, 64, MIN_HASH.rows(), "Hashes of a band."),
                    integer("ngram", 1, 32, MIN_HASH.ngram(), "Words of an n-gram."),
                    decimal(
                            "min_similarity",
                            0,
                            1,
                            NearDuplicates.DEFAULT.leastSimilarity(),
                            "Least estimated Jaccard similarity of a pair; 0: a shared band decides.")));

    private DuplicateKinds() {}

    /** The steps, in the order in which the engine runs them. */
    public static List<StepKind> all() {
        return List.of(EXACT, LINES, NEAR);
    }

    /** Whether a step compares documents. */
    public static boolean has(StepSettings step) {
        return all().contains(step.kind());
    }

    /** Duplicates that the steps of a recipe remove. */
    public static Duplicates of(List<StepSettings> steps) {
        Optional<StepSettings> exact = find(steps, EXACT);
        return new Duplicates(
                exact.map(step -> step.flag("urls")).orElse(false),
                exact.map(step -> step.flag("texts")).orElse(false),
                find(steps, LINES).map(step -> new RepeatedLines((int) step.integer("max_documents"))),
                find(steps, NEAR)
                        .map(step -> new NearDuplicates(
                                new MinHashParameters((int) step.integer("bands"), (int) step.integer("rows"), (int)
                                        step.integer("ngram")),
                                step.decimal("min_similarity"))));
    }

    private static Optional<StepSettings> find(List<StepSettings> steps, StepKind kind) {
        return steps.stream().filter(step -> step.kind().equals(kind)).findFirst();
    }
}
