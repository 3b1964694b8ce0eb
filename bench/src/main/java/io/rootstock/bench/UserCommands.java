package io.rootstock.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.files.FileTree;
import io.rootstock.registry.v1.Job;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Commands of {@code ./rootstock} as a user types them, with a data directory of their own. {@link #close} stops the
 * services and deletes the directory, unless it was given.
 */
public final class UserCommands implements AutoCloseable {
    private final Path root = ProjectRoot.find();
    private final Path home;
    private final Path messages;
    private final boolean keep;
    private final Installation installation;

    private UserCommands(Path home, boolean keep) {
        this.home = home;
        this.keep = keep;
        messages = home.resolve("commands.log");
        installation = new Installation(home, root, OptionalInt.of(0), Map.of());
        // The services would outlive this process: stop them when the benchmark is interrupted (Ctrl-C, timeout).
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop services"));
        run("up", "--port-base", "0");
    }

    /** Starts the services on free ports, with a new data directory. */
    public static UserCommands start(String name) throws IOException {
        return new UserCommands(Files.createTempDirectory("rootstock-" + name + "-"), false);
    }

    /** Starts the services on free ports, with a data directory that is kept. */
    public static UserCommands in(Path home) throws IOException {
        return new UserCommands(Files.createDirectories(home).toRealPath(), true);
    }

    /** Data directory of the services. */
    public Path home() {
        return home;
    }

    /** CPU seconds of the commands and the services. */
    public double cpuSeconds() throws IOException {
        return CpuTime.own() + CpuTime.of(installation);
    }

    /**
     * Runs a command and returns the last line of its standard output.
     *
     * @throws IllegalStateException if it fails
     */
    public String run(String... arguments) {
        List<String> lines = lines(arguments);
        return lines.isEmpty() ? "" : lines.getLast();
    }

    /**
     * Runs a command and returns the lines of its standard output.
     *
     * @throws IllegalStateException if it fails
     */
    public List<String> lines(String... arguments) {
        List<String> command = new ArrayList<>(List.of(root.resolve("rootstock").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(messages.toFile());
        builder.environment().put("ROOTSTOCK_HOME", home.toString());
        List<String> lines = new ArrayList<>();
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                }
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException("rootstock " + String.join(" ", arguments) + " failed: "
                        + (lines.isEmpty() ? "" : lines.getLast()) + "\n"
                        + Files.readString(messages));
            }
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Runs {@code pretrain} or {@code finetune} with {@code --json} and returns the job. */
    public Job train(String... arguments) throws InvalidProtocolBufferException {
        Job.Builder job = Job.newBuilder();
        JsonFormat.parser().merge(run(arguments), job);
        return job.build();
    }

    private synchronized void stop() {
        if (Files.exists(home)) {
            installation.stop();
            if (!keep) {
                FileTree.delete(home);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
