package io.rootstock.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * A child process that tries what its arguments name, {@code attempt:argument}, and prints a line for each: the result
 * or the class of the exception.
 */
public final class SandboxProbe {
    private SandboxProbe() {}

    public static void main(String[] attempts) throws Exception {
        ExpendableProcess.endWithParent();
        for (String attempt : attempts) {
            String[] words = attempt.split(":", 2);
            System.out.println(words[0] + ": " + outcome(() -> run(words[0], words[1])));
        }
    }

    private static String outcome(Callable<String> attempt) throws Exception {
        // In another thread than the first: the confinement holds in all.
        FutureTask<String> task = new FutureTask<>(attempt);
        Thread.ofPlatform().start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            return "refused, " + e.getCause().getClass().getSimpleName();
        }
    }

    private static String run(String attempt, String argument) throws Exception {
        return switch (attempt) {
            case "read" -> Files.readString(Path.of(argument)).strip();
            case "list" -> {
                try (Stream<Path> entries = Files.list(Path.of(argument))) {
                    yield Long.toString(entries.count());
                }
            }
            case "write" -> {
                Files.writeString(Path.of(argument), "written");
                yield "done";
            }
            case "delete" -> {
                Files.delete(Path.of(argument));
                yield "done";
            }
            case "link" -> {
                Files.createSymbolicLink(Path.of(argument), Path.of("/etc/passwd"));
                yield "done";
            }
            case "mode" -> {
                Files.setPosixFilePermissions(Path.of(argument), PosixFilePermissions.fromString("rwxrwxrwx"));
                yield "done";
            }
            case "connect" -> connect(Integer.parseInt(argument));
            case "exec" -> Integer.toString(new ProcessBuilder(argument).start().waitFor());
            case "kill" -> Integer.toString(call("kill", Integer.parseInt(argument), 0));
            case "fork" -> Integer.toString(call("fork"));
            case "socket" -> Integer.toString(call("socket", Integer.parseInt(argument), 1));
            case "environment" ->
                System.getenv().keySet().stream().sorted().toList().toString();
            case "descriptors" -> descriptors();
            case "grow" -> grow(Path.of(argument));
            case "allocate" -> Long.toString(allocate(Long.parseLong(argument)));
            case "burn" -> burn();
            default -> throw new IllegalArgumentException(attempt);
        };
    }

    private static String connect(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return "connected to " + socket.getPort();
        }
    }

    /** Descriptors beyond the standard streams that are neither files of the runtime nor the directory itself. */
    private static String descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            List<String> names = open.map(SandboxProbe::target)
                    .filter(name -> !name.contains("/lib/") && !name.endsWith(".jar") && !name.startsWith("/proc/"))
                    .sorted()
                    .toList();
            return Integer.toString(names.size()) + names;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return "/proc/closed";
        }
    }

    private static String grow(Path file) throws IOException {
        try (OutputStream output = Files.newOutputStream(file)) {
            for (int i = 0; i < 64; i++) {
                output.write(new byte[1 << 20]);
            }
        }
        return "done";
    }

    private static String burn() {
        for (double value = 1; value > 0; ) {
            value = Math.sqrt(value + 1);
        }
        return "done";
    }

    /** Calls a function of the C library, which reads as many of the numbers as it has parameters. */
    private static int call(String function, int... numbers) {
        int[] all = Arrays.copyOf(numbers, 3);
        Linker linker = Linker.nativeLinker();
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        return NativeCall.call(() -> (int) handle.invokeExact(all[0], all[1], all[2]));
    }

    private static long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(bytes).byteSize();
        }
    }
}
