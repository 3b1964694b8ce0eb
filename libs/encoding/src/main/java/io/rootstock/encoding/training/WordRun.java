package io.rootstock.encoding.training;

import io.rootstock.encoding.bpe.WordHash;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Word counts in a stream, sorted by the unsigned bytes of the words: for each word its number of bytes (int), its count
 * (long) and its bytes; at the end -1. Streams of many counters are summed by {@link WordRuns}.
 */
public final class WordRun {
    private static final int END = -1;
    private static final int BUFFER = 1 << 16;

    private WordRun() {}

    /** Writes words that are in ascending order, each once. */
    static void write(Iterator<WordCount> words, OutputStream output) throws IOException {
        write(words, List.of(output));
    }

    /** Writes words that are in ascending order, each once; the hash of a word decides which output it is in. */
    static void write(Iterator<WordCount> words, List<? extends OutputStream> outputs) throws IOException {
        List<DataOutputStream> streams = outputs.stream()
                .map(output -> new DataOutputStream(new BufferedOutputStream(output, BUFFER / outputs.size() + 64)))
                .toList();
        while (words.hasNext()) {
            WordCount word = words.next();
            byte[] bytes = word.word();
            // The highest bits: tables use the ones below.
            long hash = WordHash.of(bytes, 0, bytes.length) >>> 32;
            DataOutputStream stream = streams.get((int) ((hash * streams.size()) >>> 32));
            stream.writeInt(bytes.length);
            stream.writeLong(word.count());
            stream.write(bytes);
        }
        for (DataOutputStream stream : streams) {
            stream.writeInt(END);
            stream.flush();
        }
    }

    /**
     * Writes the sums of streams to one, sorted. One stream is open at a time; the distinct words are in memory.
     *
     * @param runs closed after they were read
     * @throws WordCountException if a stream is damaged, or the distinct words have too many bytes for one table
     */
    public static void sum(Iterator<InputStream> runs, OutputStream output) throws IOException {
        write(collect(runs).sorted(), output);
    }

    /** Sums streams into a table. */
    static WordCounts collect(Iterator<InputStream> runs) throws IOException {
        WordCounts all = new WordCounts();
        while (runs.hasNext()) {
            try (InputStream run = runs.next()) {
                all.addAll(read(run));
            }
        }
        return all;
    }

    /** Reads words in ascending order; {@code next} throws {@link WordCountException} if the stream is damaged. */
    static Iterator<WordCount> read(InputStream input) {
        return new Reader(new DataInputStream(new BufferedInputStream(input, BUFFER)));
    }

    private static final class Reader implements Iterator<WordCount> {
        private final DataInputStream input;
        private WordCount next;

        Reader(DataInputStream input) {
            this.input = input;
            this.next = read(null);
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public WordCount next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            WordCount result = next;
            next = read(result.word());
            return result;
        }

        private WordCount read(byte[] before) {
            try {
                int length = input.readInt();
                if (length == END) {
                    return null;
                }
                long count = input.readLong();
                byte[] word = length > 0 ? input.readNBytes(length) : new byte[0];
                if (length <= 0 || count <= 0 || word.length < length) {
                    throw new WordCountException(
                            "word counts are damaged: a word of " + length + " bytes, count " + count);
                }
                if (before != null && Arrays.compareUnsigned(before, word) >= 0) {
                    throw new WordCountException("word counts are damaged: words are not in ascending order");
                }
                return new WordCount(word, count);
            } catch (EOFException e) {
                throw new WordCountException("word counts are damaged: the end is missing", e);
            } catch (IOException e) {
                throw new WordCountException("word counts cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
