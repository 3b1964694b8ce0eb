package io.rootstock.corpus.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Process that runs one recipe on one machine: {@code CorpusWorker JOB_FILE} ({@link WorkerJob}). Each line of its standard output is
 * a JSON object: {@code progress}, and last {@code finished}, {@code refused}, {@code failed} or {@code cancelled}. SIGTERM cancels the
 * job; the next process with the same workspace resumes it.
 */
public final class CorpusWorker {
    /** System property: whether the process ends when its standard input is closed, as at its parent's end. */
    public static final String END_WITH_PARENT = "rootstock.process.end-with-parent";

    /** Exit status of a finished job. */
    public static final int FINISHED = 0;

    /** Exit status of a job that failed: disk full, a damaged file, or a defect. */
    public static final int FAILED = 1;

    /** Exit status of an invalid recipe or refused input. */
    public static final int REFUSED = 2;

    /** Exit status of a cancelled job. */
    public static final int CANCELLED = 3;

    private static final JsonMapper JSON = new JsonMapper();

    private final PlanRun engine;
    private final PrintStream out;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private CorpusWorker(PlanRun engine, PrintStream out) {
        this.engine = engine;
        this.out = out;
    }

    /** Runs planned recipes on an engine. */
    @FunctionalInterface
    public interface PlanRun {
        /** Runs the plan of a job, as {@link RecipeRun#run(RecipePlan, JobControl)} does. */
        CorpusReport run(WorkerJob job, RecipePlan plan, JobControl control) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        run(
                arguments,
                (job, plan, control) ->
                        new RecipeRun(Path.of(job.workspace()), job.threads(), job.buckets()).run(plan, control));
    }

    /** Runs the job that the arguments of a process name on an engine, and exits. */
    public static void run(String[] arguments, PlanRun engine) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: CorpusWorker JOB_FILE");
            System.exit(REFUSED);
        }
        if (Boolean.getBoolean(END_WITH_PARENT)) {
            Thread.ofPlatform().daemon().name("parent-watch").start(CorpusWorker::endWithParent);
        }
        CorpusWorker worker = new CorpusWorker(engine, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> worker.cancel(ended)));
        int status = FAILED;
        try {
            status = worker.run(WorkerJob.read(Path.of(arguments[0])));
        } finally {
            ended.countDown();
        }
        System.exit(status);
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent does not write.
            }
        } catch (IOException _) {
            // The parent has ended.
        }
        Runtime.getRuntime().halt(FAILED);
    }

    /** Cancels the job, and waits until it has stopped. */
    private void cancel(CountDownLatch ended) {
        cancelled.set(true);
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int run(WorkerJob job) {
        try {
            Path file = Path.of(job.recipe());
            Recipe recipe;
            try (InputStream in = Files.newInputStream(file)) {
                recipe = new RecipeReader(RecipeSteps.kinds()).read(job.recipe(), in);
            }
            InputRoots roots = InputRoots.parse(Path.of(job.base()), job.roots());
            RecipePlan plan = RecipePlan.of(job.recipe(), recipe, roots, job.readTokenizer(recipe));
            plan.notes().forEach(note -> print("note", JSON.createObjectNode().put("text", note)));
            CorpusReport report = engine.run(job, plan, new JobControl(this::progress, cancelled::get));
            print(
                    "finished",
                    JSON.createObjectNode().put("documents", report.documents()).put("textBytes", report.textBytes()));
            return FINISHED;
        } catch (InvalidFileException | RefusedInputException e) {
            print("refused", message(e));
            return REFUSED;
        } catch (JobCancelledException _) {
            print("cancelled", JSON.createObjectNode());
            return CANCELLED;
        } catch (IOException e) {
            print("failed", message(e));
            return FAILED;
        }
    }

    private static ObjectNode message(Exception e) {
        return JSON.createObjectNode().put("message", e.getMessage());
    }

    private void progress(Progress progress) {
        print(
                "progress",
                JSON.createObjectNode()
                        .put("stage", progress.stage())
                        .put("done", progress.done())
                        .put("total", progress.total())
                        .put("bytesDone", progress.bytesDone())
                        .put("bytes", progress.bytes()));
    }

    private void print(String kind, ObjectNode content) {
        out.println(JSON.createObjectNode().set(kind, content));
    }
}
