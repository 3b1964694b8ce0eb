package io.rootstock.evaluator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.tokenizer.ByteAlphabet;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.evaluation.v1.TrainingData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Datasets in an artifact store, tokenized to bytes: the id of a byte is its value. */
public final class TestDatasets {
    public static final int BOS = 256;
    public static final int EOS = 257;
    private static final int VOCABULARY = 258;

    private final ArtifactStore store;
    private final Path scratch;
    private final Digest tokenizer;

    public TestDatasets(ArtifactStore store, Path scratch) throws IOException {
        this.store = store;
        this.scratch = scratch;
        this.tokenizer = tokenizer();
    }

    private Digest tokenizer() throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("tokenizer"));
        JsonMapper json = new JsonMapper();
        ObjectNode root = json.createObjectNode();
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < ByteAlphabet.letters().size(); value++) {
            vocabulary.put(ByteAlphabet.letters().get(value), value);
        }
        model.putArray("merges");
        List<String> special = List.of("<|begin|>", "<|end|>");
        for (int i = 0; i < special.size(); i++) {
            vocabulary.put(special.get(i), BOS + i);
            added.addObject().put("id", BOS + i).put("content", special.get(i)).put("special", true);
        }
        SpecialTokenRule.Token end = new SpecialTokenRule.Token(EOS, special.get(1));
        root.set(
                "post_processor",
                new SpecialTokenRule(
                                true,
                                false,
                                Optional.of(new SpecialTokenRule.Token(BOS, special.get(0))),
                                end,
                                List.of(),
                                end)
                        .postProcessor());
        Files.writeString(directory.resolve("tokenizer.json"), root.toString());
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                json.createObjectNode()
                        .put("bos_token", special.get(0))
                        .put("eos_token", special.get(1))
                        .put("pad_token", special.get(1))
                        .put("rootstock_pre_tokenizer", "gpt2")
                        .toString());
        return store.putDirectory(directory);
    }

    /** The tokens of texts, each ended by EOS. */
    public static int[] tokens(String... texts) {
        return Arrays.stream(texts)
                .flatMapToInt(text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    return IntStream.concat(
                            IntStream.range(0, bytes.length).map(i -> Byte.toUnsignedInt(bytes[i])), IntStream.of(EOS));
                })
                .toArray();
    }

    /** Stores a dataset of documents in two shards and returns it as the data of a version. */
    public TrainingData documents(String version, String name, List<String> train, List<String> validation)
            throws IOException {
        int half = train.size() / 2;
        return dataset(
                version,
                name,
                DatasetKind.PRETRAINING,
                Map.of(
                        DatasetManifest.TRAIN,
                        List.of(shard(train.subList(0, half)), shard(train.subList(half, train.size()))),
                        DatasetManifest.VALIDATION,
                        List.of(shard(validation))));
    }

    private static ShardWriter shard(List<String> documents) {
        ShardWriter shard = new ShardWriter(DatasetKind.PRETRAINING, VOCABULARY);
        documents.forEach(text -> shard.addDocument(tokens(text)));
        return shard;
    }

    /** A shard of this vocabulary. */
    public static ShardWriter shard(DatasetKind kind) {
        return new ShardWriter(kind, VOCABULARY);
    }

    /** Stores a dataset and returns it as the data of a version. */
    public TrainingData dataset(
            String version, String name, DatasetKind kind, Map<String, List<ShardWriter>> shardsBySplit)
            throws IOException {
        Map<String, DatasetManifest.Split> splits = new TreeMap<>();
        for (Map.Entry<String, List<ShardWriter>> split : shardsBySplit.entrySet()) {
            List<DatasetManifest.ShardReference> references = new ArrayList<>();
            for (ShardWriter shard : split.getValue()) {
                Path file = Files.createTempFile(scratch, "shard", "");
                shard.write(file);
                references.add(
                        new DatasetManifest.ShardReference(store.putFile(file).value(), shard.rows(), shard.tokens()));
            }
            splits.put(split.getKey(), new DatasetManifest.Split(0, 0, 0, 0, 0, references));
        }
        Digest digest = new DatasetManifest(
                        DatasetManifest.FORMAT_VERSION,
                        kind,
                        tokenizer.value(),
                        VOCABULARY,
                        false,
                        EOS,
                        kind == DatasetKind.PRETRAINING ? 0 : 4096,
                        kind == DatasetKind.CLASSIFICATION ? List.of("a", "b") : List.of(),
                        List.of(new DatasetManifest.Source("only", 1, 0, splits)))
                .write(store);
        return TrainingData.newBuilder()
                .setVersion(version)
                .setDataset("datasets/" + name)
                .setDatasetDigest(digest.value())
                .setTokenizerDigest(tokenizer.value())
                .build();
    }
}
