package io.rootstock.sandbox;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Landlock rules for files and TCP: what no rule allows is denied. They bind the calling thread, the threads and
 * programs that it starts, and not the other threads of the process.
 */
final class LandlockRules {
    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIRECTORY = 1 << 3;
    private static final long REMOVE_DIRECTORY = 1 << 4;
    private static final long REMOVE_FILE = 1 << 5;
    private static final long MAKE_DIRECTORY = 1 << 7;
    private static final long MAKE_FILE = 1 << 8;
    private static final long REFER = 1 << 13;
    private static final long TRUNCATE = 1 << 14;
    private static final long IOCTL_DEVICE = 1 << 15;
    /** The rights of the first ABI. */
    private static final long FIRST_RIGHTS = (1 << 13) - 1;

    private static final long READ = READ_FILE | READ_DIRECTORY;
    /** No links, devices, pipes or sockets: the parent opens files of this directory. */
    private static final long WRITE =
            READ | WRITE_FILE | REMOVE_DIRECTORY | REMOVE_FILE | MAKE_DIRECTORY | MAKE_FILE | REFER | TRUNCATE;

    /** The rights that a rule for a file, not a directory, may have. */
    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;

    private static final long BIND_AND_CONNECT_TCP = 3;
    private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 3;
    private static final int ABI_REFER = 2;
    private static final int ABI_TRUNCATE = 3;
    private static final int ABI_IOCTL = 5;
    private static final int ABI_SCOPES = 6;

    private static final int PATH_BENEATH = 1;
    private static final long HERE = -100;
    private static final long PATH_CLOSE_ON_EXEC = 0x200000 | 0x80000;

    private final Kernel kernel;
    private final long handled;
    private final long rules;

    /** @throws SandboxException if the kernel refuses it */
    LandlockRules(Kernel kernel, int abi) {
        this.kernel = kernel;
        handled = FIRST_RIGHTS
                | (abi >= ABI_REFER ? REFER : 0)
                | (abi >= ABI_TRUNCATE ? TRUNCATE : 0)
                | (abi >= ABI_IOCTL ? IOCTL_DEVICE : 0);
        rules = NativeCall.call((Arena arena) -> {
            MemorySegment attributes = arena.allocate(24, 8);
            attributes.set(ValueLayout.JAVA_LONG, 0, handled);
            attributes.set(ValueLayout.JAVA_LONG, 8, abi >= KernelSupport.LANDLOCK_TCP ? BIND_AND_CONNECT_TCP : 0);
            attributes.set(ValueLayout.JAVA_LONG, 16, abi >= ABI_SCOPES ? ABSTRACT_SOCKETS_AND_SIGNALS : 0);
            // Older kernels accept the longer structure while the fields that they do not know are 0.
            return kernel.require(
                    "create Landlock rules", Syscall.LANDLOCK_CREATE_RULESET, attributes.address(), 24, 0);
        });
    }

    /** Allows a file or the files below a directory to be read. A path that does not exist is ignored. */
    void read(Path path) {
        allow(path, READ);
    }

    /** Allows files to be read and executed. */
    void execute(Path path) {
        allow(path, READ | EXECUTE);
    }

    /** Allows a file to be written, or files below a directory to be created, written and deleted. */
    void write(Path path) {
        allow(path, WRITE);
    }

    private void allow(Path path, long rights) {
        if (!Files.exists(path)) {
            return;
        }
        long allowed = handled & (Files.isDirectory(path) ? rights : rights & FILE_RIGHTS);
        NativeCall.run((Arena arena) -> {
            long descriptor = kernel.require(
                    "open " + path,
                    Syscall.OPENAT,
                    HERE,
                    arena.allocateFrom(path.toString()).address(),
                    PATH_CLOSE_ON_EXEC,
                    0);
            MemorySegment attributes = arena.allocate(12, 8);
            attributes.set(ValueLayout.JAVA_LONG, 0, allowed);
            attributes.set(ValueLayout.JAVA_INT, 8, (int) descriptor);
            kernel.require(
                    "add a Landlock rule for " + path,
                    Syscall.LANDLOCK_ADD_RULE,
                    rules,
                    PATH_BENEATH,
                    attributes.address(),
                    0);
            kernel.require("close " + path, Syscall.CLOSE, descriptor);
        });
    }

    /** Confines the calling thread, for ever. It must have set no_new_privs. */
    void confine() {
        kernel.require("enforce Landlock rules", Syscall.LANDLOCK_RESTRICT_SELF, rules, 0);
    }
}
