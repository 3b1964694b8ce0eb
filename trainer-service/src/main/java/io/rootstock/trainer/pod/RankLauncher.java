package io.rootstock.trainer.pod;

import io.rootstock.collectives.MpiProxies;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.RunDirectory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Starts this machine's process of a worker with several. On rank 0, the started process is MPI's launcher, which ends with the
 * group; it waits for a proxy of each rank. On the other ranks it is the proxy.
 *
 * @param workers starts Java processes
 * @param calls connects the ranks
 * @param group place of this agent
 */
record RankLauncher(JavaWorkerLauncher workers, RankCalls calls, AgentSettings.Group group)
        implements ProcessWorker.Launcher {
    private static final Duration LAUNCH = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 20;
    private static final String EXIT = "rank.exit";
    private static final String KILLED = "137";

    @Override
    public Process launch(RunDirectory directory, int ranks) {
        if (group.rank() > 0) {
            return proxy(directory, new MpiProxies(calls.answer().getProxyArgumentsList()));
        }
        File output = directory.workerErrors().toFile();
        long before = output.length();
        Process launcher = start(new ProcessBuilder(MpiProxies.launcher(ranks, group.address())), output);
        long start = System.nanoTime();
        while (launcher.isAlive()) {
            Optional<MpiProxies> proxies = MpiProxies.read(after(output.toPath(), before), ranks);
            if (proxies.isPresent()) {
                Process _ = proxy(directory, proxies.get());
                calls.launched(proxies.get());
                return launcher;
            }
            if (System.nanoTime() - start > LAUNCH.toNanos()) {
                launcher.destroyForcibly();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        return launcher;
    }

    private Process proxy(RunDirectory directory, MpiProxies proxies) {
        ProcessBuilder worker = workers.worker(directory, group.ranks());
        Path program = directory.path().resolve("rank.sh");
        String exit = quoted(List.of(directory.path().resolve(EXIT).toString()));
        try {
            Files.writeString(program, quoted(worker.command()) + "\ncode=$?\necho $code > " + exit + "\nexit $code\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + program, e);
        }
        ProcessBuilder proxy = new ProcessBuilder(proxies.command(group.rank()));
        proxy.environment().putAll(worker.environment());
        proxy.environment().putAll(MpiProxies.environment(program));
        return start(proxy, directory.workerErrors().toFile());
    }

    /** Whether this machine's process was ended by SIGKILL, and not by its proxy, which ends the shell around it, too. */
    static boolean wasKilled(RunDirectory directory) {
        try {
            return Files.readString(directory.path().resolve(EXIT)).strip().equals(KILLED);
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.path().resolve(EXIT), e);
        }
    }

    private static String quoted(List<String> command) {
        return command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static Process start(ProcessBuilder builder, File output) {
        try {
            return builder.redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a process of MPICH", e);
        }
    }

    private static String after(Path file, long position) {
        try {
            byte[] all = Files.readAllBytes(file);
            int from = (int) Math.min(position, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
