package io.rootstock.corpus.worker.step;

import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.recipe.Parameter;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unit.InputRoots;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A step of single documents that recipes can name.
 *
 * @param kind name, version and parameters
 * @param resolution replaces the names of files by absolute paths; throws {@link io.rootstock.corpus.unit.RefusedInputException}
 *     for a file that is missing or outside of the allowed directories
 * @param creation creates the step; throws {@link IllegalArgumentException} if parameters do not fit together
 */
record StepBinding(
        StepKind kind,
        BiFunction<StepSettings, InputRoots, StepSettings> resolution,
        Function<StepSettings, DocumentStep> creation) {
    /** Binds a step that reads no files of the recipe. */
    StepBinding(StepKind kind, Function<StepSettings, DocumentStep> creation) {
        this(kind, (step, _) -> step, creation);
    }

    /** Binds a step with the name and version of an example of it. */
    static StepBinding of(
            DocumentStep example,
            String description,
            List<Parameter> parameters,
            Function<StepSettings, DocumentStep> creation) {
        return new StepBinding(new StepKind(example.name(), example.version(), description, parameters), creation);
    }
}
