package io.rootstock.cli.command.inference;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.SamplingDefaults;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Sampling parameters, stop conditions and constraints of a completion. */
final class SamplingOptions {
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum tokens to generate [default: " + SamplingDefaults.MAX_TOKENS
                    + ", or the rest of the context]")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "Sampling temperature; 0: greedy [default: " + SamplingDefaults.TEMPERATURE + "]")
    private Float temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Sample from the K most likely tokens; 0: all [default: " + SamplingDefaults.TOP_K + "]")
    private Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Sample from the most likely tokens with total probability P [default: "
                    + SamplingDefaults.TOP_P + "]")
    private Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Minimum probability of a token relative to the most likely token [default: "
                    + SamplingDefaults.MIN_P + "]")
    private Float minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            description = "Penalty of repeated tokens; 1: none [default: " + SamplingDefaults.REPEAT_PENALTY + "]")
    private Float repeatPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed of sampling [default: random]")
    private Integer seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Stop sequence, not part of the completion; repeatable")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "Penalty of tokens that are present, -2 to 2 [default: 0]")
    private Float presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description = "Penalty of tokens in proportion to their frequency, -2 to 2 [default: 0]")
    private Float frequencyPenalty;

    @Option(names = "--n", paramLabel = "N", description = "Number of completions, 1 to 16 [default: 1]")
    private Integer n;

    @Option(names = "--logprobs", description = "Print the log-probability of each token")
    private boolean logprobs;

    @Option(
            names = "--top-logprobs",
            paramLabel = "N",
            description = "Number of most likely tokens to print at each position with --logprobs, 0 to 20")
    private Integer topLogprobs;

    @Option(
            names = "--adapter",
            paramLabel = "NAME[:SCALE]",
            description = "Loaded adapter and its scale [default scale: 1]")
    private String adapter;

    @Option(names = "--request-id", paramLabel = "ID", description = "Request ID, for `rootstock serving abort`")
    private String requestId;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "Scheduling priority, -100 to 100; higher runs first [default: 0]")
    private Integer priority;

    @ArgGroup(exclusive = true, heading = "%nConstrained output (at most one):%n", order = 50)
    private ConstraintOptions constraint;

    /** Number of completions. */
    int n() {
        return n == null ? 1 : n;
    }

    /** Options that are not set stay unset in the message. */
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
                .setMaxTokens(maxTokens)
                .setSampling(sampling)
                .addAllStop(stop)
                .setLogprobs(logprobs);
        OptionalFields.setIfPresent(n, options::setN);
        OptionalFields.setIfPresent(topLogprobs, options::setTopLogprobs);
        OptionalFields.setIfPresent(requestId, options::setRequestId);
        OptionalFields.setIfPresent(priority, options::setPriority);
        if (adapter != null) {
            options.setAdapter(parseAdapter(adapter));
        }
        if (constraint != null) {
            constraint.toMessage().ifPresent(options::setConstraint);
        }
        return options.build();
    }

    /** Parses {@code NAME} or {@code NAME:SCALE}. */
    static AdapterUse parseAdapter(String argument) {
        int colon = argument.indexOf(':');
        if (colon < 0) {
            return AdapterUse.newBuilder().setName(argument).build();
        }
        try {
            return AdapterUse.newBuilder()
                    .setName(argument.substring(0, colon))
                    .setScale(Float.parseFloat(argument.substring(colon + 1)))
                    .build();
        } catch (NumberFormatException e) {
            throw new CliException(
                    "invalid adapter '" + argument + "'", "use NAME or NAME:SCALE, for example formal:0.5");
        }
    }
}
