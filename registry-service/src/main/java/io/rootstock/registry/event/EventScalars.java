package io.rootstock.registry.event;

import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The scalars of a run's events, with the names of the run's TensorBoard files. */
public final class EventScalars {
    /** Maximum length of a metric's name in characters; scalars with longer names are skipped. */
    static final int MAX_NAME_LENGTH = 200;
    /** A step must be exact as a double. */
    private static final long MAX_STEP = 1L << 53;

    private EventScalars() {}

    /** Returns the scalars of an event; empty if its step is negative or more than 2<sup>53</sup>. */
    public static List<Scalar> scalars(RunEvent event) {
        List<Scalar> scalars = switch (event.getEventCase()) {
            case PROGRESS -> progress(event.getProgress());
            case EVALUATION -> evaluation(event.getEvaluation());
            case STATE_CHANGED, RESOLVED, CHECKPOINT, ARTIFACTS, MESSAGE, SAMPLE, USAGE, EXPORT, EVENT_NOT_SET ->
                List.of();
        };
        return scalars.stream()
                .filter(scalar -> scalar.step() >= 0 && scalar.step() <= MAX_STEP)
                .filter(scalar -> scalar.metric().length() <= MAX_NAME_LENGTH
                        && scalar.metric().indexOf('\0') < 0)
                .toList();
    }

    /** Returns the step from which a worker starts, after which scalars are of an earlier worker; empty for other events. */
    public static OptionalLong startStep(RunEvent event) {
        return event.hasResolved() ? OptionalLong.of(event.getResolved().getStartStep()) : OptionalLong.empty();
    }

    private static List<Scalar> progress(RunProgress progress) {
        long step = progress.getStep();
        List<Scalar> scalars = new ArrayList<>(List.of(
                new Scalar("training/loss", step, progress.getLoss()),
                new Scalar("training/learning_rate", step, progress.getLearningRate()),
                new Scalar("training/gradient_norm", step, progress.getGradientNorm()),
                new Scalar("training/tokens", step, progress.getTokens()),
                new Scalar("speed/tokens_per_second", step, progress.getTokensPerSecond()),
                new Scalar("speed/model_flops_utilization", step, progress.getModelFlopsUtilization()),
                new Scalar("cost/dollars_spent", step, progress.getDollarsSpent())));
        new TreeMap<>(progress.getSourceTokensMap())
                .forEach(
                        (name, tokens) -> scalars.add(new Scalar("source_tokens/" + name, step, tokens.doubleValue())));
        return scalars;
    }

    private static List<Scalar> evaluation(RunEvaluation evaluation) {
        long step = evaluation.getStep();
        String split = evaluation.getSplit() + "/";
        List<Scalar> scalars = new ArrayList<>();
        scalars.add(new Scalar(split + "loss", step, evaluation.getLoss()));
        if (evaluation.getBitsPerByte() > 0) {
            scalars.add(new Scalar(split + "bits_per_byte", step, evaluation.getBitsPerByte()));
        }
        evaluation.getMetricsMap().forEach((name, value) -> scalars.add(new Scalar(split + name, step, value)));
        return scalars;
    }
}
