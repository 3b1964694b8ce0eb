package io.rootstock.cli.command.inference;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
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

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "Above 0: less of what occurred, -2 to 2. Default: 0.")
    private Float presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description = "Above 0: less of what occurred often, -2 to 2. Default: 0.")
    private Float frequencyPenalty;

    @Option(names = "--count", paramLabel = "N", description = "Independent texts, 1 to 16. Default: 1.")
    private Integer count;

    @Option(names = "--logprobs", description = "Show the log-probability of each token.")
    private boolean logprobs;

    @Option(
            names = "--alternatives",
            paramLabel = "N",
            description = "With --logprobs: also the likeliest tokens at each place, 0 to 20.")
    private Integer alternatives;

    @Option(
            names = "--adapter",
            paramLabel = "NAME[:SCALE]",
            description = "Answer with a loaded adapter. Default scale: 1.")
    private String adapter;

    @Option(names = "--request-id", paramLabel = "ID", description = "Names the request for `serving abort`.")
    private String requestId;

    @Option(names = "--priority", paramLabel = "N", description = "Higher goes first, -100 to 100. Default: 0.")
    private Integer priority;

    @ArgGroup(exclusive = true, heading = "%nWhat the text must be (at most one):%n", order = 50)
    private ConstraintOptions constraint;

    /** Independent texts wanted. */
    int count() {
        return count == null ? 1 : count;
    }

    /** Options as asked for; what is not asked for stays unset. */
    GenerationOptions toMessage() {
        Sampling.Builder sampling = Sampling.newBuilder();
        OptionalFields.setIfPresent(temperature, sampling::setTemperature);
        OptionalFields.setIfPresent(topK, sampling::setTopK);
        OptionalFields.setIfPresent(topP, sampling::setTopP);
        OptionalFields.setIfPresent(minP, sampling::setMinP);
        OptionalFields.setIfPresent(repeatPenalty, sampling::setRepeatPenalty);
        OptionalFields.setIfPresent(seed, sampling::setSeed);
        OptionalFields.setIfPresent(presencePenalty, sampling::setPresencePenalty);
        OptionalFields.setIfPresent(frequencyPenalty, sampling::setFrequencyPenalty);
        GenerationOptions.Builder options = GenerationOptions.newBuilder()
                .setMaximumTokens(maximumTokens)
                .setSampling(sampling)
                .addAllStop(stop)
                .setLogprobs(logprobs);
        OptionalFields.setIfPresent(count, options::setCount);
        OptionalFields.setIfPresent(alternatives, options::setAlternatives);
        OptionalFields.setIfPresent(requestId, options::setRequestId);
        OptionalFields.setIfPresent(priority, options::setPriority);
        if (adapter != null) {
            options.setAdapter(adapterUse(adapter));
        }
        if (constraint != null) {
            constraint.toMessage().ifPresent(options::setConstraint);
        }
        return options.build();
    }

    /** {@code NAME} or {@code NAME:SCALE}. */
    static AdapterUse adapterUse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return AdapterUse.newBuilder().setName(text).build();
        }
        try {
            return AdapterUse.newBuilder()
                    .setName(text.substring(0, colon))
                    .setScale(Float.parseFloat(text.substring(colon + 1)))
                    .build();
        } catch (NumberFormatException e) {
            throw new CliException(
                    "'" + text + "' is no adapter with a scale", "write NAME or NAME:SCALE, such as formal:0.5");
        }
    }
}
