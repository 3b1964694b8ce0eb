package io.rootstock.bench.encoding;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.bpe.Vocabulary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares ids and CPU throughput with jtokkit, tiktoken and quicktok. A round encodes half of a text's documents with
 * each, one after the other, after ours has filled its empty caches with the other half.
 */
public final class EncodeBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOSECONDS = 1e9;
    private static final double MEGABYTE = 1e6;
    private static final int WARM_UP_ROUNDS = 2;
    /** Letters of long words, in an order without a short period. */
    private static final String LETTERS = "etaoinshrdlucmfw";

    private static final long MULTIPLIER = 2_654_435_761L;
    private static final int[] LONG_WORDS = {1_000_000, 10_000_000, 50_000_000};

    private final PythonEncoders python;
    private final EncodingRegistry jtokkit = Encodings.newLazyEncodingRegistry();
    private final Path folder;
    private final int rounds;
    private double jtokkitRatio = Double.MAX_VALUE;
    private double tiktokenRatio = Double.MAX_VALUE;
    private double quicktokRatio = Double.MAX_VALUE;
    private int texts;
    private int identical;

    private EncodeBenchmark(PythonEncoders python, Path folder, int rounds) {
        this.python = python;
        this.folder = folder;
        this.rounds = rounds;
    }

    /** Arguments: Python's interpreter, the peer's script, {@code --rounds N}. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length == 4 && arguments[2].equals("--rounds") ? Integer.parseInt(arguments[3]) : 5;
        try (TemporaryFolder folder = TemporaryFolder.create("encode-");
                PythonEncoders python = new PythonEncoders(arguments[0], arguments[1], folder.path())) {
            new EncodeBenchmark(python, folder.path(), rounds).run();
        }
    }

    private void run() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%-8s %-8s %6s %7s %9s %9s %8s %8s %14s  %s%n",
                "encoding",
                "text",
                "MB",
                "B/token",
                "ours",
                "jtokkit",
                "tiktoken",
                "quicktok",
                "ratios",
                "ids");
        Map<String, Documents> all = Documents.all();
        for (OpenAiEncoding encoding : OpenAiEncoding.values()) {
            Vocabulary vocabulary = encoding.vocabulary();
            boolean inQuicktok = python.load(encoding, vocabulary);
            for (Map.Entry<String, Documents> text : all.entrySet()) {
                compare(encoding, vocabulary, inQuicktok, text.getKey(), text.getValue());
            }
        }
        longWords();
        System.out.printf(
                Locale.ROOT,
                "jtokkit_ratio=%.2f tiktoken_ratio=%.2f quicktok_ratio=%.2f identical=%.4f%n",
                jtokkitRatio,
                tiktokenRatio,
                quicktokRatio,
                (double) identical / texts);
    }

    private void compare(
            OpenAiEncoding encoding, Vocabulary vocabulary, boolean inQuicktok, String name, Documents documents)
            throws IOException {
        Documents measured = documents.odd();
        List<byte[]> warmUp = documents.even().bytes();
        List<byte[]> bytes = measured.bytes();
        Path file = measured.write(folder.resolve(encoding + "-" + name));
        Encoding peer = jtokkit.getEncoding(encoding.type());
        TokenBuffer buffer = new TokenBuffer();
        double[] jtokkitRatios = new double[rounds];
        double[] tiktokenRatios = new double[rounds];
        double[] quicktokRatios = new double[rounds];
        double[][] seconds = new double[4][rounds];
        boolean equal = true;
        long tokens = 0;
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            ByteLevelBpe codec = encoding.codec(vocabulary);
            IdDigest ours = new IdDigest();
            IdDigest theirs = new IdDigest();
            encode(codec, warmUp, buffer, null);
            double our = encode(codec, bytes, buffer, null);
            encode(codec, bytes, buffer, ours);
            tokens = ours.tokens();
            double jtokkitSeconds = encode(peer, measured.texts(), theirs);
            PythonEncoders.Round tiktoken = python.tiktoken(encoding, file);
            PythonEncoders.Round quicktok = inQuicktok ? python.quicktok(encoding, file) : tiktoken;
            String digest = ours.hex();
            equal &=
                    digest.equals(theirs.hex()) && digest.equals(tiktoken.digest()) && digest.equals(quicktok.digest());
            if (round >= 0) {
                seconds[0][round] = our;
                seconds[1][round] = jtokkitSeconds;
                seconds[2][round] = tiktoken.seconds();
                seconds[3][round] = quicktok.seconds();
                jtokkitRatios[round] = jtokkitSeconds / our;
                tiktokenRatios[round] = tiktoken.seconds() / our;
                quicktokRatios[round] = quicktok.seconds() / our;
            }
        }
        texts++;
        identical += equal ? 1 : 0;
        jtokkitRatio = Math.min(jtokkitRatio, median(jtokkitRatios));
        tiktokenRatio = Math.min(tiktokenRatio, median(tiktokenRatios));
        if (inQuicktok) {
            quicktokRatio = Math.min(quicktokRatio, median(quicktokRatios));
        }
        double megabytes = bytes.stream().mapToLong(document -> document.length).sum() / MEGABYTE;
        System.out.printf(
                Locale.ROOT,
                "%-8s %-8s %6.2f %7.2f %9.1f %9.1f %8.1f %8s %4.1f %4.1f %4s  %s%n",
                encoding,
                name,
                megabytes,
                megabytes * MEGABYTE / tokens,
                megabytes / median(seconds[0]),
                megabytes / median(seconds[1]),
                megabytes / median(seconds[2]),
                inQuicktok ? "%.1f".formatted(megabytes / median(seconds[3])) : "-",
                median(jtokkitRatios),
                median(tiktokenRatios),
                inQuicktok ? "%.1f".formatted(median(quicktokRatios)) : "-",
                equal ? "equal" : "DIFFERENT");
    }

    /** Returns CPU seconds of this thread. */
    private static double encode(ByteLevelBpe codec, List<byte[]> documents, TokenBuffer buffer, IdDigest digest) {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (byte[] document : documents) {
            buffer.clear();
            codec.encode(document, 0, document.length, SpecialTokenPolicy.AS_TEXT, buffer);
            if (digest != null) {
                digest.add(buffer.toArray());
            }
        }
        return (THREADS.getCurrentThreadCpuTime() - begin) / NANOSECONDS;
    }

    private static double encode(Encoding peer, List<String> documents, IdDigest digest) {
        double seconds = 0;
        for (String document : documents) {
            long begin = THREADS.getCurrentThreadCpuTime();
            int[] ids = peer.encodeOrdinary(document).toArray();
            seconds += (THREADS.getCurrentThreadCpuTime() - begin) / NANOSECONDS;
            digest.add(ids);
        }
        return seconds;
    }

    private static void longWords() throws IOException {
        Vocabulary vocabulary = OpenAiEncoding.CL100K.vocabulary();
        ByteLevelBpe codec = OpenAiEncoding.CL100K.codec(vocabulary);
        for (int length : LONG_WORDS) {
            byte[] word = new byte[length];
            for (int i = 0; i < length; i++) {
                word[i] = (byte) LETTERS.charAt((int) ((i * MULTIPLIER) >>> 13) & 15);
            }
            TokenBuffer buffer = new TokenBuffer();
            long begin = THREADS.getCurrentThreadCpuTime();
            codec.encode(word, 0, length, SpecialTokenPolicy.AS_TEXT, buffer);
            double seconds = (THREADS.getCurrentThreadCpuTime() - begin) / NANOSECONDS;
            boolean back = Arrays.equals(codec.decode(buffer.toArray(), false), word);
            System.out.printf(
                    Locale.ROOT,
                    "one word of %d MB: %.1f MB/s, %d tokens, decoded %s%n",
                    length / 1_000_000,
                    length / MEGABYTE / seconds,
                    buffer.size(),
                    back ? "equal" : "DIFFERENT");
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
