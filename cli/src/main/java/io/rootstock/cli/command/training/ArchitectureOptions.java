package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Architecture;
import picocli.CommandLine.Option;

/** Model architecture: the depth, and overrides of the dimensions that follow from it. */
final class ArchitectureOptions {
    @Option(
            names = "--depth",
            paramLabel = "LAYERS",
            description = "Number of layers; determines the defaults of all other dimensions [default: 4]")
    private int depth;

    @Option(names = "--dimension", paramLabel = "D", description = "Hidden size")
    private Integer dimension;

    @Option(names = "--heads", paramLabel = "H", description = "Number of attention heads")
    private Integer heads;

    @Option(
            names = "--key-value-heads",
            paramLabel = "K",
            description = "Number of key/value heads; a divisor of the attention heads")
    private Integer keyValueHeads;

    @Option(
            names = "--feed-forward",
            paramLabel = "F",
            description = "Intermediate size of the SwiGLU feed-forward layer")
    private Integer feedForward;

    @Option(names = "--context-length", paramLabel = "T", description = "Maximum sequence length in tokens")
    private Integer contextLength;

    @Option(
            names = "--tied-embeddings",
            negatable = true,
            description = "Share weights of the token embedding and the output projection")
    private Boolean tiedEmbeddings;

    @Option(names = "--rope-theta", paramLabel = "BASE", description = "Base frequency of RoPE")
    private Double ropeTheta;

    /** Options that are not set stay unset in the message. */
    Architecture toMessage() {
        Architecture.Builder architecture = Architecture.newBuilder().setDepth(depth);
        OptionalFields.setIfPresent(dimension, architecture::setDimension);
        OptionalFields.setIfPresent(heads, architecture::setHeads);
        OptionalFields.setIfPresent(keyValueHeads, architecture::setKeyValueHeads);
        OptionalFields.setIfPresent(feedForward, architecture::setFeedForward);
        OptionalFields.setIfPresent(contextLength, architecture::setContextLength);
        OptionalFields.setIfPresent(tiedEmbeddings, architecture::setTiedEmbeddings);
        OptionalFields.setIfPresent(ropeTheta, architecture::setRopeTheta);
        return architecture.build();
    }
}
