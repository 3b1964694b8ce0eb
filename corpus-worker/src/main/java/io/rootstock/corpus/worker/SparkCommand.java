package io.rootstock.corpus.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Command lines of Spark processes. Spark needs a class path of its own, because its Netty is not the services' Netty, and the
 * JVM options in {@code spark-java-options}, which are those of Spark's {@code JavaModuleOptions.defaultModuleOptions()}.
 *
 * @param java the {@code java} program, of JDK 25
 * @param classPath entries with Spark, the module {@code corpus-spark} and its dependencies
 */
public record SparkCommand(Path java, List<String> classPath) {
    private static final String OPTIONS = "spark-java-options";
    private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";
    private static final String DRIVER = "io.rootstock.corpus.spark.SparkCorpusWorker";

    /** Resource that stands for a driver whose class is on the class path. */
    private static final String ON_CLASS_PATH = "spark-internal";

    private static final String LOOPBACK = "127.0.0.1";

    public SparkCommand {
        classPath = List.copyOf(classPath);
    }

    /**
     * Uses the outputs of a build and the running JDK.
     *
     * @param outputs {@code target} directory of the module {@code corpus-spark}
     * @throws IOException if it was not built
     */
    public static SparkCommand of(Path outputs) throws IOException {
        Path libraries = outputs.resolve("lib").toAbsolutePath();
        if (!Files.isDirectory(libraries)) {
            throw new IOException(
                    "no Spark in " + libraries + "\nhint: build it with `mvn package -pl corpus-spark -am`");
        }
        return new SparkCommand(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of(outputs.resolve("classes").toAbsolutePath().toString(), libraries + "/*"));
    }

    /**
     * Submits the job of a {@link WorkerJob} file. The process is the driver; it prints and exits as {@link CorpusWorker} does.
     * With a {@code local} master it listens on the loopback interface only.
     *
     * @param master {@code local[2]} or {@code spark://host:7077}
     * @param heap largest heap of the driver, such as {@code 1g}; with a {@code local} master, of all tasks
     * @param settings further settings of Spark by name; executors of other machines need one that names their class path
     */
    public ProcessBuilder submit(String master, String heap, Map<String, String> settings, Path job) {
        SortedMap<String, String> all = new TreeMap<>();
        if (isLocal(master)) {
            all.put("spark.ui.enabled", "false");
            all.put("spark.driver.host", LOOPBACK);
            all.put("spark.driver.bindAddress", LOOPBACK);
        }
        all.putAll(settings);
        List<String> arguments = new ArrayList<>(List.of(SUBMIT, "--master", master, "--class", DRIVER));
        all.forEach((name, value) -> Collections.addAll(arguments, "--conf", name + "=" + value));
        Collections.addAll(arguments, ON_CLASS_PATH, job.toString());
        ProcessBuilder process = process(heap, arguments);
        if (isLocal(master)) {
            process.environment().put("SPARK_LOCAL_IP", LOOPBACK);
        }
        return process;
    }

    /**
     * Starts a process of Spark, such as {@code org.apache.spark.deploy.master.Master}.
     *
     * @param heap largest heap
     * @param arguments class and its arguments
     */
    public ProcessBuilder process(String heap, Collection<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(javaOptions());
        Collections.addAll(command, "-Xmx" + heap, "-cp", String.join(":", classPath));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** JVM options that Spark needs on JDK 25. */
    public static List<String> javaOptions() {
        try (InputStream in = SparkCommand.class.getResourceAsStream(OPTIONS)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLocal(String master) {
        return master.startsWith("local");
    }
}
