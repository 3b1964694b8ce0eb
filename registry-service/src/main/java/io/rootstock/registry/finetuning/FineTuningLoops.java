package io.rootstock.registry.finetuning;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.TrainingJobs;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.watch.Changes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The background loops for fine-tuning jobs: preparation before the training job, completion after it. */
@ApplicationScoped
public class FineTuningLoops implements AutoCloseable {
    private final Preparation preparation;
    private final Completion completion;
    private final Leadership leadership;
    private final Changes changes;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    /** Creates the loops without starting them. */
    @Inject
    public FineTuningLoops(
            Database database,
            Leadership leadership,
            FineTunings fineTunings,
            Jobs jobs,
            TrainingJobs trainings,
            Aliases aliases,
            StoredFiles files,
            ArtifactStore store,
            DatasetClient datasets,
            Changes changes) {
        this.preparation = new Preparation(database, fineTunings, jobs, trainings, files, store, datasets, changes);
        this.completion = new Completion(database, jobs, aliases, store, changes);
        this.leadership = leadership;
        this.changes = changes;
    }

    /** Starts the loops, once; they read their work from the database. */
    public void start() {
        loops.add(new Loop("fine-tuning-preparation", leadership, changes, preparation::round));
        loops.add(new Loop("fine-tuning-completion", leadership, changes, completion::round));
    }

    /** Stops the loops; the next registry process repeats an interrupted step. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
