package io.rootstock.dist;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Cuts the symbol table for debuggers and the section headers off 64-bit ELF shared libraries. The dynamic linker reads
 * segments only; the dynamic symbols are in one of them. Source: System V ABI, chapters 4 and 5.
 */
final class ElfSections {
    private static final int SECTION_HEADERS_OFFSET = 0x28;
    private static final int PROGRAM_HEADERS_OFFSET = 0x20;
    private static final int PROGRAM_HEADER_SIZE = 0x36;
    private static final int PROGRAM_HEADER_COUNT = 0x38;
    private static final int SECTION_HEADER_COUNT = 0x3c;
    private static final int SECTION_NAMES_INDEX = 0x3e;
    private static final int SEGMENT_OFFSET = 0x08;
    private static final int SEGMENT_FILE_SIZE = 0x20;

    private ElfSections() {}

    /** Truncates a library, in place, behind its last segment. Does nothing with files of other formats. */
    static void cut(Path library) throws IOException {
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = read(file, 0, NativeFile.HEADER);
            boolean elf64 =
                    header.getInt(0) == Integer.reverseBytes(0x7f454c46) && header.get(4) == 2 && header.get(5) == 1;
            if (!elf64) {
                return;
            }
            int size = header.getShort(PROGRAM_HEADER_SIZE);
            int count = header.getShort(PROGRAM_HEADER_COUNT);
            long table = header.getLong(PROGRAM_HEADERS_OFFSET);
            ByteBuffer segments = read(file, table, size * count);
            long end = table + (long) size * count;
            for (int i = 0; i < count; i++) {
                long offset = segments.getLong(i * size + SEGMENT_OFFSET);
                end = Math.max(end, offset + segments.getLong(i * size + SEGMENT_FILE_SIZE));
            }
            header.putLong(SECTION_HEADERS_OFFSET, 0);
            header.putShort(SECTION_HEADER_COUNT, (short) 0);
            header.putShort(SECTION_NAMES_INDEX, (short) 0);
            header.position(0);
            while (header.hasRemaining()) {
                file.write(header, header.position());
            }
            file.truncate(end);
        }
    }

    private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("the file ends before its program headers");
            }
        }
        return bytes.rewind();
    }
}
