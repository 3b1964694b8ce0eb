package io.rootstock.trainer.worker;

import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a worker tells about its run. */
final class RunLog {
    private final EventLog events;

    RunLog(EventLog events) {
        this.events = events;
    }

    void message(String text) {
        events.append(RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText(text)));
    }

    void resolved(RunResolved resolved, long startStep) {
        events.append(RunEvent.newBuilder().setResolved(resolved.toBuilder().setStartStep(startStep)));
    }

    void progress(RunProgress progress) {
        events.append(RunEvent.newBuilder().setProgress(progress));
    }

    void evaluation(long step, String split, Evaluation evaluation, Map<String, Double> more) {
        Map<String, Double> metrics = new TreeMap<>(evaluation.metrics());
        metrics.putAll(more);
        RunEvaluation.Builder event = RunEvaluation.newBuilder()
                .setStep(step)
                .setSplit(split)
                .setLoss(evaluation.loss())
                .setBitsPerByte(evaluation.bitsPerByte())
                .putAllMetrics(metrics);
        evaluation.report().ifPresent(event::setClassification);
        events.append(RunEvent.newBuilder().setEvaluation(event));
    }

    void checkpoint(long step, long bytes) {
        events.appendDurably(RunEvent.newBuilder()
                .setCheckpoint(RunCheckpoint.newBuilder().setStep(step).setBytes(bytes)));
    }

    void artifacts(List<Artifact> artifacts) {
        events.appendDurably(
                RunEvent.newBuilder().setArtifacts(RunArtifacts.newBuilder().addAllArtifacts(artifacts)));
    }
}
