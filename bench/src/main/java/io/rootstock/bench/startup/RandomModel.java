package io.rootstock.bench.startup;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model of 26 million random weights, exported as by the trainer. */
final class RandomModel {
    static final String NAME = "random";

    private static final int VOCABULARY = 2048;
    private static final int CONTEXT = 2048;

    private RandomModel() {}

    /** Writes the model into an artifact store. */
    static Version write(DirectoryArtifactStore store, Path folder) throws IOException {
        Tokenizer tokenizer =
                TextRun.tokenizer(Files.readString(BenchmarkData.file("tinyshakespeare.txt")), VOCABULARY);
        Path tokenizerFiles = Files.createDirectories(folder.resolve("tokenizer"));
        TokenizerWriter.write(tokenizer, tokenizerFiles);
        ModelShape shape =
                new ModelShape(VOCABULARY, 512, 8, 8, 4, 1536, CONTEXT, ModelShape.NORM_EPSILON, 10_000, false, 0);
        Path gguf = folder.resolve("random.gguf");
        try (Engine engine = Engine.create(shape, Precision.FLOAT32, 1)) {
            engine.initialize(42);
            ModelConfig config = new ModelConfig(
                    shape,
                    tokenizer.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow(),
                    tokenizer.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow());
            List<NamedTensor> tensors = engine.parameters().stream()
                    .map(parameter -> new NamedTensor(parameter.name(), parameter.shape(), parameter.values()))
                    .toList();
            Gguf.writeLlama(gguf, config, tensors, TokenizerFiles.read(tokenizerFiles), NAME);
        }
        return Version.newBuilder()
                .setName("models/" + NAME + "/versions/1")
                .setKind(VersionKind.VERSION_KIND_BASE)
                // A version with a job is loaded without the check of a first load in a separate process.
                .setJob("jobs/" + NAME)
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(gguf).value()))
                .build();
    }
}
