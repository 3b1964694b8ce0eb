package io.rootstock.corpus.reader;

import io.rootstock.corpus.source.CorruptCompressionException;
import io.rootstock.corpus.source.DecompressedInput;
import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.unit.ByteSample;
import io.rootstock.corpus.unit.Compression;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.unit.Unit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a unit, with their SHA-256; refuses a file that changed after it was planned. */
final class UnitInput implements AutoCloseable {
    private static final int BUFFER = 1 << 18;

    private final Unit unit;
    private final FileChannel channel;
    private final DigestInputStream stored;

    private UnitInput(Unit unit, FileChannel channel) {
        this.unit = unit;
        this.channel = channel;
        this.stored = new DigestInputStream(
                new Range(channel, unit.range().from(), unit.range().to()), newSha256());
    }

    /**
     * Opens the file of a unit.
     *
     * @throws RefusedInputException if the file changed after it was planned
     */
    static UnitInput open(Unit unit) throws IOException {
        FileChannel channel = FileChannel.open(unit.file().path(), StandardOpenOption.READ);
        try {
            UnitInput input = new UnitInput(unit, channel);
            input.requireUnchanged();
            return input;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns the decompressed bytes of the unit; reading them computes the digest. */
    InputStream decompressed(DecompressionLimits limits) throws CorruptCompressionException {
        Compression compression = unit.file().compression();
        return compression == Compression.NONE
                ? stored
                : DecompressedInput.open(stored, compression == Compression.GZIP, limits);
    }

    /** Returns all bytes before the unit, as a stream: the header of a CSV file lies there. */
    InputStream before() {
        return new Range(channel, 0, unit.range().from());
    }

    /** Reads the bytes that were not read, and returns the SHA-256 of all as hexadecimal digits. */
    String finish() throws IOException {
        byte[] rest = new byte[BUFFER];
        int read = stored.read(rest);
        while (read >= 0) {
            read = stored.read(rest);
        }
        requireUnchanged();
        return HexFormat.of().formatHex(stored.getMessageDigest().digest());
    }

    private void requireUnchanged() throws IOException {
        InputFile file = unit.file();
        long bytes = channel.size();
        if (bytes != file.bytes()) {
            throw new RefusedInputException(
                    file.path(),
                    "has " + bytes + " bytes, and had " + file.bytes() + " when it was planned; plan the job again");
        }
        if (!ByteSample.of(channel, unit.range()).equals(unit.sample())) {
            throw new RefusedInputException(file.path(), "changed after it was planned; plan the job again");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Bytes between two offsets of a file. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Range(FileChannel channel, long from, long end) {
            this.channel = channel;
            this.position = from;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (position >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - position);
            int read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
            if (read < 0) {
                throw new IOException("the file became shorter while it was read");
            }
            position += read;
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - position);
        }
    }
}
