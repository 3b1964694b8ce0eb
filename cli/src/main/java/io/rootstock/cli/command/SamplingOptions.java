package io.rootstock.cli.command;

import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How tokens are chosen and when to stop. */
final class SamplingOptions {
    @Option(
            names = "--maximum-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Most tokens to make. Default: 256, or what fits.")
    private int maximumTokens;

    @Option(names = "--temperature", paramLabel = "X", description = "0: the likeliest token. Default: 0.8.")
    private Float temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Only the K likeliest; 0: all. Default: 40.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Only the likeliest of this total. Default: 0.95.")
    private Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Only tokens of at least this share of the likeliest. Default: 0.05.")
    private Float minP;

    @Option(names = "--repeat-penalty", paramLabel = "X", description = "Above 1: less repetition. Default: 1.")
    private Float repeatPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same text. Default: random.")
    private Integer seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Stop before this text; repeatable.")
    private List<String> stop = new ArrayList<>();

    /** Options as asked for; what is not asked for stays unset. */
    GenerationOptions toMessage() {
        Sampling.Builder sampling = Sampling.newBuilder();
        Given.set(temperature, sampling::setTemperature);
        Given.set(topK, sampling::setTopK);
        Given.set(topP, sampling::setTopP);
        Given.set(minP, sampling::setMinP);
        Given.set(repeatPenalty, sampling::setRepeatPenalty);
        Given.set(seed, sampling::setSeed);
        return GenerationOptions.newBuilder()
                .setMaximumTokens(maximumTokens)
                .setSampling(sampling)
                .addAllStop(stop)
                .build();
    }
}
