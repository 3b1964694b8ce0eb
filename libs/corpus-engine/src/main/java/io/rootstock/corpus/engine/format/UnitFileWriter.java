package io.rootstock.corpus.engine.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.rootstock.corpus.Document;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes the documents of a unit. Big-endian, version 1: {@value #MAGIC} (8 bytes, with the version); blocks; an end block.
 *
 * <ul>
 *   <li>A block: number of documents (4, at least 1), uncompressed length (4), compressed length (4), a Zstandard frame,
 *       CRC32C of the file from its beginning (4).
 *   <li>The end block: 0 (4), number of documents (8), bytes of text (8), CRC32C of the file from its beginning (4).
 *   <li>A document in a block: location, address, licence and text in UTF-8, each with its length (4) in front.
 * </ul>
 *
 * <p>Equal documents give equal bytes with one version of zstd. Memory: two blocks.
 */
public final class UnitFileWriter implements Closeable {
    /** Maximum size of a document in a file. */
    public static final int MAX_DOCUMENT_BYTES = 1 << 28;

    static final long MAGIC = 0x5253554E49540001L;
    private static final int BLOCK = 1 << 20;
    private static final int LEVEL = 1;

    private final OutputStream stream;
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer header = ByteBuffer.allocate(20);
    private final DocumentBlock block = new DocumentBlock();
    private byte[] compressed = {};
    private long documents;
    private long textBytes;

    /** Begins a file on a stream, which the caller closes. */
    public UnitFileWriter(OutputStream stream) throws IOException {
        this.stream = stream;
        header.putLong(MAGIC);
        writeHeader();
    }

    /** Adds a document; throws {@link IllegalArgumentException} if it exceeds {@link #MAX_DOCUMENT_BYTES}. */
    public void add(Document document) throws IOException {
        if (document.text().length() > MAX_DOCUMENT_BYTES) {
            throw new IllegalArgumentException(
                    document.location() + " has " + document.text().length() + " bytes, at most " + MAX_DOCUMENT_BYTES
                            + " are supported; set a lower limit for documents");
        }
        block.add(document);
        documents++;
        textBytes += document.text().length();
        if (block.length() >= BLOCK) {
            writeBlock();
        }
    }

    /** Ends the file. */
    public void finish() throws IOException {
        writeBlock();
        header.putInt(0).putLong(documents).putLong(textBytes);
        writeHeader();
        writeChecksum();
    }

    /** Number of documents added. */
    public long documents() {
        return documents;
    }

    /** UTF-8 bytes of the texts added. */
    public long textBytes() {
        return textBytes;
    }

    private void writeBlock() throws IOException {
        if (block.documents() == 0) {
            return;
        }
        int bound = Math.toIntExact(Zstd.compressBound(block.length()));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int length = compressor.compressByteArray(compressed, 0, bound, block.bytes(), 0, block.length());
        header.putInt(block.documents()).putInt(block.length()).putInt(length);
        writeHeader();
        crc.update(compressed, 0, length);
        stream.write(compressed, 0, length);
        writeChecksum();
        block.clear();
    }

    private void writeChecksum() throws IOException {
        header.putInt((int) crc.getValue());
        writeHeader();
    }

    private void writeHeader() throws IOException {
        crc.update(header.array(), 0, header.position());
        stream.write(header.array(), 0, header.position());
        header.clear();
    }

    /** Frees the compressor's native memory. */
    @Override
    public void close() {
        compressor.close();
    }
}
