package io.rootstock.trainer.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Writes a run's metrics for TensorBoard: records of TensorFlow's event file format, each a length, its masked CRC-32C,
 * an {@code Event} message and its masked CRC-32C. Each worker of a run writes its own file, which begins with a
 * session start event that discards later steps of earlier files, so that a resumed run is one curve. Metrics that
 * cannot be written to disk are dropped.
 */
public final class TensorBoardLog implements AutoCloseable {
    private static final String PREFIX = "events.out.tfevents.";
    private static final String VERSION = "brain.Event:2";
    private static final int MASK_DELTA = 0xa282ead8;
    private static final int SESSION_START = 1;
    private static final int STRING_TYPE = 7;

    private final FileChannel file;
    private long position;

    private TensorBoardLog(FileChannel file) {
        this.file = file;
    }

    /**
     * Creates a file in a directory, which is created if missing; steps of earlier files after {@code step} are
     * discarded.
     */
    public static TensorBoardLog open(Path folder, long step) {
        try {
            Files.createDirectories(folder);
            long number;
            try (Stream<Path> files = Files.list(folder)) {
                number = files.count() + 1;
            }
            // TensorBoard reads the files in the order of their names.
            Path place = folder.resolve(String.format(Locale.ROOT, "%s%08d.rootstock", PREFIX, number));
            TensorBoardLog log =
                    new TensorBoardLog(FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            log.append(0, out -> out.writeString(3, VERSION));
            byte[] start = message(out -> out.writeEnum(1, SESSION_START));
            log.append(step == 0 ? 0 : step + 1, out -> out.writeByteArray(7, start));
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write figures for TensorBoard into " + folder, e);
        }
    }

    /** Adds metrics of a step, by name. */
    public void scalars(long step, Map<String, Double> values) {
        byte[] summary = message(out -> {
            for (Map.Entry<String, Double> value : values.entrySet()) {
                out.writeByteArray(1, message(inner -> {
                    inner.writeString(1, value.getKey());
                    inner.writeFloat(2, value.getValue().floatValue());
                }));
            }
        });
        append(step, out -> out.writeByteArray(5, summary));
    }

    /** Adds a text of a step, displayed by TensorBoard's text plugin. */
    public void text(long step, String name, String text) {
        byte[] plugin = message(out -> out.writeString(1, "text"));
        byte[] one = message(out -> out.writeInt64(1, 1));
        byte[] shape = message(out -> out.writeByteArray(2, one));
        byte[] tensor = message(out -> {
            out.writeEnum(1, STRING_TYPE);
            out.writeByteArray(2, shape);
            out.writeBytes(8, ByteString.copyFromUtf8(text));
        });
        byte[] metadata = message(out -> out.writeByteArray(1, plugin));
        byte[] value = message(out -> {
            out.writeString(1, name);
            out.writeByteArray(8, tensor);
            out.writeByteArray(9, metadata);
        });
        byte[] summary = message(out -> out.writeByteArray(1, value));
        append(step, out -> out.writeByteArray(5, summary));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the figures for TensorBoard", e);
        }
    }

    /** Writes a message's fields. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private synchronized void append(long step, Fields what) {
        byte[] event = message(out -> {
            out.writeDouble(1, System.currentTimeMillis() / 1000.0);
            out.writeInt64(2, step);
            what.write(out);
        });
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + event.length + 2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(event.length);
        bytes.putInt(maskedChecksum(bytes.array(), Long.BYTES));
        bytes.put(event).putInt(maskedChecksum(event, event.length)).flip();
        try {
            int written = 0;
            while (bytes.hasRemaining()) {
                written += file.write(bytes, position + written);
            }
            position += written;
        } catch (IOException full) {
            // The next record overwrites the incomplete one.
            return;
        }
    }

    private static int maskedChecksum(byte[] bytes, int count) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, count);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
    }

    private static byte[] message(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every message", e);
        }
        return bytes.toByteString().toByteArray();
    }
}
