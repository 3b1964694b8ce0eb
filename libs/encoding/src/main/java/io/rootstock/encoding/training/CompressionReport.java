package io.rootstock.encoding.training;

import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.TokenBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes per token of several tokenizers on the same texts, such as one trained on a corpus beside r50k, cl100k and o200k.
 * More bytes per token mean fewer tokens for the same text.
 *
 * @param rows a row for each source and tokenizer, in the order of the sources and tokenizers
 */
public record CompressionReport(List<Row> rows) {

    /**
     * Size of a source with one tokenizer.
     *
     * @param source name of the source
     * @param tokenizer name of the tokenizer
     * @param bytes UTF-8 bytes
     * @param tokens number of tokens, without BOS and EOS
     */
    public record Row(String source, String tokenizer, long bytes, long tokens) {
        /** Returns bytes per token; 0 for a source without tokens. */
        public double bytesPerToken() {
            return tokens == 0 ? 0 : (double) bytes / tokens;
        }
    }

    public CompressionReport {
        rows = List.copyOf(rows);
    }

    /** Collects the sizes of texts, one at a time. Not safe for several threads. */
    public static final class Builder {
        private final Map<String, TextCodec> tokenizers;
        private final Map<String, long[]> tokens = new LinkedHashMap<>();
        private final Map<String, Long> bytes = new LinkedHashMap<>();
        private final TokenBuffer buffer = new TokenBuffer();

        /**
         * @param tokenizers tokenizers by name, in the order of the report
         */
        public Builder(Map<String, TextCodec> tokenizers) {
            this.tokenizers = new LinkedHashMap<>(tokenizers);
        }

        /** Adds a text in UTF-8; texts of special tokens in it are ordinary text. */
        public void add(String source, byte[] text) {
            bytes.merge(source, (long) text.length, Long::sum);
            long[] counts = tokens.computeIfAbsent(source, _ -> new long[tokenizers.size()]);
            int index = 0;
            for (TextCodec tokenizer : tokenizers.values()) {
                buffer.clear();
                tokenizer.encode(text, 0, text.length, SpecialTokenPolicy.AS_TEXT, buffer);
                counts[index++] += buffer.size();
            }
        }

        /** Returns the report of all texts so far. */
        public CompressionReport build() {
            List<Row> rows = new ArrayList<>();
            tokens.forEach((source, counts) -> {
                int index = 0;
                for (String tokenizer : tokenizers.keySet()) {
                    rows.add(new Row(source, tokenizer, bytes.get(source), counts[index++]));
                }
            });
            return new CompressionReport(rows);
        }
    }
}
