package io.rootstock.tokenizer.corpus;

import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.service.OwnClassPath;
import java.nio.file.Path;
import java.util.List;

/** The command of a worker process: the Java runtime and the jars of this service. */
final class WorkerCommand {
    private WorkerCommand() {}

    /**
     * Returns the process of a job, without starting it. It ends with this one.
     *
     * @param heap maximum Java heap
     * @param job job file
     * @param log file of its messages, written anew
     */
    static ProcessBuilder of(String heap, Path job, Path log) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + CorpusWorker.END_WITH_PARENT + "=true",
                "-cp",
                OwnClassPath.text(),
                CorpusWorker.class.getName(),
                job.toString());
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    }
}
