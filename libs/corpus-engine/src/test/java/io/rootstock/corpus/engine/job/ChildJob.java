package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.fixture.Corpus;
import io.rootstock.corpus.engine.fixture.Jobs;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process that runs a job and prints a line for each finished task. Exits with 3 and the message if the job fails. */
final class ChildJob {
    private static final int FAILED = 3;

    private ChildJob() {}

    public static void main(String[] arguments) throws IOException {
        try {
            CorpusSpec spec = spec(Path.of(arguments[0]));
            JobControl control = new JobControl(progress -> System.out.println(progress.stage()), () -> false);
            Jobs.run(Path.of(arguments[1]), spec, 2, 4, control);
        } catch (JobFailedException e) {
            System.out.println(e.getMessage());
            System.exit(FAILED);
        }
    }

    /** Writes the sources of all children: ten units. */
    static void writeSources(Path sources) throws IOException {
        Corpus.write(sources, Corpus.rows(12, 300), 10);
    }

    /** The job of all children. */
    static CorpusSpec spec(Path sources) throws IOException {
        try (Stream<Path> files = Files.list(sources)) {
            List<SourceUnit> units = files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> new SourceUnit(
                            file.getFileName().toString(),
                            file.toString(),
                            "1",
                            file.toFile().length()))
                    .toList();
            return Jobs.spec(units, Jobs.ALL);
        }
    }

    /** Starts a child; its file sizes are limited where the limit is positive. */
    static Process start(Path sources, Path workspace, int limitKilobytes) throws IOException {
        List<String> command = new ArrayList<>();
        if (limitKilobytes > 0) {
            command.addAll(List.of("bash", "-c", "ulimit -f " + limitKilobytes + "; exec \"$@\"", "bash"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ChildJob.class.getName(),
                sources.toString(),
                workspace.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
