package io.rootstock.cli.display;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats the plan of a run. */
public final class PlanReport {
    private static final double MOSTLY_FREE = 0.9;

    private PlanReport() {}

    /** One line per item: model, parameters, tokens, defaults with their reasons, compute, memory, device, time and cost. */
    public static List<String> lines(EstimateRunResponse plan) {
        Estimate estimate = plan.getEstimate();
        Hyperparameters settings = plan.getHyperparameters();
        List<String> lines = new ArrayList<>();
        lines.add(line("model", shape(plan.getArchitecture())));
        lines.add(line(
                "parameters",
                "%s (%s without the embedding)"
                        .formatted(
                                Format.count(estimate.getParameters()),
                                Format.count(estimate.getNonEmbeddingParameters()))));
        lines.add(line("tokens", tokens(estimate, settings)));
        if (estimate.getMicroBatches() > 0) {
            lines.add(line("micro-batches", microBatches(estimate, settings)));
        }
        String name = "defaults";
        for (String reason : plan.getDefaultReasonsList()) {
            lines.add(line(name, reason));
            name = "";
        }
        lines.add(line("compute", Format.unit(estimate.getFlops(), "FLOP") + " (6 N D and attention)"));
        lines.add(line("memory", Format.bytes(estimate.getMemoryBytes()) + parts(estimate.getMemoryPartsMap())));
        lines.add(line(
                "device",
                "%s, %s at %s%s"
                        .formatted(
                                estimate.getDevice(),
                                Format.unit(estimate.getPeakFlops(), "FLOP/s"),
                                Format.percent(estimate.getUtilization()),
                                estimate.getProbed() ? " (measured)" : "")));
        lines.add(line(
                "time and cost",
                Format.duration(estimate.getSeconds()) + ", " + Format.dollars(estimate.getDollars())
                        + shared(estimate)));
        return lines;
    }

    private static String shape(Architecture shape) {
        if (shape.getDepth() == 0) {
            return "unknown architecture, from the number of parameters";
        }
        return "Llama, %d layers, hidden size %d, %d heads (%d key/value), feed-forward %d, context %d, vocabulary %d%s"
                .formatted(
                        shape.getDepth(),
                        shape.getDimension(),
                        shape.getHeads(),
                        shape.getKeyValueHeads(),
                        shape.getFeedForward(),
                        shape.getContextLength(),
                        shape.getVocabularySize(),
                        shape.getTiedEmbeddings() ? ", tied embeddings" : "");
    }

    private static String tokens(Estimate estimate, Hyperparameters settings) {
        StringBuilder text = new StringBuilder(Format.count(estimate.getTokens()));
        if (settings.hasSeconds()) {
            text.append(" in ").append(Format.duration(settings.getSeconds()));
        }
        if (settings.hasEpochs()) {
            text.append(", ").append(Format.count(settings.getEpochs())).append(" epochs");
        }
        if (settings.hasBatchRows()) {
            text.append(", ").append(settings.getBatchRows()).append(" rows per step");
        }
        if (settings.hasLearningRate()) {
            text.append(", peak learning rate ").append(Format.rate(settings.getLearningRate()));
        }
        return text.toString();
    }

    private static String microBatches(Estimate estimate, Hyperparameters settings) {
        return "%s per step, up to %d rows and %d tokens, %s padding"
                .formatted(
                        Format.count(estimate.getMicroBatches()),
                        estimate.getMicroBatchRows(),
                        settings.getMicroBatchTokens(),
                        Format.percent(estimate.getPaddedShare()));
    }

    /** The time if other processes leave only a part of the CPUs; a few percent are always in use. */
    private static String shared(Estimate estimate) {
        double free = estimate.getFreeShare();
        return free == 0 || free > MOSTLY_FREE
                ? ""
                : " (other processes leave %s of the CPUs)".formatted(Format.percent(free));
    }

    private static String parts(Map<String, Long> parts) {
        return parts.isEmpty()
                ? ""
                : parts.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .map(part -> part.getKey() + " " + Format.bytes(part.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String line(String name, String value) {
        return "  %-15s%s".formatted(name, value);
    }
}
