package io.rootstock.encoding.format;

import io.rootstock.encoding.bpe.Vocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A tiktoken rank file: one line per token, its bytes in Base64, a blank, and its rank, which is its id.
 *
 * @see <a href="https://github.com/openai/tiktoken/blob/main/tiktoken/load.py">tiktoken's reader</a>
 */
public final class TiktokenFile {
    /** One more than the highest rank. */
    private static final int MAX_RANKS = (1 << 20) - 1;

    private static final byte[] NONE = new byte[0];

    private TiktokenFile() {}

    /**
     * Reads ranks. Ranks may have gaps, which are unused ids.
     *
     * @throws InvalidTokenizerException if a line is invalid or a byte has no rank; with file and line
     */
    public static Vocabulary read(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            return read(lines, file.toString());
        }
    }

    /** As {@link #read(Path)}; {@code name} is in errors. */
    public static Vocabulary read(BufferedReader lines, String name) throws IOException {
        List<byte[]> tokens = new ArrayList<>();
        boolean[] bytes = new boolean[256];
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            String place = name + ", line " + number + ": ";
            int blank = line.indexOf(' ');
            byte[] token = token(place, blank < 0 ? line : line.substring(0, blank));
            int rank = rank(place, line.substring(blank + 1));
            while (tokens.size() <= rank) {
                tokens.add(NONE);
            }
            if (tokens.get(rank).length > 0) {
                throw new InvalidTokenizerException(place + "rank " + rank + " is given twice; ranks are ids");
            }
            tokens.set(rank, token);
            if (token.length == 1) {
                bytes[Byte.toUnsignedInt(token[0])] = true;
            }
        }
        for (int value = 0; value < bytes.length; value++) {
            if (!bytes[value]) {
                throw new InvalidTokenizerException(name + " has no rank for the byte " + value
                        + "; a rank file has all 256 bytes, so that every text can be encoded");
            }
        }
        Vocabulary vocabulary = Vocabulary.ofRanks(tokens);
        for (int rank = 0; rank < tokens.size(); rank++) {
            byte[] token = tokens.get(rank);
            if (token.length > 0 && vocabulary.idOf(token, 0, token.length) != rank) {
                throw new InvalidTokenizerException(name + " gives the token of rank " + rank + " another rank too, "
                        + vocabulary.idOf(token, 0, token.length));
            }
        }
        return vocabulary;
    }

    /**
     * Writes the tokens of a vocabulary. tiktoken merges by rank: the file is equivalent only if the vocabulary does
     * ({@link Vocabulary#byRank}), or if its ids are in the order of its merges, as those trained by Rootstock.
     *
     * @throws InvalidTokenizerException if merges are not in the order of their results
     */
    public static void write(Vocabulary vocabulary, Path file) throws IOException {
        if (!vocabulary.byRank()) {
            requireOrder(vocabulary, file);
        }
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int id = 0; id < vocabulary.size(); id++) {
                byte[] token = vocabulary.bytes(id);
                if (token.length > 0) {
                    writer.write(Base64.getEncoder().encodeToString(token) + " " + id + "\n");
                }
            }
        }
    }

    private static void requireOrder(Vocabulary vocabulary, Path file) {
        int before = -1;
        for (int index = 0; index < vocabulary.merges().size(); index++) {
            int result = vocabulary.merges().get(index).result();
            if (result < before) {
                throw new InvalidTokenizerException(
                        "cannot write " + file + ": merge " + index + " gives token " + result + " after token "
                                + before + "; a rank file merges in the order of ids; write tokenizer.json");
            }
            before = result;
        }
    }

    private static byte[] token(String place, String base64) {
        try {
            byte[] token = Base64.getDecoder().decode(base64);
            if (token.length == 0) {
                throw new InvalidTokenizerException(place + "the token is empty");
            }
            return token;
        } catch (IllegalArgumentException e) {
            throw new InvalidTokenizerException(place + "'" + base64 + "' is not Base64: " + e.getMessage(), e);
        }
    }

    private static int rank(String place, String digits) {
        try {
            int rank = Integer.parseInt(digits.strip());
            if (rank < 0 || rank >= MAX_RANKS) {
                throw new InvalidTokenizerException(place + "rank " + rank + " is not 0.." + (MAX_RANKS - 1));
            }
            return rank;
        } catch (NumberFormatException e) {
            throw new InvalidTokenizerException(place + "'" + digits + "' is not a rank", e);
        }
    }
}
