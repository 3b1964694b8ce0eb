package io.rootstock.dist;

import io.rootstock.dist.NativeFile.Format;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A platform of the download. */
public enum Platform {
    /** Linux with glibc on x86-64. */
    LINUX_X86_64("linux-x86_64", "linux-x86_64", Format.ELF, 0x3e),
    /** Linux with glibc on 64-bit Arm. */
    LINUX_AARCH64("linux-aarch64", "linux-arm64", Format.ELF, 0xb7),
    /** macOS on Apple silicon. */
    MACOS_ARM64("macos-arm64", "macosx-arm64", Format.MACH_O, 0x0100_000c);

    private final String label;
    private final String javacpp;
    private final Format format;
    private final int machine;

    Platform(String label, String javacpp, Format format, int machine) {
        this.label = label;
        this.javacpp = javacpp;
        this.format = format;
        this.machine = machine;
    }

    /**
     * Returns the platform of a name such as {@code linux-x86_64}.
     *
     * @throws IllegalArgumentException naming the known ones
     */
    public static Platform of(String label) {
        return Arrays.stream(values())
                .filter(platform -> platform.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown platform '" + label + "'; known platforms: "
                        + Arrays.stream(values()).map(Platform::label).collect(Collectors.joining(", "))));
    }

    /** Name in the archive's name. */
    public String label() {
        return label;
    }

    /** Name in the jars of libtorch and OpenBLAS. */
    String javacpp() {
        return javacpp;
    }

    /** Whether the platform can load or execute the file. */
    boolean runs(NativeFile file) {
        return file.format() == format && (file.machine() == machine || file.machine() == NativeFile.UNIVERSAL);
    }

    /**
     * Whether the platform can load the file from a jar that holds files of several systems: they may have equal headers, but
     * differ in the names of their folders.
     */
    boolean runs(String path, NativeFile file) {
        String lower = path.toLowerCase(Locale.ROOT);
        return runs(file)
                && !lower.contains("freebsd")
                && !lower.contains("android")
                && !lower.contains("sunos")
                && !lower.contains("musl");
    }
}
