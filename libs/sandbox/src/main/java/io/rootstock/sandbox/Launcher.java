package io.rootstock.sandbox;

import io.rootstock.panama.NativeCall;
import io.rootstock.sandbox.Syscall.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Main class of a process that confines its main thread and then replaces itself with another program by execve, which
 * inherits the confinement in all its threads. A JVM cannot confine itself: it has several threads before its first
 * line of Java runs, and Landlock binds one thread.
 */
public final class Launcher {
    /** First argument of a native executable that contains this class. */
    public static final String OPTION = "--sandbox";

    /** Exit code if the confinement fails; the program was not started. */
    static final int UNCONFINED = 126;

    /** Environment variable of a program that was started through this class. */
    static final String CONFINED = "ROOTSTOCK_SANDBOXED";

    private static final int SET_NO_NEW_PRIVILEGES = 38;
    private static final int FIRST_OTHER_DESCRIPTOR = 3;
    private static final long ALL_DESCRIPTORS = 0xffffffffL;
    private static final int CLOSE_ON_EXEC = 4;

    private static final int LIMIT_CPU = 0;
    private static final int LIMIT_FILE_SIZE = 1;
    private static final int LIMIT_DATA = 2;
    private static final int LIMIT_CORE = 4;

    /** Libraries and configuration of the C library's dynamic linker; contain the interpreter of every executable. */
    private static final List<String> LIBRARIES = List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64");

    private static final List<String> SYSTEM_FILES = List.of(
            "/etc/ld.so.cache",
            "/dev/random",
            "/dev/urandom",
            "/dev/zero",
            "/proc/cpuinfo",
            "/proc/meminfo",
            "/proc/self",
            "/sys/devices/system/cpu",
            "/sys/devices/system/node");

    private final Kernel kernel;
    private final Arguments arguments;

    private Launcher(Kernel kernel, Arguments arguments) {
        this.kernel = kernel;
        this.arguments = arguments;
    }

    /** Confines the process and starts the program of the arguments, which {@link Confinement#apply} writes. */
    public static void main(String[] arguments) {
        try {
            Architecture architecture = KernelSupport.architecture()
                    .orElseThrow(() -> new SandboxException("cannot confine a process on "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch")));
            new Launcher(new Kernel(architecture), Arguments.of(arguments)).run(KernelSupport.here());
        } catch (RuntimeException e) {
            System.err.println("sandbox: " + e.getMessage());
            System.exit(UNCONFINED);
        }
    }

    private void run(KernelSupport support) {
        if (arguments.mode() == SandboxMode.REQUIRED && !support.complete()) {
            throw new SandboxException("rootstock.sandbox is required, but there is " + support.missing());
        }
        // In a session of its own it has no terminal. Fails for the leader of a process group, which is harmless.
        long _ = kernel.call(Syscall.SETSID);
        // Kernels before 5.11 do not have it; the parent closes descriptors as well.
        long _ = kernel.call(Syscall.CLOSE_RANGE, FIRST_OTHER_DESCRIPTOR, ALL_DESCRIPTORS, CLOSE_ON_EXEC);
        limit(LIMIT_CORE, 0);
        limit(LIMIT_FILE_SIZE, arguments.fileBytes());
        limit(LIMIT_DATA, arguments.dataBytes());
        limit(LIMIT_CPU, arguments.cpuSeconds());
        kernel.require("set no_new_privs", Syscall.PRCTL, SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0);
        if (support.landlock() > 0) {
            confineFiles(support.landlock());
        }
        if (support.seccomp()) {
            SeccompFilter.confining(
                            kernel.architecture(), (int) ProcessHandle.current().pid())
                    .install(kernel);
        }
        start(support.seccomp());
    }

    private void limit(int resource, long value) {
        NativeCall.run((Arena arena) -> {
            MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, value, value);
            kernel.require("limit resource " + resource, Syscall.PRLIMIT64, 0, resource, limit.address(), 0);
        });
    }

    private void confineFiles(int abi) {
        LandlockRules rules = new LandlockRules(kernel, abi);
        LIBRARIES.forEach(path -> rules.execute(Path.of(path)));
        SYSTEM_FILES.forEach(path -> rules.read(Path.of(path)));
        rules.write(Path.of("/dev/null"));
        rules.execute(Path.of(arguments.command().getFirst()));
        arguments.runtime().forEach(rules::read);
        arguments.read().forEach(rules::read);
        arguments.write().forEach(rules::write);
        rules.confine();
    }

    private void start(boolean filtered) {
        NativeCall.run((Arena arena) -> {
            List<String> environment = new ArrayList<>();
            for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
                environment.add(variable.getKey() + "=" + variable.getValue());
            }
            if (filtered) {
                environment.add(CONFINED + "=1");
            }
            String program = arguments.command().getFirst();
            kernel.require(
                    "start " + program,
                    Syscall.EXECVE,
                    arena.allocateFrom(program).address(),
                    strings(arena, arguments.command()),
                    strings(arena, environment));
        });
    }

    /** Address of an array of C strings that ends with NULL. */
    private static long strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return array.address();
    }

    /**
     * Called by the started program before it opens a file of outside origin: from here on it cannot start another
     * program. Does nothing in a process that is not confined.
     */
    static void denyPrograms() {
        if (System.getenv(CONFINED) != null) {
            Architecture architecture = KernelSupport.architecture().orElseThrow();
            SeccompFilter.withoutPrograms(architecture).install(new Kernel(architecture));
        }
    }

    /** The arguments: words of the form {@code key=value}. */
    private record Arguments(
            SandboxMode mode,
            List<Path> runtime,
            List<Path> read,
            List<Path> write,
            long fileBytes,
            long dataBytes,
            long cpuSeconds,
            List<String> command) {
        static Arguments of(String... words) {
            return new Arguments(
                    SandboxMode.of(one("mode", words)),
                    paths("runtime", words),
                    paths("read", words),
                    paths("write", words),
                    Long.parseLong(one("file-bytes", words)),
                    Long.parseLong(one("data-bytes", words)),
                    Long.parseLong(one("cpu-seconds", words)),
                    all("command", words));
        }

        private static List<String> all(String key, String... words) {
            List<String> values = new ArrayList<>();
            for (String word : words) {
                if (word.startsWith(key + "=")) {
                    values.add(word.substring(key.length() + 1));
                }
            }
            return values;
        }

        private static List<Path> paths(String key, String... words) {
            return all(key, words).stream().map(Path::of).toList();
        }

        private static String one(String key, String... words) {
            List<String> values = all(key, words);
            if (values.size() != 1) {
                throw new SandboxException("the launcher needs one argument " + key + "=");
            }
            return values.getFirst();
        }
    }
}
