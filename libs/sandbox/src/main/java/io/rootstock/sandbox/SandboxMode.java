package io.rootstock.sandbox;

import java.util.Locale;

/** Confinement of processes that open files of outside origin; value of the setting {@code rootstock.sandbox}. */
public enum SandboxMode {
    /** Such a process does not start unless the kernel offers Landlock and seccomp. */
    REQUIRED,
    /** Such a process is confined as far as the kernel permits. */
    AVAILABLE,
    /** Such a process runs with the rights and the environment of its parent. */
    OFF;

    /** System property that passes the setting to a child process. */
    public static final String PROPERTY = "rootstock.sandbox";

    /**
     * Mode of the current process, from the system property.
     *
     * @throws IllegalArgumentException for another word
     */
    public static SandboxMode fromProperty() {
        return of(System.getProperty(PROPERTY, AVAILABLE.word()));
    }

    /**
     * Parses a value of the setting.
     *
     * @throws IllegalArgumentException for another word
     */
    public static SandboxMode of(String word) {
        for (SandboxMode mode : values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(PROPERTY + " must be required, available or off, was '" + word + "'");
    }

    /** Value of the setting: {@code required}, {@code available} or {@code off}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Describes the confinement on this machine, for the log of a starting service.
     *
     * @throws IllegalStateException if it is required and the kernel does not offer it
     */
    public String describe() {
        return this == OFF
                ? "off: files of outside origin are opened with all rights of the service"
                : describe(KernelSupport.here());
    }

    String describe(KernelSupport support) {
        if (this == REQUIRED && !support.complete()) {
            throw new IllegalStateException(PROPERTY + " is required, but there is " + support.missing()
                    + "; hint: use a kernel and a container runtime that allow Landlock and seccomp, or set available");
        }
        return support.description();
    }
}
