package io.rootstock.corpus.reader;

import dev.hardwood.InputFile;
import io.rootstock.corpus.source.CorruptCompressionException;
import io.rootstock.corpus.source.DecompressedInput;
import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.unit.ByteSample;
import io.rootstock.corpus.unit.Compression;
import io.rootstock.corpus.unit.InputPlace;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.unit.Unit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a unit, with their SHA-256; refuses a file that changed after it was planned, a file of a storage
 * when it is read. */
final class UnitInput implements AutoCloseable {
    private static final int BUFFER = 1 << 18;

    private final Unit unit;
    private final WatchedFile file;
    private final DigestInputStream stored;

    private UnitInput(Unit unit, StoredFile file) {
        this.unit = unit;
        this.file = new WatchedFile(file);
        this.stored = new DigestInputStream(
                this.file.stream(unit.range().from(), unit.range().to()), newSha256());
    }

    /**
     * Opens the file of a unit.
     *
     * @throws RefusedInputException if a local file changed after it was planned
     */
    static UnitInput open(Unit unit) throws IOException {
        StoredFile file = unit.file().open();
        try {
            UnitInput input = new UnitInput(unit, file);
            input.requireUnchanged();
            return input;
        } catch (IOException | RuntimeException e) {
            file.close();
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
        return file.stream(0, unit.range().from());
    }

    /** Returns the file for the parquet library, which closes it. */
    dev.hardwood.InputFile parquet() {
        return new ParquetInput(
                switch (unit.file().place()) {
                    case InputPlace.Local local -> dev.hardwood.InputFile.of(local.path());
                    case InputPlace.Stored _ -> new SpooledParquet(unit.file().name(), file, unit.range(), stored);
                });
    }

    /** Throws the first failure of a read of the file, which a parser may have reported as damage. */
    void requireRead() throws IOException {
        file.requireRead();
    }

    /** Reads the bytes that were not read, and returns the SHA-256 of all as hexadecimal digits. */
    String finish() throws IOException {
        requireRead();
        byte[] rest = new byte[BUFFER];
        int read = stored.read(rest);
        while (read >= 0) {
            read = stored.read(rest);
        }
        requireUnchanged();
        return HexFormat.of().formatHex(stored.getMessageDigest().digest());
    }

    /** A file of a storage is read in one version only. */
    private void requireUnchanged() throws IOException {
        switch (unit.file().place()) {
            case InputPlace.Local local -> requireUnchanged(local.path());
            case InputPlace.Stored _ -> {}
        }
    }

    private void requireUnchanged(Path path) throws IOException {
        long planned = unit.file().bytes();
        long bytes = file.bytes();
        if (bytes != planned) {
            throw new RefusedInputException(
                    path, "has " + bytes + " bytes, and had " + planned + " when it was planned; plan the job again");
        }
        if (!ByteSample.of(file, unit.range()).equals(unit.sample())) {
            throw new RefusedInputException(path, "changed after it was planned; plan the job again");
        }
    }

    @Override
    public void close() throws IOException {
        stored.close();
        file.close();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Bytes of a parquet file; refuses reads that only damaged files cause.
     *
     * <p>With a wrong page size the library (1.0.1) reads zero bytes without end, and its caller waits for ever.
     */
    private static final class ParquetInput implements InputFile {
        private final InputFile file;

        ParquetInput(InputFile file) {
            this.file = file;
        }

        @Override
        public void open() throws IOException {
            file.open();
        }

        @Override
        public ByteBuffer readRange(long offset, int length) throws IOException {
            if (length <= 0 || offset < 0 || offset + length > file.length()) {
                throw new IOException(
                        "a page of " + length + " bytes at offset " + offset + " lies outside of its column");
            }
            return file.readRange(offset, length);
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
