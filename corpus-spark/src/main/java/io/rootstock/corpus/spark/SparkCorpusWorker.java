package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.local.WorkDirectory;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;

/**
 * Driver of a Spark application that runs one recipe: {@code spark-submit --class io.rootstock.corpus.spark.SparkCorpusWorker
 * rootstock-corpus.jar JOB_FILE}. Job file, output, exit status and cancellation are those of {@link CorpusWorker}; the number of
 * units that are processed at a time is the number of cores of Spark's master instead of {@link WorkerJob#threads()}.
 */
public final class SparkCorpusWorker {
    private SparkCorpusWorker() {}

    public static void main(String[] arguments) throws IOException {
        CorpusWorker.run(arguments, SparkCorpusWorker::run);
    }

    private static CorpusReport run(WorkerJob job, RecipePlan plan, JobControl control) throws IOException {
        Path workspace = Path.of(job.workspace());
        try (WorkDirectory directory = WorkDirectory.open(workspace)) {
            Path shuffles = directory.path().resolve(".spark");
            try (JavaSparkContext context = start(settings(shuffles))) {
                return RecipeRun.run(new SparkEngine(context, directory), workspace, job.buckets(), plan, control);
            } finally {
                FileTree.delete(shuffles);
            }
        }
    }

    /**
     * Settings of spark-submit with those that the engine needs. Receipts are records, which only Java's serializer knows.
     * Without a cluster, shuffled arrays are in the work directory, because the system's directory for temporary files may be
     * in memory.
     */
    private static SparkConf settings(Path shuffles) {
        SparkConf settings = new SparkConf()
                .setIfMissing("spark.app.name", "rootstock-corpus")
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .set("spark.serializer", JavaSerializer.class.getName());
        return settings.get("spark.master", "").startsWith("local")
                ? settings.setIfMissing("spark.local.dir", shuffles.toString())
                : settings;
    }

    /** Starts the application. Exceptions of Spark's Scala code are not declared. */
    private static JavaSparkContext start(SparkConf settings) throws IOException {
        try {
            return new JavaSparkContext(settings);
        } catch (Exception e) {
            throw new IOException(
                    "cannot start a Spark application on master " + settings.get("spark.master", "(not set)") + ": "
                            + e.getMessage() + "\nhint: check --master of spark-submit, and that the master runs",
                    e);
        }
    }
}
