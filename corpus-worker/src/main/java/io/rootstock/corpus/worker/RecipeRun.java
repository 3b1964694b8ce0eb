package io.rootstock.corpus.worker;

import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.job.CorpusJob;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.local.LocalEngine;
import io.rootstock.corpus.worker.plan.CorpusFile;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.shard.ShardJob;
import io.rootstock.corpus.worker.vocabulary.VocabularyJob;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs a planned recipe on the threads of this process. A run in the workspace of an earlier one resumes.
 *
 * @param workspace work directory; afterwards it holds {@code corpus.json}, {@code manifest.json}, {@code report.json} and one
 *     file of documents for each unit; and, if the recipe names or trains a tokenizer, {@code dataset.json}, {@code shards.json} and
 *     shards
 * @param threads number of units that are processed at a time
 * @param buckets number of buckets of an exchange; no output depends on it
 */
public record RecipeRun(Path workspace, int threads, int buckets) {
    /**
     * Runs the recipe.
     *
     * @throws IllegalStateException if the plan lacks the files of the recipe's tokenizer
     * @throws io.rootstock.corpus.engine.JobCancelledException if the job was cancelled; a later run resumes
     * @throws io.rootstock.corpus.engine.JobFailedException if a task failed; a later run resumes
     * @throws IOException if the workspace is in use or cannot be written
     */
    public CorpusReport run(RecipePlan plan, JobControl control) throws IOException {
        plan.requireTokenizer();
        try (LocalEngine engine = new LocalEngine(workspace, threads)) {
            return run(engine, workspace, buckets, plan, control);
        }
    }

    /** Runs a planned recipe on an engine that is open on the workspace, as {@link #run(RecipePlan, JobControl)} does. */
    public static CorpusReport run(DataEngine engine, Path workspace, int buckets, RecipePlan plan, JobControl control)
            throws IOException {
        plan.requireTokenizer();
        CorpusFile.delete(workspace);
        ShardJob.delete(workspace);
        CorpusReport report = new CorpusJob(engine, workspace, plan.spec(), buckets, control).run();
        RecipePlan complete = plan.recipe().training().isEmpty()
                ? plan
                : plan.with(new VocabularyJob(engine, workspace, plan.recipe(), buckets, control).run());
        ShardJob.Result result = new ShardJob(engine, workspace, complete, control).run(report);
        CorpusFile.write(workspace, plan, result.dataset());
        return result.report();
    }
}
