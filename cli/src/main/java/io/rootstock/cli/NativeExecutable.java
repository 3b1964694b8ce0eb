package io.rootstock.cli;

/** Settings of the native executable, which GraalVM compiles from this program. */
final class NativeExecutable {
    private NativeExecutable() {}

    /** Whether this process is the native executable. */
    static boolean isRunning() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }

    /**
     * Sets Netty up before its classes are loaded. It would warn of a machine without a network address other than loopback.
     * Without offsets of fields, which the compiler cannot compute for the executable, its queues and buffers are the plain
     * ones of the JDK; a connection of the command line carries little.
     */
    static void configure() {
        System.setProperty("io.netty.machineId", "00:00:00:00:00:00");
        if (isRunning()) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
    }
}
