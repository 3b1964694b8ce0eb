package io.rootstock.llama;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Writes tiny Llama models as GGUF for tests, with a byte tokenizer: token ids 0 to 255 are the bytes in GPT-2's order,
 * followed by the special tokens.
 */
public final class TinyModel {
    public static final int DIMENSION = 64;
    public static final int LAYERS = 2;
    public static final int HEADS = 4;
    public static final int KEY_VALUE_HEADS = 2;
    public static final int FEED_FORWARD = 128;
    public static final int CONTEXT = 512;
    public static final List<String> SPECIAL =
            List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>", "<|pad|>");
    private static final String CHAT_TEMPLATE = "{{ bos_token }}{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
    public static final int VOCABULARY = 256 + SPECIAL.size();
    public static final int BEGIN_OF_TEXT = 256;
    public static final int END_OF_TEXT = 257;

    /** Byte whose token {@link #merging} replaces. */
    public static final byte MERGED = (byte) 0xff;

    /** Tensor values by GGUF name; change them before {@link #write}. */
    public final Map<String, float[]> tensors = new LinkedHashMap<>();

    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final int feedForward;
    private int contextLength = CONTEXT;
    private String chatTemplate = CHAT_TEMPLATE;
    private boolean addBos = true;
    private final Map<String, Integer> further = new TreeMap<>();
    private List<String> merge = List.of();

    private TinyModel(int feedForward) {
        this.feedForward = feedForward;
    }

    /** A model of random weights. */
    public static TinyModel random(long seed) {
        return random(seed, FEED_FORWARD);
    }

    /** Neither the tokenizer nor the chat template adds BOS, as in SmolLM2. */
    public TinyModel withoutBos() {
        addBos = false;
        return this;
    }

    /** A model of random weights, sized by its feed-forward width: 1536 bytes per unit. */
    public static TinyModel random(long seed, int feedForward) {
        TinyModel model = new TinyModel(feedForward);
        Random random = new Random(seed);
        int keyValues = KEY_VALUE_HEADS * (DIMENSION / HEADS);
        model.normal("token_embd.weight", random, 1.0, VOCABULARY, DIMENSION);
        model.normal("output.weight", random, 0.5, VOCABULARY, DIMENSION);
        model.ones("output_norm.weight");
        for (int i = 0; i < LAYERS; i++) {
            String block = "blk." + i + ".";
            model.ones(block + "attn_norm.weight");
            model.ones(block + "ffn_norm.weight");
            model.normal(block + "attn_q.weight", random, 0.2, DIMENSION, DIMENSION);
            model.normal(block + "attn_k.weight", random, 0.2, keyValues, DIMENSION);
            model.normal(block + "attn_v.weight", random, 0.2, keyValues, DIMENSION);
            model.normal(block + "attn_output.weight", random, 0.2, DIMENSION, DIMENSION);
            model.normal(block + "ffn_gate.weight", random, 0.2, feedForward, DIMENSION);
            model.normal(block + "ffn_up.weight", random, 0.2, feedForward, DIMENSION);
            model.normal(block + "ffn_down.weight", random, 0.2, DIMENSION, feedForward);
        }
        return model;
    }

    /**
     * A model that greedily generates each byte's successor in the text, whose bytes must differ; the last leads to
     * EOS.
     */
    public static TinyModel reciting(String text) {
        TinyModel model = random(1);
        model.tensors.replaceAll((name, values) ->
                name.startsWith("blk.") && !name.endsWith("norm.weight") ? new float[values.length] : values);
        float[] embeddings = model.tensors.get("token_embd.weight");
        float[] output = new float[VOCABULARY * DIMENSION];
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int from = token(bytes[i]);
            int to = i + 1 < bytes.length ? token(bytes[i + 1]) : END_OF_TEXT;
            System.arraycopy(embeddings, from * DIMENSION, output, to * DIMENSION, DIMENSION);
        }
        model.tensors.put("output.weight", output);
        return model;
    }

    /** A model that greedily repeats the text; its bytes must differ. */
    public static TinyModel repeating(String text) {
        TinyModel model = reciting(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        float[] output = model.tensors.get("output.weight");
        System.arraycopy(new float[DIMENSION], 0, output, END_OF_TEXT * DIMENSION, DIMENSION);
        System.arraycopy(
                model.tensors.get("token_embd.weight"),
                token(bytes[bytes.length - 1]) * DIMENSION,
                output,
                token(bytes[0]) * DIMENSION,
                DIMENSION);
        return model;
    }

    /** Sets the model's stated context length. */
    public TinyModel contextLength(int tokens) {
        contextLength = tokens;
        return this;
    }

    /**
     * Merges two bytes into one token. It replaces the token of byte {@link #MERGED}, which UTF-8 text never contains.
     */
    public TinyModel merging(char left, char right) {
        merge = List.of(letter((byte) left), letter((byte) right));
        return this;
    }

    /** Sets the model's chat template. */
    public TinyModel chatTemplate(String jinja) {
        chatTemplate = jinja;
        return this;
    }

    /** Adds a key to the file. */
    public TinyModel saying(String key, int value) {
        further.put(key, value);
        return this;
    }

    /** Returns the id of a byte's token. */
    public static int token(byte value) {
        return vocabulary().indexOf(letter(value));
    }

    private static String letter(byte value) {
        return byteAlphabet()[value & 0xff];
    }

    /** Writes the model and returns the file. */
    public Path write(Path file) {
        Gguf gguf = new Gguf();
        gguf.string("general.architecture", "llama");
        gguf.string("general.name", "tiny");
        gguf.u32("general.quantization_version", 2);
        gguf.u32("general.file_type", 0);
        gguf.u32("llama.context_length", contextLength);
        gguf.u32("llama.embedding_length", DIMENSION);
        gguf.u32("llama.block_count", LAYERS);
        gguf.u32("llama.feed_forward_length", feedForward);
        gguf.u32("llama.attention.head_count", HEADS);
        gguf.u32("llama.attention.head_count_kv", KEY_VALUE_HEADS);
        gguf.u32("llama.rope.dimension_count", DIMENSION / HEADS);
        gguf.u32("llama.vocab_size", VOCABULARY);
        further.forEach(gguf::u32);
        gguf.f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        gguf.f32("llama.rope.freq_base", 10_000f);
        gguf.string("tokenizer.ggml.model", "gpt2");
        gguf.string("tokenizer.ggml.pre", "gpt-2");
        List<String> tokens = vocabulary();
        if (!merge.isEmpty()) {
            tokens.set(token(MERGED), String.join("", merge));
        }
        gguf.strings("tokenizer.ggml.tokens", tokens);
        gguf.strings("tokenizer.ggml.merges", merge.isEmpty() ? List.of() : List.of(String.join(" ", merge)));
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < VOCABULARY; i++) {
            types.add(i < 256 ? 1 : 3);
        }
        gguf.i32s("tokenizer.ggml.token_type", types);
        gguf.u32("tokenizer.ggml.bos_token_id", BEGIN_OF_TEXT);
        gguf.u32("tokenizer.ggml.eos_token_id", END_OF_TEXT);
        gguf.u32("tokenizer.ggml.eot_token_id", 259);
        gguf.u32("tokenizer.ggml.padding_token_id", 260);
        gguf.bool("tokenizer.ggml.add_bos_token", addBos);
        gguf.string("tokenizer.chat_template", addBos ? chatTemplate : chatTemplate.replace("{{ bos_token }}", ""));
        gguf.write(file, tensors, shapes);
        return file;
    }

    /**
     * Writes a low-rank adapter with random values for this model's feed-forward and output projections; returns the
     * file.
     *
     * @param merged model to whose weights the adapter's changes are added; null: none
     */
    public Path writeAdapter(Path file, long seed, TinyModel merged) {
        int rank = 4;
        float alpha = 8;
        Random random = new Random(seed);
        Map<String, float[]> adapters = new LinkedHashMap<>();
        Map<String, int[]> adapterShapes = new LinkedHashMap<>();
        for (String name : List.of("blk.0.ffn_down.weight", "blk.1.attn_output.weight", "blk.1.ffn_up.weight")) {
            int rows = shapes.get(name)[0];
            int columns = shapes.get(name)[1];
            float[] a = new float[rank * columns];
            float[] b = new float[rows * rank];
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) (random.nextGaussian() * 0.3);
            }
            for (int i = 0; i < b.length; i++) {
                b[i] = (float) (random.nextGaussian() * 0.3);
            }
            adapters.put(name + ".lora_a", a);
            adapterShapes.put(name + ".lora_a", new int[] {rank, columns});
            adapters.put(name + ".lora_b", b);
            adapterShapes.put(name + ".lora_b", new int[] {rows, rank});
            if (merged != null) {
                float[] weights = merged.tensors.get(name);
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        for (int r = 0; r < rank; r++) {
                            weights[row * columns + column] +=
                                    alpha / rank * b[row * rank + r] * a[r * columns + column];
                        }
                    }
                }
            }
        }
        Gguf gguf = new Gguf();
        gguf.string("general.architecture", "llama");
        gguf.string("general.type", "adapter");
        gguf.string("adapter.type", "lora");
        gguf.f32("adapter.lora.alpha", alpha);
        gguf.write(file, adapters, adapterShapes);
        return file;
    }

    private static List<String> vocabulary() {
        // GPT-2's order: the bytes that represent themselves, then the others.
        List<String> tokens = new ArrayList<>();
        String[] alphabet = byteAlphabet();
        for (int b = 0; b < 256; b++) {
            if (alphabet[b].codePointAt(0) < 256) {
                tokens.add(alphabet[b]);
            }
        }
        for (int b = 0; b < 256; b++) {
            if (alphabet[b].codePointAt(0) >= 256) {
                tokens.add(alphabet[b]);
            }
        }
        tokens.addAll(SPECIAL);
        return tokens;
    }

    private static String[] byteAlphabet() {
        String[] alphabet = new String[256];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean prints = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            alphabet[b] = Character.toString(prints ? b : next++);
        }
        return alphabet;
    }

    private void normal(String name, Random random, double scale, int... shape) {
        float[] values = new float[shape[0] * shape[1]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        tensors.put(name, values);
        shapes.put(name, shape);
    }

    private void ones(String name) {
        float[] values = new float[DIMENSION];
        java.util.Arrays.fill(values, 1f);
        tensors.put(name, values);
        shapes.put(name, new int[] {DIMENSION});
    }

    /** Builds a GGUF version 3 file. */
    private static final class Gguf {
        private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        private int count;

        void u32(String key, int value) {
            key(key, 4).writeBytes(little(4).putInt(value).array());
        }

        void bool(String key, boolean value) {
            key(key, 7).write(value ? 1 : 0);
        }

        void f32(String key, float value) {
            key(key, 6).writeBytes(little(4).putFloat(value).array());
        }

        void string(String key, String value) {
            key(key, 8).writeBytes(text(value));
        }

        void strings(String key, List<String> values) {
            key(key, 9).writeBytes(little(12).putInt(8).putLong(values.size()).array());
            values.forEach(value -> metadata.writeBytes(text(value)));
        }

        void i32s(String key, List<Integer> values) {
            key(key, 9).writeBytes(little(12).putInt(5).putLong(values.size()).array());
            values.forEach(value -> metadata.writeBytes(little(4).putInt(value).array()));
        }

        void write(Path file, Map<String, float[]> tensors, Map<String, int[]> shapes) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(
                    little(20).putInt(3).putLong(tensors.size()).putLong(count).array());
            out.writeBytes(metadata.toByteArray());
            long offset = 0;
            for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
                int[] shape = shapes.get(tensor.getKey());
                out.writeBytes(text(tensor.getKey()));
                out.writeBytes(little(4).putInt(shape.length).array());
                for (int i = shape.length - 1; i >= 0; i--) {
                    out.writeBytes(little(8).putLong(shape[i]).array());
                }
                out.writeBytes(little(12).putInt(0).putLong(offset).array());
                offset += (4L * tensor.getValue().length + 31) / 32 * 32;
            }
            pad(out);
            for (float[] values : tensors.values()) {
                byte[] data = new byte[4 * values.length];
                ByteBuffer.wrap(data)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .put(values);
                out.writeBytes(data);
                pad(out);
            }
            try {
                Files.write(file, out.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private ByteArrayOutputStream key(String key, int type) {
            count++;
            metadata.writeBytes(text(key));
            metadata.writeBytes(little(4).putInt(type).array());
            return metadata;
        }

        private static void pad(ByteArrayOutputStream out) {
            out.writeBytes(new byte[-out.size() & 31]);
        }

        private static byte[] text(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            byte[] text = new byte[8 + bytes.length];
            ByteBuffer.wrap(text)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .put(bytes);
            return text;
        }

        private static ByteBuffer little(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
