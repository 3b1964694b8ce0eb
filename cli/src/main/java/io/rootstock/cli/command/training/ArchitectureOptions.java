package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Architecture;
import picocli.CommandLine.Option;

/** The model's shape: one dial, and overrides for each thing it sets. */
final class ArchitectureOptions {
    @Option(
            names = "--depth",
            paramLabel = "LAYERS",
            description = "The one dial: number of layers, and by rule all the rest. Default: 4.")
    private int depth;

    @Option(names = "--dimension", paramLabel = "D", description = "Width of the model.")
    private Integer dimension;

    @Option(names = "--heads", paramLabel = "H", description = "Query heads.")
    private Integer heads;

    @Option(names = "--key-value-heads", paramLabel = "K", description = "Key/value heads; divides the heads.")
    private Integer keyValueHeads;

    @Option(names = "--feed-forward", paramLabel = "F", description = "Width of the SwiGLU layer.")
    private Integer feedForward;

    @Option(names = "--context-length", paramLabel = "T", description = "Longest sequence in tokens.")
    private Integer contextLength;

    @Option(
            names = "--tied-embeddings",
            negatable = true,
            description = "Share the output projection with the embedding, or not.")
    private Boolean tiedEmbeddings;

    @Option(names = "--rope-theta", paramLabel = "BASE", description = "RoPE base frequency.")
    private Double ropeTheta;

    /** The shape as asked for; what is not asked for stays unset. */
    Architecture toMessage() {
        Architecture.Builder shape = Architecture.newBuilder().setDepth(depth);
        OptionalFields.setIfPresent(dimension, shape::setDimension);
        OptionalFields.setIfPresent(heads, shape::setHeads);
        OptionalFields.setIfPresent(keyValueHeads, shape::setKeyValueHeads);
        OptionalFields.setIfPresent(feedForward, shape::setFeedForward);
        OptionalFields.setIfPresent(contextLength, shape::setContextLength);
        OptionalFields.setIfPresent(tiedEmbeddings, shape::setTiedEmbeddings);
        OptionalFields.setIfPresent(ropeTheta, shape::setRopeTheta);
        return shape.build();
    }
}
