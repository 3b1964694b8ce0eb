package io.rootstock.llama;

import io.rootstock.llama.GgufSections.Out;
import io.rootstock.llama.GgufSections.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A GGUF file that is made to break its reader.
 *
 * @param name what is wrong with it
 * @param reason text of the error with which it must be refused
 */
public record HostileGguf(String name, String reason, ByteBuffer file) {
    private static final String EPSILON = "llama.attention.layer_norm_rms_epsilon";

    @Override
    public String toString() {
        return name;
    }

    /**
     * Returns the corpus.
     *
     * @param valid a valid file of the architecture llama
     */
    public static List<HostileGguf> all(byte[] valid) {
        List<HostileGguf> all = new ArrayList<>();
        all.addAll(counts(valid));
        all.addAll(keys(valid));
        all.addAll(tensors(valid));
        all.addAll(hyperparameters(valid));
        all.addAll(truncated(valid));
        return all;
    }

    private static List<HostileGguf> counts(byte[] valid) {
        return List.of(
                changed(valid, "another magic", "does not begin with GGUF", file -> file.magic = 0x4b504b50),
                changed(valid, "version 0", "the version must be 3, is 0", file -> file.version = 0),
                changed(valid, "big-endian version", "must be 3, is 50331648", file -> file.version = 3 << 24),
                changed(
                        valid,
                        "2^63 - 1 tensors",
                        "the number of tensors must be",
                        file -> file.statedTensors = Long.MAX_VALUE),
                changed(valid, "-1 tensors", "the number of tensors must be", file -> file.statedTensors = -1),
                changed(valid, "2^40 keys", "the number of keys must be", file -> file.statedKeys = 1L << 40),
                changed(valid, "-1 keys", "the number of keys must be", file -> file.statedKeys = -1),
                changed(
                        valid,
                        "a name of 2^62 bytes",
                        "the length of key 0 must be",
                        file -> file.statedNameLength = 1L << 62),
                changed(
                        valid,
                        "a name of -8 bytes",
                        "the length of key 0 must be",
                        file -> file.statedNameLength = -8));
    }

    private static List<HostileGguf> keys(byte[] valid) {
        byte[] nested = nested(1000);
        return List.of(
                key(valid, "a string of 2^31 bytes", "the length of x must be", 8, new Out().i64(1L << 31)),
                key(valid, "a string of -1 bytes", "the length of x must be", 8, new Out().i64(-1)),
                key(valid, "type 255", "key x has the unknown type 255", 255, new Out().i32(0)),
                key(
                        valid,
                        "a list of type 255",
                        "has the unknown type 255",
                        9,
                        new Out().i32(255).i64(4).i32(0)),
                key(
                        valid,
                        "a list of lists",
                        "key x is a list of lists",
                        9,
                        new Out().i32(9).i64(1).i32(4).i64(0)),
                key(valid, "a list 1000 levels deep", "key x is a list of lists", 9, new Out().raw(nested)),
                key(
                        valid,
                        "a list of 2^60",
                        "the length of list x must be",
                        9,
                        new Out().i32(4).i64(1L << 60)),
                key(
                        valid,
                        "a list of -1",
                        "the length of list x must be",
                        9,
                        new Out().i32(0).i64(-1)),
                key(
                        valid,
                        "a list beyond the file",
                        "reaches beyond the file",
                        9,
                        new Out().i32(8).i64(1 << 24)),
                key(valid, "a bool of 7", "key x must be true or false", 7, new Out().raw((byte) 7)),
                key(valid, "U+0000 in a string", "x holds U+0000", 8, new Out().text("a\0b")),
                key(
                        valid,
                        "a string that is not UTF-8",
                        "x is not UTF-8",
                        8,
                        new Out().i64(1).raw((byte) 0xff)),
                changed(
                        valid,
                        "a name that is not UTF-8",
                        "is not UTF-8",
                        file -> file.keys.add(new GgufSections.Key(
                                ByteBuffer.wrap(new byte[] {(byte) 0xc0, (byte) 0x80}),
                                4,
                                ByteBuffer.wrap(new byte[4])))),
                changed(valid, "a key twice", "is there twice", file -> file.keys.add(file.keys.getFirst())),
                alignment(valid, 0),
                alignment(valid, 3),
                alignment(valid, 1 << 30),
                changed(
                        valid,
                        "an alignment that is a string",
                        "general.alignment must be 32",
                        file -> file.set(
                                "general.alignment", 8, new Out().text("32").bytes())));
    }

    private static List<HostileGguf> tensors(byte[] valid) {
        return List.of(
                tensor(valid, "no dimensions", "must have 1 to 4 dimensions, has 0", t -> shaped(t)),
                tensor(valid, "5 dimensions", "must have 1 to 4 dimensions, has 5", t -> shaped(t, 1L, 1L, 1L, 1L, 1L)),
                tensor(valid, "a dimension of -1", "impossible dimension -1", t -> shaped(t, -1L, 4L)),
                tensor(valid, "a dimension of 0", "impossible dimension 0", t -> shaped(t, 0L, 4L)),
                tensor(valid, "dimensions that overflow", "impossible dimension", t -> shaped(t, 1L << 40, 1L << 40)),
                tensor(
                        valid,
                        "transposed",
                        "",
                        t -> shaped(t, t.dimensions().getLast(), t.dimensions().getFirst())),
                tensor(valid, "another shape", "", t -> shaped(t, 32L, 32L)),
                tensor(valid, "type 255", "the unknown type 255", t -> typed(t, 255)),
                tensor(valid, "type -1", "the unknown type -1", t -> typed(t, -1)),
                tensor(valid, "a removed type", "the unknown type 4", t -> typed(t, 4)),
                tensor(valid, "an offset beyond the file", "", t -> placed(t, 1L << 40)),
                tensor(valid, "an offset that overflows", "", t -> placed(t, Long.MAX_VALUE - 31)),
                tensor(valid, "a negative offset", "", t -> placed(t, -32)),
                tensor(valid, "an offset that is not aligned", "", t -> placed(t, t.offset() + 1)),
                tensor(valid, "an unknown name", "", t -> named(t, "../../etc/passwd")),
                tensor(valid, "no name", "has no name", t -> named(t, "")),
                changed(valid, "a tensor twice", "", file -> file.tensors.add(file.tensors.getFirst())),
                changed(
                        valid,
                        "two tensors at one place",
                        "",
                        file -> file.tensors.set(
                                1,
                                placed(
                                        file.tensors.get(1),
                                        file.tensors.getFirst().offset()))),
                changed(valid, "a missing tensor", "", file -> file.tensors.removeLast()),
                changed(valid, "no tensors", "", file -> file.tensors.clear()));
    }

    private static List<HostileGguf> hyperparameters(byte[] valid) {
        return List.of(
                number(valid, "llama.attention.head_count", 0),
                number(valid, "llama.attention.head_count", -1),
                number(valid, "llama.attention.head_count_kv", 3),
                number(valid, "llama.context_length", 0),
                number(valid, "llama.block_count", 1_000_000_000),
                number(valid, "llama.embedding_length", 0),
                number(valid, "llama.feed_forward_length", -1),
                number(valid, "llama.rope.dimension_count", 7),
                number(valid, "tokenizer.ggml.bos_token_id", 1 << 30),
                real(valid, EPSILON, Float.NaN),
                real(valid, EPSILON, -1),
                real(valid, "llama.rope.freq_base", Float.POSITIVE_INFINITY),
                changed(valid, "no keys", "", file -> file.keys.clear()),
                changed(
                        valid,
                        "an architecture with a path",
                        "the architecture must be",
                        file -> file.set(
                                "general.architecture",
                                8,
                                new Out().text("../../llama").bytes())),
                changed(
                        valid,
                        "another vocabulary",
                        "",
                        file -> file.set(
                                "tokenizer.ggml.tokens",
                                9,
                                new Out().i32(8).i64(1).text("a").bytes())));
    }

    private static List<HostileGguf> truncated(byte[] valid) {
        int header = GgufSections.read(valid).header().length;
        List<HostileGguf> files = new ArrayList<>();
        for (int length : new int[] {0, 3, 6, 12, 20, 40, header / 2, header - 8, header, valid.length - 1}) {
            files.add(new HostileGguf("only " + length + " bytes", "", ByteBuffer.wrap(Arrays.copyOf(valid, length))));
        }
        return files;
    }

    private static HostileGguf changed(byte[] valid, String name, String reason, Consumer<GgufSections> change) {
        GgufSections file = GgufSections.read(valid);
        change.accept(file);
        return new HostileGguf(name, reason, ByteBuffer.wrap(file.write()));
    }

    private static HostileGguf key(byte[] valid, String name, String reason, int type, Out value) {
        return changed(
                valid,
                "a key with " + name,
                reason,
                file -> file.keys.add(0, new GgufSections.Key("x", type, value.bytes())));
    }

    private static byte[] nested(int levels) {
        Out out = new Out();
        for (int i = 0; i < levels; i++) {
            out.i32(9).i64(1);
        }
        return out.i32(0).i64(0).bytes();
    }

    private static HostileGguf alignment(byte[] valid, int alignment) {
        return changed(
                valid,
                "alignment " + alignment,
                "general.alignment must be 32, is " + alignment,
                file -> file.set(
                        "general.alignment", 4, new Out().i32(alignment).bytes()));
    }

    /** Changes the second tensor, a matrix of every architecture. */
    private static HostileGguf tensor(byte[] valid, String name, String reason, UnaryOperator<Tensor> change) {
        return changed(valid, "a tensor with " + name, reason, file -> {
            int matrix = 0;
            while (file.tensors.get(matrix).dimensions().size() < 2) {
                matrix++;
            }
            file.tensors.set(matrix, change.apply(file.tensors.get(matrix)));
        });
    }

    private static Tensor shaped(Tensor tensor, Long... dimensions) {
        return new Tensor(tensor.name(), List.of(dimensions), tensor.type(), tensor.offset());
    }

    private static Tensor typed(Tensor tensor, int type) {
        return new Tensor(tensor.name(), tensor.dimensions(), type, tensor.offset());
    }

    private static Tensor placed(Tensor tensor, long offset) {
        return new Tensor(tensor.name(), tensor.dimensions(), tensor.type(), offset);
    }

    private static Tensor named(Tensor tensor, String name) {
        return new Tensor(name, tensor.dimensions(), tensor.type(), tensor.offset());
    }

    private static HostileGguf number(byte[] valid, String key, int value) {
        return changed(
                valid,
                key + " = " + value,
                "",
                file -> file.set(key, 4, new Out().i32(value).bytes()));
    }

    private static HostileGguf real(byte[] valid, String key, float value) {
        return changed(
                valid,
                key + " = " + value,
                "",
                file -> file.set(
                        key, 6, new Out().i32(Float.floatToRawIntBits(value)).bytes()));
    }
}
