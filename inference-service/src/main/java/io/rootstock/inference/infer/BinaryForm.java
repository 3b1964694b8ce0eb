package io.rootstock.inference.infer;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tensors as bytes, little-endian: FP64 as they are, each text of BYTES after its length in bytes as a uint32. */
public final class BinaryForm {
    private BinaryForm() {}

    /** A tensor BYTES [n] of texts in UTF-8. */
    public static ByteString texts(List<String> texts) {
        ByteString.Output out = ByteString.newOutput();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            byte[] length = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(bytes.length)
                    .array();
            out.write(length, 0, length.length);
            out.write(bytes, 0, bytes.length);
        }
        return out.toByteString();
    }

    /** A tensor FP64 [n]. */
    public static ByteString numbers(List<Double> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(bytes::putDouble);
        return ByteString.copyFrom(bytes.flip());
    }

    /**
     * Elements of a tensor BYTES [n].
     *
     * @param field field named in the error
     * @throws StatusRuntimeException INVALID_ARGUMENT if a text is cut
     */
    public static List<ByteString> elements(ByteString raw, String field) {
        List<ByteString> elements = new ArrayList<>();
        ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw Errors.invalidArgument(
                        field,
                        "must be texts, each after its length in bytes as a little-endian uint32; text "
                                + elements.size() + " is cut");
            }
            elements.add(raw.substring(bytes.position(), bytes.position() + length));
            bytes.position(bytes.position() + length);
        }
        return elements;
    }
}
