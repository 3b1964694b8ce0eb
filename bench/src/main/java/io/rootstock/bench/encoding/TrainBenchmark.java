package io.rootstock.bench.encoding;

import io.rootstock.bench.CpuTime;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains a tokenizer and compares its merges with those of Hugging Face's BpeTrainer on the same documents. */
public final class TrainBenchmark {
    private static final double MEGABYTE = 1e6;
    private static final int MINIMUM_FREQUENCY = 2;
    private static final int FEW_WORDS = 20_000;

    private TrainBenchmark() {}

    /** Arguments: Python's interpreter, the peer's script, {@code --vocabulary N}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int vocabulary =
                arguments.length == 4 && arguments[2].equals("--vocabulary") ? Integer.parseInt(arguments[3]) : 32_000;
        List<String> texts = new ArrayList<>();
        Documents.all().values().forEach(documents -> texts.addAll(documents.texts()));
        Documents documents = new Documents(texts);
        try (TemporaryFolder folder = TemporaryFolder.create("train-")) {
            compare(arguments[0], arguments[1], documents, vocabulary, folder.path());
        }
    }

    private static void compare(String python, String script, Documents documents, int vocabulary, Path folder)
            throws IOException, InterruptedException {
        List<byte[]> bytes = documents.bytes();
        double megabytes = bytes.stream().mapToLong(document -> document.length).sum() / MEGABYTE;
        // Compiles the methods; the caches of the trainer begin empty.
        train(bytes, vocabulary, WordCounter.MAX_WORDS, folder);
        double begin = CpuTime.own();
        resetPeak();
        List<String> ours = train(bytes, vocabulary, WordCounter.MAX_WORDS, folder);
        double peak = peak();
        double seconds = CpuTime.own() - begin;
        begin = CpuTime.own();
        List<String> spilled = train(bytes, vocabulary, FEW_WORDS, folder);
        double spilledSeconds = CpuTime.own() - begin;
        Path source = documents.write(folder.resolve("documents"));
        Path merges = folder.resolve("merges");
        Process peer = new ProcessBuilder(
                        python,
                        script,
                        source.toString(),
                        Integer.toString(vocabulary),
                        Integer.toString(MINIMUM_FREQUENCY),
                        merges.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] answer = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("\t", -1);
        if (peer.waitFor() != 0) {
            throw new IOException("the process of tokenizers has ended with status " + peer.exitValue());
        }
        List<String> theirs = Files.readAllLines(merges);
        print("Rootstock", megabytes, seconds, peak);
        print("with temporary files", megabytes, spilledSeconds, Double.NaN);
        print("Hugging Face tokenizers", megabytes, Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
        int equal = 0;
        while (equal < Math.min(ours.size(), theirs.size())
                && ours.get(equal).equals(theirs.get(equal))
                && ours.get(equal).equals(spilled.get(equal))) {
            equal++;
        }
        System.out.printf(
                Locale.ROOT, "%d merges, %d of Hugging Face, the first %d equal%n", ours.size(), theirs.size(), equal);
        System.out.printf(
                Locale.ROOT,
                "megabytes_per_second_per_core=%.1f peak_memory_mb=%.0f identical_merges=%.4f%n",
                megabytes / seconds,
                peak,
                (double) equal / Math.max(ours.size(), theirs.size()));
    }

    private static List<String> train(List<byte[]> documents, int vocabularySize, int words, Path folder) {
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 1, words, folder)) {
            documents.forEach(counter::add);
            Vocabulary vocabulary = BpeTrainer.train(counter, vocabularySize, MINIMUM_FREQUENCY, _ -> {})
                    .vocabulary();
            return vocabulary.merges().stream()
                    .map(merge -> spelled(vocabulary, merge))
                    .toList();
        }
    }

    private static String spelled(Vocabulary vocabulary, Merge merge) {
        return ByteAlphabet.spell(vocabulary.bytes(merge.left()))
                + " "
                + ByteAlphabet.spell(vocabulary.bytes(merge.right()));
    }

    private static void print(String name, double megabytes, double seconds, double peak) {
        System.out.printf(
                Locale.ROOT,
                "%-24s %7.1f MB %8.1f CPU s %7.1f MB/s per core %s%n",
                name,
                megabytes,
                seconds,
                megabytes / seconds,
                Double.isNaN(peak) ? "" : "peak %.0f MB".formatted(peak));
    }

    private static void resetPeak() {
        System.gc();
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** Peak of the heap's pools in MB, with the documents. */
    private static double peak() {
        return pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MEGABYTE;
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
