package io.rootstock.corpus.engine.format;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads the documents of a file that {@link UnitFileWriter} wrote. Memory: two blocks. */
public final class UnitFileReader implements Closeable {
    private static final int MAX_BLOCK_BYTES = UnitFileWriter.MAX_DOCUMENT_BYTES + (1 << 26);
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final long fileBytes;
    private final InputStream stream;
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final CRC32C crc = new CRC32C();
    private byte[] compressed = {};
    private ByteBuffer block = ByteBuffer.allocate(0);
    private int left;
    private long documents;
    private long textBytes;
    private boolean ended;

    /** Opens a file; throws {@link DamagedFileException} if it is of another format or version. */
    public UnitFileReader(Path path) throws IOException {
        this.path = path;
        this.fileBytes = Files.size(path);
        this.stream = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            long magic = read(Long.BYTES).getLong();
            if (magic != UnitFileWriter.MAGIC) {
                throw damaged("it begins with %016x, not %016x".formatted(magic, UnitFileWriter.MAGIC));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Returns the next document; null after the last one, when all checksums and counts have been checked. */
    public Document next() throws IOException {
        while (left == 0) {
            if (ended || !readBlock()) {
                return null;
            }
        }
        left--;
        Document document = new Document(field(), field(), field(), Text.ofValidUtf8(bytes()));
        documents++;
        textBytes += document.text().length();
        if (left == 0 && block.hasRemaining()) {
            throw damaged("a block has more bytes than its documents");
        }
        return document;
    }

    private boolean readBlock() throws IOException {
        int count = read(Integer.BYTES).getInt();
        if (count == 0) {
            readEnd();
            return false;
        }
        ByteBuffer lengths = read(2 * Integer.BYTES);
        int length = lengths.getInt();
        int compressedLength = lengths.getInt();
        if (count < 0
                || length < (long) count * DocumentBlock.leastDocumentBytes()
                || length > MAX_BLOCK_BYTES
                || compressedLength < 0
                || compressedLength > fileBytes) {
            throw damaged("a block of " + count + " documents, " + length + " bytes");
        }
        if (compressed.length < compressedLength) {
            compressed = new byte[compressedLength];
        }
        readFully(compressed, compressedLength);
        requireChecksum();
        if (block.capacity() < length) {
            block = ByteBuffer.allocate(length);
        }
        try {
            int actual = decompressor.decompressByteArray(block.array(), 0, length, compressed, 0, compressedLength);
            if (actual != length) {
                throw damaged("a block has " + actual + " bytes, not " + length);
            }
        } catch (ZstdException e) {
            throw damaged(e.getMessage());
        }
        block.clear().limit(length);
        left = count;
        return true;
    }

    private void readEnd() throws IOException {
        ByteBuffer counts = read(2 * Long.BYTES);
        long statedDocuments = counts.getLong();
        long statedBytes = counts.getLong();
        requireChecksum();
        if (statedDocuments != documents || statedBytes != textBytes || stream.read() >= 0) {
            throw damaged("it has " + documents + " documents, and states " + statedDocuments);
        }
        ended = true;
    }

    private String field() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() throws IOException {
        int length = block.remaining() < Integer.BYTES ? -1 : block.getInt();
        if (length < 0 || length > block.remaining()) {
            throw damaged("a field has length " + length);
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return bytes;
    }

    private void requireChecksum() throws IOException {
        int expected = (int) crc.getValue();
        int stated = read(Integer.BYTES).getInt();
        if (stated != expected) {
            throw damaged("checksum is %08x, not %08x".formatted(stated, expected));
        }
    }

    private ByteBuffer read(int length) throws IOException {
        byte[] bytes = new byte[length];
        readFully(bytes, length);
        return ByteBuffer.wrap(bytes);
    }

    private void readFully(byte[] bytes, int length) throws IOException {
        if (stream.readNBytes(bytes, 0, length) < length) {
            throw damaged("it ends after document " + documents);
        }
        crc.update(bytes, 0, length);
    }

    private DamagedFileException damaged(String reason) {
        return new DamagedFileException(path.toString(), reason);
    }

    @Override
    public void close() throws IOException {
        decompressor.close();
        stream.close();
    }
}
