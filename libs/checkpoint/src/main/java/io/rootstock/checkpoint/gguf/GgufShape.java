package io.rootstock.checkpoint.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Dimensions of a Llama model in a GGUF file, from its header.
 *
 * @param fileBytes length of the file in bytes
 * @param layers L, number of blocks
 * @param dimension D, size of the hidden state
 * @param feedForward F, width of the feed-forward layers
 * @param vocabularySize V, number of tokens
 * @param keyValueWidth number of values in a token's keys and values of one layer
 * @param contextLength context length of the training in tokens
 */
public record GgufShape(
        long fileBytes,
        int layers,
        int dimension,
        int feedForward,
        int vocabularySize,
        int keyValueWidth,
        int contextLength) {
    /**
     * Reads the header; validate the file with {@link GgufValidator} first.
     *
     * @throws InvalidGgufException if the header does not describe a Llama model
     */
    public static GgufShape read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            GgufHeader header = GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            String architecture = header.text("general.architecture");
            int heads = header.count(architecture + ".attention.head_count");
            int dimension = header.count(architecture + ".embedding_length");
            int keyValueHeads = optional(header, architecture + ".attention.head_count_kv", heads);
            int keyLength = optional(header, architecture + ".attention.key_length", dimension / heads);
            int valueLength = optional(header, architecture + ".attention.value_length", dimension / heads);
            return new GgufShape(
                    channel.size(),
                    header.count(architecture + ".block_count"),
                    dimension,
                    header.count(architecture + ".feed_forward_length"),
                    header.texts("tokenizer.ggml.tokens").size(),
                    keyValueHeads * (keyLength + valueLength),
                    header.count(architecture + ".context_length"));
        }
    }

    private static int optional(GgufHeader header, String key, int otherwise) {
        return header.has(key) ? header.count(key) : otherwise;
    }
}
