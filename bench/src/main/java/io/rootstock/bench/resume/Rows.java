package io.rootstock.bench.resume;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Labelled rows, questions with answers, and preference pairs, created from the messages of {@code sms-spam.tsv}. */
final class Rows {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_ROWS = 2000;
    private static final int HELD_OUT_EVERY = 10;
    private static final int REJECTED = 2;
    private static final List<String> LABELS = List.of("ham", "spam");

    private final ArtifactStore store;
    private final Tokenizer tokenizer;
    private final String tokenizerDigest;
    private final ShardWriter train;
    private final ShardWriter validation;
    private final DatasetKind kind;

    private Rows(ArtifactStore store, Tokenizer tokenizer, String tokenizerDigest, DatasetKind kind) {
        this.store = store;
        this.tokenizer = tokenizer;
        this.tokenizerDigest = tokenizerDigest;
        this.kind = kind;
        this.train = new ShardWriter(kind, tokenizer.size());
        this.validation = new ShardWriter(kind, tokenizer.size());
    }

    /**
     * Returns messages with their labels, as questions answered by the label, or as questions with the correct label as
     * chosen and the other label as rejected answer.
     */
    static Digest dataset(ArtifactStore store, Tokenizer tokenizer, String tokenizerDigest, DatasetKind kind)
            throws IOException {
        Rows rows = new Rows(store, tokenizer, tokenizerDigest, kind);
        List<String> lines = Files.readAllLines(BenchmarkData.file("sms-spam.tsv")).stream()
                .filter(line -> LABELS.contains(line.split("\t", -1)[0]))
                .limit(MAX_ROWS)
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split("\t", 2);
            rows.add(i % HELD_OUT_EVERY == 0 ? rows.validation : rows.train, parts[0], parts[1]);
        }
        return rows.manifest();
    }

    private void add(ShardWriter shard, String label, String message) {
        int[] text = tokenizer.encode(message, SpecialTokenPolicy.AS_TEXT);
        switch (kind) {
            case CLASSIFICATION -> shard.addLabelled(row(text, new int[0]), LABELS.indexOf(label));
            case INSTRUCTION -> {
                int[] answer = tokenizer.encode(label, SpecialTokenPolicy.AS_TEXT);
                int[] row = row(text, answer);
                shard.addExample(row, mask(row, answer));
            }
            case PREFERENCE -> {
                int[] chosen = tokenizer.encode(label, SpecialTokenPolicy.AS_TEXT);
                int[] rejected = tokenizer.encode(LABELS.get(1 - LABELS.indexOf(label)), SpecialTokenPolicy.AS_TEXT);
                int[] chosenRow = row(text, chosen);
                int[] rejectedRow = row(text, rejected);
                byte[] mask = Arrays.copyOf(mask(chosenRow, chosen), chosenRow.length + rejectedRow.length);
                byte[] rejectedMask = mask(rejectedRow, rejected);
                for (int i = 0; i < rejectedMask.length; i++) {
                    mask[chosenRow.length + i] = (byte) (rejectedMask[i] + REJECTED);
                }
                shard.addPair(
                        IntStream.concat(Arrays.stream(chosenRow), Arrays.stream(rejectedRow))
                                .toArray(),
                        mask);
            }
            case PRETRAINING -> throw new IllegalArgumentException("messages cannot be pre-training documents");
        }
    }

    /** Returns BOS, the message truncated to fit, the answer, EOS. */
    private int[] row(int[] text, int[] answer) {
        int kept = Math.min(text.length, MAX_LENGTH - answer.length - 2);
        return Stream.of(new int[] {id(SpecialToken.BEGIN_OF_TEXT)}, Arrays.copyOf(text, kept), answer, new int[] {
                    id(SpecialToken.END_OF_TEXT)
                })
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    /** Returns the loss mask: 1 for the answer and EOS. */
    private static byte[] mask(int[] row, int[] answer) {
        byte[] mask = new byte[row.length];
        Arrays.fill(mask, row.length - answer.length - 1, row.length, (byte) 1);
        return mask;
    }

    private Digest manifest() throws IOException {
        DatasetManifest.Source source = new DatasetManifest.Source(
                "messages",
                1.0,
                0.0,
                Map.of(DatasetManifest.TRAIN, split(train), DatasetManifest.VALIDATION, split(validation)));
        return new DatasetManifest(
                        DatasetManifest.FORMAT_VERSION,
                        kind,
                        tokenizerDigest,
                        tokenizer.size(),
                        tokenizer.rule().addBos(),
                        tokenizer.rule().eosId(),
                        MAX_LENGTH,
                        kind == DatasetKind.CLASSIFICATION ? LABELS : List.of(),
                        List.of(source))
                .write(store);
    }

    private DatasetManifest.Split split(ShardWriter shard) throws IOException {
        try (ArtifactWriter out = store.create()) {
            shard.writeTo(out);
            String digest = out.commit().value();
            long rows = shard.rows();
            long tokens = shard.tokens();
            return new DatasetManifest.Split(
                    rows,
                    tokens,
                    tokens,
                    tokens,
                    tokens,
                    List.of(new DatasetManifest.ShardReference(digest, rows, tokens)));
        }
    }

    private int id(String special) {
        return tokenizer.specialTokenId(special).orElseThrow();
    }
}
