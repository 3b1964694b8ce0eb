package io.rootstock.sandbox;

import io.rootstock.panama.NativeCall;
import io.rootstock.sandbox.Syscall.Architecture;
import io.rootstock.sandbox.Syscall.Use;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A seccomp filter: a program of classic BPF that allows or denies each system call by its number and the low halves of
 * its arguments. A denied call fails with EPERM, so that a JVM or a library can continue without it.
 */
final class SeccompFilter {
    /** {@code SECCOMP_RET_ERRNO}; the errno is in the low half. */
    static final int ERRNO = 0x00050000;

    private static final int ALLOW = 0x7fff0000;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int EPERM = 1;
    private static final int ENOTTY = 25;
    private static final int ENOSYS = 38;

    /** Offsets in {@code struct seccomp_data}. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    private static final int LOAD = 0x20;
    private static final int EQUAL = 0x15;
    private static final int AT_LEAST = 0x35;
    private static final int ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int SET_MODE_FILTER = 1;
    private static final int ALL_THREADS = 1;

    private static final int CLONE_THREAD = 0x00010000;
    /** The first of the calls with equal numbers in all architectures: programs expect that kernels lack some of them. */
    private static final int NEW_CALLS = 424;

    /** Commands with which a file descriptor sends signals to other processes. */
    private static final List<Integer> SIGNAL_COMMANDS = List.of(8, 10, 15, 1026);
    /** TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX and FICLONE; not TIOCSTI, which types into a terminal. */
    private static final List<Integer> DEVICE_COMMANDS = List.of(0x5401, 0x5413, 0x541B, 0x5451, 0x40049409);
    /** Names of threads and memory areas, and queries. */
    private static final List<Integer> PROCESS_OPTIONS = List.of(3, 15, 16, 21, 38, 39, 0x53564d41);

    private record Instruction(int code, int then, int otherwise, int value) {}

    private final List<Instruction> program = new ArrayList<>();
    private final Architecture architecture;

    private SeccompFilter(Architecture architecture) {
        this.architecture = architecture;
        load(ARCHITECTURE);
        program.add(new Instruction(EQUAL, 1, 0, architecture.audit()));
        end(KILL_PROCESS);
        load(NUMBER);
    }

    /**
     * The filter of a confined process: files, memory and its own threads only. It has no sockets, processes, signals
     * to others, mounts, namespaces, tracing, keys, BPF or io_uring, and no links or changes of file modes, which
     * Landlock does not cover. It can still start a program; see {@link #withoutPrograms}.
     *
     * @param process id of the process, which may signal itself
     */
    static SeccompFilter confining(Architecture architecture, int process) {
        SeccompFilter filter = new SeccompFilter(architecture);
        for (Syscall call : Syscall.values()) {
            if (call.use() == Use.ALLOWED) {
                filter.decide(call, ALLOW);
            }
        }
        filter.decide(Syscall.EXECVE, ALLOW);
        filter.decide(Syscall.CLONE3, ERRNO | ENOSYS);
        filter.allowArguments(Syscall.KILL, 0, List.of(process), EPERM);
        filter.allowArguments(Syscall.TGKILL, 0, List.of(process), EPERM);
        filter.allowArguments(Syscall.PRLIMIT64, 0, List.of(0, process), EPERM);
        filter.allowArguments(Syscall.PRCTL, 0, PROCESS_OPTIONS, EPERM);
        filter.allowArguments(Syscall.IOCTL, 1, DEVICE_COMMANDS, ENOTTY);
        filter.denyArguments(Syscall.FCNTL, 1, SIGNAL_COMMANDS);
        filter.allowThreads();
        filter.program.add(new Instruction(AT_LEAST, 0, 1, NEW_CALLS));
        filter.end(ERRNO | ENOSYS);
        filter.end(ERRNO | EPERM);
        return filter;
    }

    /** A filter that denies the start of programs and allows all other calls. */
    static SeccompFilter withoutPrograms(Architecture architecture) {
        SeccompFilter filter = new SeccompFilter(architecture);
        filter.decide(Syscall.EXECVE, ERRNO | EPERM);
        filter.decide(Syscall.EXECVEAT, ERRNO | EPERM);
        filter.end(ALLOW);
        return filter;
    }

    /**
     * Installs the filter in all threads of the process, for ever. The calling thread must have set no_new_privs.
     *
     * @throws SandboxException if the kernel refuses it
     */
    void install(Kernel kernel) {
        NativeCall.run((Arena arena) -> {
            MemorySegment instructions = arena.allocate(8L * program.size(), 8);
            for (int i = 0; i < program.size(); i++) {
                Instruction instruction = program.get(i);
                instructions.set(ValueLayout.JAVA_SHORT, 8L * i, (short) instruction.code());
                instructions.set(ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) instruction.then());
                instructions.set(ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) instruction.otherwise());
                instructions.set(ValueLayout.JAVA_INT, 8L * i + 4, instruction.value());
            }
            MemorySegment filter = arena.allocate(16, 8);
            filter.set(ValueLayout.JAVA_SHORT, 0, (short) program.size());
            filter.set(ValueLayout.ADDRESS, 8, instructions);
            kernel.require("install a seccomp filter", Syscall.SECCOMP, SET_MODE_FILTER, ALL_THREADS, filter.address());
        });
    }

    private void decide(Syscall call, int decision) {
        if (call.number(architecture) >= 0) {
            program.add(new Instruction(EQUAL, 0, 1, call.number(architecture)));
            end(decision);
        }
    }

    private void allowArguments(Syscall call, int index, List<Integer> values, int errno) {
        compare(call, index, values, ALLOW, ERRNO | errno);
    }

    private void denyArguments(Syscall call, int index, List<Integer> values) {
        compare(call, index, values, ERRNO | EPERM, ALLOW);
    }

    private void compare(Syscall call, int index, List<Integer> values, int decision, int otherwise) {
        program.add(new Instruction(EQUAL, 0, 2 * values.size() + 2, call.number(architecture)));
        load(ARGUMENTS + 8 * index);
        for (int value : values) {
            program.add(new Instruction(EQUAL, 0, 1, value));
            end(decision);
        }
        end(otherwise);
    }

    private void allowThreads() {
        program.add(new Instruction(EQUAL, 0, 4, Syscall.CLONE.number(architecture)));
        load(ARGUMENTS);
        program.add(new Instruction(ANY_BIT, 0, 1, CLONE_THREAD));
        end(ALLOW);
        end(ERRNO | EPERM);
    }

    private void load(int offset) {
        program.add(new Instruction(LOAD, 0, 0, offset));
    }

    private void end(int decision) {
        program.add(new Instruction(RETURN, 0, 0, decision));
    }
}
