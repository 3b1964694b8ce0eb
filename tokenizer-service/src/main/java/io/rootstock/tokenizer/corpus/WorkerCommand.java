package io.rootstock.tokenizer.corpus;

import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.SparkCommand;
import io.rootstock.service.OwnClassPath;
import io.rootstock.tokenizer.v1.CorpusEngine;
import io.rootstock.tokenizer.v1.CorpusExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Commands of worker processes: with the jars of this service, or a driver of Spark. */
@ApplicationScoped
public class WorkerCommand {
    private static final String END_WITH_PARENT = "-D" + CorpusWorker.END_WITH_PARENT + "=true";

    private final CorpusSettings settings;
    private final CorpusPlanner planner;

    @Inject
    WorkerCommand(CorpusSettings settings, CorpusPlanner planner) {
        this.settings = settings;
        this.planner = planner;
    }

    /**
     * Returns the process of a job, without starting it. It ends with this one.
     *
     * @param job job file
     * @param log file of its messages, written anew
     */
    ProcessBuilder of(CorpusExecution execution, Path job, Path log) throws IOException {
        ProcessBuilder process =
                execution.getEngine() == CorpusEngine.CORPUS_ENGINE_SPARK ? spark(execution, job) : local(job);
        return process.redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    }

    private ProcessBuilder local(Path job) {
        return new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + settings.heap(),
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                END_WITH_PARENT,
                temporary(job),
                "-cp",
                OwnClassPath.text(),
                CorpusWorker.class.getName(),
                job.toString()));
    }

    private ProcessBuilder spark(CorpusExecution execution, Path job) throws IOException {
        Path home = settings.sparkHome().orElseThrow();
        ProcessBuilder process =
                SparkCommand.of(home).submit(planner.master(execution), settings.heap(), Map.of(), job);
        process.command().addAll(1, List.of(END_WITH_PARENT, temporary(job)));
        return process;
    }

    /** Temporary files lie in the job's folder; the system's directory may be in memory. */
    private static String temporary(Path job) {
        return "-Djava.io.tmpdir=" + job.toAbsolutePath().getParent();
    }
}
