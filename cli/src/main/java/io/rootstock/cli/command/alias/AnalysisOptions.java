package io.rootstock.cli.command.alias;

import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of the analysis of a canary. */
final class AnalysisOptions {
    @Option(
            names = "--steps",
            paramLabel = "PERCENT",
            split = ",",
            description =
                    "Analyse the canary; percentages of the requests that it serves one after another, such as 5,25,50")
    private List<Integer> steps = new ArrayList<>();

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = SecondsConverter.class,
            description = "Time between two judgements, such as 60s, 10m or 1h [default: 60s]")
    private Integer interval;

    @Option(
            names = "--min-requests",
            paramLabel = "N",
            description = "Requests of version and canary that a step needs before it is good [default: 50]")
    private Integer minimumRequests;

    @Option(
            names = "--max-error-increase",
            paramLabel = "SHARE",
            description = "Accepted increase of the error rate, 0 to 1 [default: 0]")
    private Double maximumErrorIncrease;

    @Option(
            names = "--max-first-token-ratio",
            paramLabel = "RATIO",
            description = "Accepted ratio of the times to the first token, at least 1 [default: not judged]")
    private Double maximumFirstTokenRatio;

    @Option(
            names = "--min-agreement",
            paramLabel = "SHARE",
            description = "Least mean agreement of shadow answers, 0 to 1; needs --shadow [default: not judged]")
    private Double minimumAgreement;

    @Option(names = "--promote", description = "Promote the canary after the last step, unless gates fail")
    private boolean promote;

    /** The rules; empty without steps. */
    Optional<CanaryAnalysisSpec> spec() {
        if (steps.isEmpty()) {
            if (interval != null
                    || minimumRequests != null
                    || maximumErrorIncrease != null
                    || maximumFirstTokenRatio != null
                    || minimumAgreement != null
                    || promote) {
                throw new CliException("missing steps of the analysis", "add --steps, such as --steps 5,25,50");
            }
            return Optional.empty();
        }
        return Optional.of(CanaryAnalysisSpec.newBuilder()
                .addAllSteps(steps)
                .setIntervalSeconds(interval == null ? 0 : interval)
                .setMinimumRequests(minimumRequests == null ? 0 : minimumRequests)
                .setMaximumErrorRateIncrease(maximumErrorIncrease == null ? 0 : maximumErrorIncrease)
                .setMaximumFirstTokenRatio(maximumFirstTokenRatio == null ? 0 : maximumFirstTokenRatio)
                .setMinimumAgreement(minimumAgreement == null ? 0 : minimumAgreement)
                .setPromote(promote)
                .build());
    }

    /** Parses a time such as 60s, 10m or 1h to seconds. */
    static final class SecondsConverter implements ITypeConverter<Integer> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([smh])");

        @Override
        public Integer convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "must be seconds, minutes or hours such as 60s, 10m or 1h, was '" + value + "'");
            }
            int number = Integer.parseInt(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> number;
                case "m" -> 60 * number;
                default -> (int) Math.min(Integer.MAX_VALUE, 3600L * number);
            };
        }
    }
}
