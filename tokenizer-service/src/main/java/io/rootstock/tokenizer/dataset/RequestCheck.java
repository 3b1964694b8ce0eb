package io.rootstock.tokenizer.dataset;

import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Validates a request before reading any source; reports all invalid fields at once. */
final class RequestCheck {
    private static final int SMALLEST_MAXIMUM = 8;
    private static final int LARGEST_MAXIMUM = 1 << 17;

    private RequestCheck() {}

    static void require(PrepareDatasetRequest request) {
        Map<String, String> violations = new LinkedHashMap<>();
        if (request.getKind() == DatasetKind.DATASET_KIND_UNSPECIFIED
                || request.getKind() == DatasetKind.UNRECOGNIZED) {
            violations.put("kind", "must be PRETRAINING, INSTRUCTION, CLASSIFICATION or PREFERENCE");
        }
        if (request.getSourcesCount() == 0) {
            violations.put("sources", "at least one is needed");
        }
        sources(request, violations);
        splits(request.getSplits(), violations);
        int maximum = request.getMaxTokens();
        if (maximum != 0 && (maximum < SMALLEST_MAXIMUM || maximum > LARGEST_MAXIMUM)) {
            violations.put(
                    "max_tokens",
                    "must be 0 (256) or " + SMALLEST_MAXIMUM + " to " + LARGEST_MAXIMUM + ", was " + maximum);
        }
        if (request.getMaximumRefusedRows() < -1) {
            violations.put(
                    "maximum_refused_rows", "must be -1 (no limit) or more, was " + request.getMaximumRefusedRows());
        }
        if (request.getBalanceClasses() && request.getKind() != DatasetKind.DATASET_KIND_CLASSIFICATION) {
            violations.put("balance_classes", "is for CLASSIFICATION only");
        }
        if (!violations.isEmpty()) {
            throw Errors.invalidArguments(violations);
        }
    }

    private static void sources(PrepareDatasetRequest request, Map<String, String> violations) {
        Set<String> names = new HashSet<>();
        int weighted = 0;
        int unweighted = 0;
        for (int i = 0; i < request.getSourcesCount(); i++) {
            DatasetSource source = request.getSources(i);
            String field = "sources[" + i + "].";
            if (source.getName().isBlank()) {
                violations.put(field + "name", "must not be empty");
            } else if (!names.add(source.getName())) {
                violations.put(field + "name", "'" + source.getName() + "' is used twice");
            }
            if (!(source.getWeight() >= 0) || Double.isInfinite(source.getWeight())) {
                violations.put(field + "weight", "must be 0 or more, was " + source.getWeight());
            }
            if (!(source.getMaximumEpochs() >= 0) || Double.isInfinite(source.getMaximumEpochs())) {
                violations.put(
                        field + "maximum_epochs", "must be 0 (no cap) or more, was " + source.getMaximumEpochs());
            }
            if (!source.getSplit().isEmpty() && SplitName.of(source.getSplit()).isEmpty()) {
                violations.put(field + "split", "must be empty, train, validation or test, was " + source.getSplit());
            }
            if (source.getSplit().isEmpty() || source.getSplit().equals(SplitName.TRAIN.key())) {
                weighted += source.getWeight() > 0 ? 1 : 0;
                unweighted += source.getWeight() > 0 ? 0 : 1;
            }
        }
        if (weighted > 0 && unweighted > 0) {
            violations.put(
                    "sources", "give every source a weight, or none (then each weighs as many tokens as it has)");
        }
    }

    private static void splits(SplitFractions splits, Map<String, String> violations) {
        double sum = splits.getTrain() + splits.getValidation() + splits.getTest();
        if (splits.getTrain() < 0 || splits.getValidation() < 0 || splits.getTest() < 0) {
            violations.put("splits", "fractions must be 0 or more");
        } else if (sum != 0 && !(Math.abs(sum - 1) < 1e-6)) {
            violations.put("splits", "fractions must sum to 1, their sum is " + sum);
        } else if (sum != 0 && splits.getTrain() == 0) {
            violations.put("splits.train", "must be above 0");
        }
    }
}
