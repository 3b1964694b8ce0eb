package io.rootstock.evaluation.canary;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Results of all checks of one sample.
 *
 * @param checks at least one
 */
public record CanaryJudgement(List<CheckResult> checks) {
    public CanaryJudgement {
        checks = List.copyOf(checks);
    }

    /** The verdict that outweighs the others. */
    public CanaryVerdict verdict() {
        return checks.stream()
                .map(CheckResult::verdict)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The numbers behind the verdict: those of the checks that have it. */
    public String reason() {
        CanaryVerdict verdict = verdict();
        return checks.stream()
                .filter(check -> check.verdict() == verdict)
                .map(CheckResult::text)
                .collect(Collectors.joining("; "));
    }
}
