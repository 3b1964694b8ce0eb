package io.rootstock.sandbox;

import io.rootstock.panama.NativeCall;
import io.rootstock.sandbox.Syscall.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Means of confinement that the kernel and the container of this process offer.
 *
 * @param landlock version of Landlock's ABI; 0: none
 * @param seccomp whether system calls can be filtered
 */
record KernelSupport(int landlock, boolean seccomp) {
    /** First ABI with rules for TCP. */
    static final int LANDLOCK_TCP = 4;

    private static final int CREATE_RULESET_VERSION = 1;
    private static final int SECCOMP_GET_ACTION_AVAIL = 2;

    private static KernelSupport here;

    /** Architecture of this machine; empty if it is not one that the sandbox knows, or not Linux. */
    static Optional<Architecture> architecture() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Optional.of(Architecture.X86_64);
            case "aarch64" -> Optional.of(Architecture.AARCH64);
            default -> Optional.empty();
        };
    }

    /** Support on this machine; asks the kernel once. */
    static synchronized KernelSupport here() {
        if (here == null) {
            here = architecture()
                    .map(architecture -> of(new Kernel(architecture)))
                    .orElse(new KernelSupport(0, false));
        }
        return here;
    }

    private static KernelSupport of(Kernel kernel) {
        long abi = kernel.call(Syscall.LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION);
        boolean filters = NativeCall.call((Arena arena) -> {
            MemorySegment action = arena.allocateFrom(ValueLayout.JAVA_INT, SeccompFilter.ERRNO);
            return kernel.call(Syscall.SECCOMP, SECCOMP_GET_ACTION_AVAIL, 0, action.address()) == 0;
        });
        return new KernelSupport((int) Math.max(0, abi), filters);
    }

    boolean any() {
        return landlock > 0 || seccomp;
    }

    boolean complete() {
        return landlock > 0 && seccomp;
    }

    /** The missing parts, for an error message. */
    String missing() {
        List<String> missing = new ArrayList<>();
        if (landlock == 0) {
            missing.add("no Landlock");
        }
        if (!seccomp) {
            missing.add("no seccomp filter");
        }
        return String.join(" and ", missing);
    }

    /** One line for the log. */
    String description() {
        if (complete()) {
            return "Landlock ABI " + landlock + " and a seccomp filter";
        }
        String offered = landlock > 0 ? "Landlock ABI " + landlock : seccomp ? "a seccomp filter" : "resource limits";
        return "only " + offered + ": this machine has " + missing()
                + (landlock == 0
                        ? ", so processes that open files of outside origin can read and write other files"
                        : "");
    }
}
