package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.stage.Roots.ComponentsTask;
import io.rootstock.corpus.engine.stage.Signatures.SignatureTask;
import io.rootstock.corpus.engine.stage.SurvivorFile.SurvivorsTask;
import java.util.Optional;

/** Creates the tasks of the corpus job. */
public final class StageTasks implements TaskProvider {
    /** Version of the code of all tasks; changes whenever some file or result changes. */
    public static final int VERSION = 1;

    static final String READ = "corpus.read";
    static final String EXACT_EMIT = "corpus.exact.emit";
    static final String EXACT_COLLECT = "corpus.exact.collect";
    static final String LINES_EMIT = "corpus.lines.emit";
    static final String LINES_COLLECT = "corpus.lines.collect";
    static final String STRIP = "corpus.strip";
    static final String SIGNATURES = "corpus.signatures";
    static final String BANDS_EMIT = "corpus.bands.emit";
    static final String BANDS_COLLECT = "corpus.bands.collect";
    static final String COMPONENTS = "corpus.components";
    static final String SURVIVORS = "corpus.survivors";

    @Override
    public Optional<Task> create(TaskSpec spec) {
        Task task = switch (spec.name()) {
            case READ -> new ReadTask(spec);
            case EXACT_EMIT -> new ExactStages.Emit(spec);
            case EXACT_COLLECT -> new ExactStages.Collect(spec);
            case LINES_EMIT -> new RepeatedLineTasks.Emit(spec);
            case LINES_COLLECT -> new RepeatedLineTasks.Collect(spec);
            case STRIP -> new RepeatedLineTasks.Strip(spec);
            case SIGNATURES -> new SignatureTask(spec);
            case BANDS_EMIT -> new SimilarPairs.Emit(spec);
            case BANDS_COLLECT -> new SimilarPairs.Collect(spec);
            case COMPONENTS -> new ComponentsTask(spec);
            case SURVIVORS -> new SurvivorsTask(spec);
            default -> null;
        };
        if (task != null && spec.version() != VERSION) {
            throw new IllegalArgumentException("task " + spec.name() + " has version " + VERSION
                    + " here, and the job states " + spec.version() + "; use one version of the jar on all workers");
        }
        return Optional.ofNullable(task);
    }
}
