package io.rootstock.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Header of an executable or a shared library.
 *
 * @param format file format
 * @param machine the format's code of the processor; {@link #UNIVERSAL} for several processors;
 *     0 for PE, which no platform of the download has
 */
record NativeFile(Format format, int machine) {
    /** Machine of a Mach-O file for several processors. */
    static final int UNIVERSAL = -1;

    /** Length of the beginning that identifies a file. */
    static final int HEADER = 64;

    /** Formats of executables and shared libraries: of Linux, macOS and Windows. */
    enum Format {
        ELF,
        MACH_O,
        PE
    }

    private static final int ELF_MAGIC = 0x7f454c46;
    private static final int MACH_O_64 = 0xcffaedfe;
    private static final int MACH_O_32 = 0xcefaedfe;
    private static final int MACH_O_UNIVERSAL = 0xcafebabe;
    /** Class files have the magic of universal files; a version follows, from 45, instead of a number of processors. */
    private static final int MAX_PROCESSORS = 44;

    private static final int PE_MAGIC = 0x4d5a;

    /** Identifies a file; empty if it is not an executable or a shared library. */
    static Optional<NativeFile> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    /** Identifies a file by its beginning. */
    static Optional<NativeFile> read(InputStream in) throws IOException {
        return of(in.readNBytes(HEADER));
    }

    /** Identifies a file by its first {@link #HEADER} bytes. */
    static Optional<NativeFile> of(byte[] head) {
        if (head.length < HEADER) {
            return Optional.empty();
        }
        ByteBuffer big = ByteBuffer.wrap(head);
        return switch (big.getInt(0)) {
            case ELF_MAGIC -> {
                ByteOrder order = head[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
                yield Optional.of(new NativeFile(
                        Format.ELF, ByteBuffer.wrap(head).order(order).getShort(18) & 0xffff));
            }
            case MACH_O_64, MACH_O_32 ->
                Optional.of(new NativeFile(Format.MACH_O, Integer.reverseBytes(big.getInt(4))));
            case MACH_O_UNIVERSAL ->
                big.getInt(4) <= MAX_PROCESSORS
                        ? Optional.of(new NativeFile(Format.MACH_O, UNIVERSAL))
                        : Optional.empty();
            default -> big.getShort(0) == PE_MAGIC ? Optional.of(new NativeFile(Format.PE, 0)) : Optional.empty();
        };
    }
}
