package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.ShardWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Small datasets in an artifact store, for the trainer's tests. */
public final class Datasets {
    private static final List<String> ANIMALS = List.of("cat", "dog", "owl", "bee", "elk", "fox", "ant", "hen");
    private static final List<String> DISHES = List.of("soup", "rice", "cake", "stew", "plum", "corn", "bean", "leek");

    private Datasets() {}

    /**
     * A source of documents.
     *
     * @param shards rows of each shard
     */
    public record Source(String name, double weight, double maximumEpochs, List<List<int[]>> shards) {
        /** Copies the list. */
        public Source {
            shards = List.copyOf(shards);
        }
    }

    /** Documents of random sentences; a tenth of them for validation. */
    public static Digest documents(ArtifactStore store, int count) throws IOException {
        List<int[]> train = new ArrayList<>();
        List<int[]> validation = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            String text = sentence(random, ANIMALS) + " " + sentence(random, DISHES);
            (i % 10 == 0 ? validation : train).add(ByteTokenizer.row(text));
        }
        return manifest(
                store,
                DatasetKind.PRETRAINING,
                0,
                List.of(),
                Map.of(
                        DatasetManifest.TRAIN, split(store, DatasetKind.PRETRAINING, List.of(train)),
                        DatasetManifest.VALIDATION, split(store, DatasetKind.PRETRAINING, List.of(validation))));
    }

    /** Sentences about animals (label 0, two of three) and dishes (label 1). */
    public static Digest labelled(ArtifactStore store, int count) throws IOException {
        Random random = new Random(6);
        Map<String, ShardWriter> writers = new TreeMap<>();
        Map<String, Long> bytes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = i % 10 == 0
                    ? DatasetManifest.VALIDATION
                    : i % 10 == 1 ? DatasetManifest.TEST : DatasetManifest.TRAIN;
            int label = random.nextInt(3) == 0 ? 1 : 0;
            int[] row = ByteTokenizer.row(sentence(random, label == 0 ? ANIMALS : DISHES));
            writers.computeIfAbsent(name, key -> new ShardWriter(DatasetKind.CLASSIFICATION, ByteTokenizer.VOCABULARY))
                    .addLabelled(row, label);
            bytes.merge(name, row.length - 2L, Long::sum);
        }
        return manifest(
                store, DatasetKind.CLASSIFICATION, 256, List.of("animal", "dish"), splits(store, writers, bytes));
    }

    /** Instruction rows: "say animal" is answered with the animal twice. */
    public static Digest instructions(ArtifactStore store, int count) throws IOException {
        Random random = new Random(7);
        Map<String, ShardWriter> writers = new TreeMap<>();
        Map<String, Long> bytes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = i % 10 == 0
                    ? DatasetManifest.VALIDATION
                    : i % 10 == 1 ? DatasetManifest.TEST : DatasetManifest.TRAIN;
            String animal = ANIMALS.get(random.nextInt(ANIMALS.size()));
            String question = "say " + animal + ": ";
            int[] row = ByteTokenizer.row(question + animal + " " + animal);
            byte[] answer = new byte[row.length];
            for (int position = 1 + question.length(); position < row.length; position++) {
                answer[position] = 1;
            }
            writers.computeIfAbsent(name, key -> new ShardWriter(DatasetKind.INSTRUCTION, ByteTokenizer.VOCABULARY))
                    .addExample(row, answer);
            bytes.merge(name, (long) animal.length() * 2 + 1, Long::sum);
        }
        return manifest(store, DatasetKind.INSTRUCTION, 64, List.of(), splits(store, writers, bytes));
    }

    /** Preference pairs: "say animal" is preferably answered with the animal, not with a dish. */
    public static Digest preferences(ArtifactStore store, int count) throws IOException {
        Random random = new Random(8);
        Map<String, ShardWriter> writers = new TreeMap<>();
        Map<String, Long> bytes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = i % 10 == 0
                    ? DatasetManifest.VALIDATION
                    : i % 10 == 1 ? DatasetManifest.TEST : DatasetManifest.TRAIN;
            String question = "say " + ANIMALS.get(random.nextInt(ANIMALS.size())) + ": ";
            int[] chosen = ByteTokenizer.row(question + ANIMALS.get(random.nextInt(ANIMALS.size())));
            int[] rejected = ByteTokenizer.row(question + DISHES.get(random.nextInt(DISHES.size())) + "!");
            int[] pair = Arrays.copyOf(chosen, chosen.length + rejected.length);
            System.arraycopy(rejected, 0, pair, chosen.length, rejected.length);
            byte[] parts = new byte[pair.length];
            for (int position = 0; position < pair.length; position++) {
                boolean second = position >= chosen.length;
                int inside = second ? position - chosen.length : position;
                parts[position] = (byte) ((second ? 2 : 0) + (inside > question.length() ? 1 : 0));
            }
            writers.computeIfAbsent(name, key -> new ShardWriter(DatasetKind.PREFERENCE, ByteTokenizer.VOCABULARY))
                    .addPair(pair, parts);
            bytes.merge(name, 8L, Long::sum);
        }
        return manifest(store, DatasetKind.PREFERENCE, 64, List.of(), splits(store, writers, bytes));
    }

    /** A pre-training dataset of exactly these rows, in the train split only. */
    public static DatasetManifest exact(ArtifactStore store, List<Source> sources) throws IOException {
        List<DatasetManifest.Source> made = new ArrayList<>();
        for (Source source : sources) {
            made.add(new DatasetManifest.Source(
                    source.name(),
                    source.weight(),
                    source.maximumEpochs(),
                    Map.of(DatasetManifest.TRAIN, split(store, DatasetKind.PRETRAINING, source.shards()))));
        }
        return new DatasetManifest(
                DatasetManifest.FORMAT_VERSION,
                DatasetKind.PRETRAINING,
                Digest.of(new byte[0]).value(),
                ByteTokenizer.VOCABULARY,
                true,
                ByteTokenizer.END,
                0,
                List.of(),
                made);
    }

    private static Map<String, DatasetManifest.Split> splits(
            ArtifactStore store, Map<String, ShardWriter> writers, Map<String, Long> bytes) throws IOException {
        Map<String, DatasetManifest.Split> splits = new TreeMap<>();
        for (Map.Entry<String, ShardWriter> writer : writers.entrySet()) {
            DatasetManifest.ShardReference shard = put(store, writer.getValue());
            long size = bytes.get(writer.getKey());
            splits.put(
                    writer.getKey(),
                    new DatasetManifest.Split(
                            shard.rows(), shard.tokens(), shard.tokens(), size, size, List.of(shard)));
        }
        return splits;
    }

    private static DatasetManifest.Split split(ArtifactStore store, DatasetKind kind, List<List<int[]>> shards)
            throws IOException {
        List<DatasetManifest.ShardReference> references = new ArrayList<>();
        long rows = 0;
        long tokens = 0;
        for (List<int[]> shard : shards) {
            ShardWriter writer = new ShardWriter(kind, ByteTokenizer.VOCABULARY);
            shard.forEach(writer::addDocument);
            references.add(put(store, writer));
            rows += writer.rows();
            tokens += writer.tokens();
        }
        return new DatasetManifest.Split(rows, tokens, tokens - rows, tokens - 2 * rows, tokens - 2 * rows, references);
    }

    private static DatasetManifest.ShardReference put(ArtifactStore store, ShardWriter shard) throws IOException {
        try (ArtifactWriter out = store.create()) {
            shard.writeTo(out);
            return new DatasetManifest.ShardReference(out.commit().value(), shard.rows(), shard.tokens());
        }
    }

    private static Digest manifest(
            ArtifactStore store,
            DatasetKind kind,
            int maxTokens,
            List<String> labels,
            Map<String, DatasetManifest.Split> splits)
            throws IOException {
        return new DatasetManifest(
                        DatasetManifest.FORMAT_VERSION,
                        kind,
                        ByteTokenizer.store(store).value(),
                        ByteTokenizer.VOCABULARY,
                        true,
                        ByteTokenizer.END,
                        maxTokens,
                        labels,
                        List.of(new DatasetManifest.Source("made-up", 1.0, 0.0, splits)))
                .write(store);
    }

    private static String sentence(Random random, List<String> nouns) {
        return "The " + nouns.get(random.nextInt(nouns.size())) + " and the " + nouns.get(random.nextInt(nouns.size()))
                + (random.nextBoolean() ? " are here." : " are very far away.");
    }
}
