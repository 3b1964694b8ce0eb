package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.step.DuplicateKinds;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.yaml.InvalidFileException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of single documents, as the engine runs them.
 *
 * @param beforeDuplicates steps before those that compare documents
 * @param afterDuplicates steps after all of those
 */
record PlannedSteps(List<ComponentSpec> beforeDuplicates, List<ComponentSpec> afterDuplicates) {
    /**
     * Divides the steps of a recipe.
     *
     * @param roots directories that files of steps may lie in
     * @param notes receives facts for the user
     * @throws InvalidFileException naming the line of a step whose parameters do not fit together, or of a step that compares
     *     documents and is not at its place: all of them follow one another in the order of the engine
     */
    static PlannedSteps of(String file, List<StepSettings> steps, InputRoots roots, List<String> notes) {
        List<ComponentSpec> before = new ArrayList<>();
        List<ComponentSpec> after = new ArrayList<>();
        int compared = -1;
        String last = "";
        for (StepSettings step : steps) {
            int stage = DuplicateKinds.all().indexOf(step.kind());
            if (stage >= 0) {
                requirePlace(file, step, stage, compared, after.isEmpty() ? "" : last);
                compared = stage;
            } else {
                (compared < 0 ? before : after).add(described(file, step, roots, notes));
                last = step.kind().name();
            }
        }
        return new PlannedSteps(before, after);
    }

    /** @param between step of single documents between this step and one that compares documents; empty if there is not any */
    private static void requirePlace(String file, StepSettings step, int stage, int compared, String between) {
        if (!between.isEmpty()) {
            throw new InvalidFileException(
                    file,
                    step.line(),
                    "step '" + step.kind().name() + "' comes after '" + between + "', which comes after '"
                            + DuplicateKinds.all().get(compared).name() + "'",
                    "move '" + between + "' before or after all steps that compare documents");
        }
        if (stage < compared) {
            throw new InvalidFileException(
                    file,
                    step.line(),
                    "step '" + step.kind().name() + "' comes after '"
                            + DuplicateKinds.all().get(compared).name() + "', which runs later",
                    "move it before that step");
        }
    }

    private static ComponentSpec described(String file, StepSettings step, InputRoots roots, List<String> notes) {
        try {
            return RecipeSteps.describe(step, roots, notes::add);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidFileException(
                    file,
                    step.line(),
                    "step '" + step.kind().name() + "': " + e.getMessage(),
                    "correct its parameters; docs/reference/recipes.md lists them");
        }
    }
}
