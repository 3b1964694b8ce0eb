package io.rootstock.trainer.worker;

import io.rootstock.dataset.DatasetManifest;
import io.rootstock.evaluation.metric.classes.ConfusionMatrix;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.HeldOutData;
import io.rootstock.trainer.data.Objective;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.LossSum;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import io.rootstock.trainer.v1.Task;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates the model on a held-out split, either on all of it or on an evenly spaced sample. */
final class Evaluator {
    private static final int SAMPLED_WINDOWS = 64;
    /** Rows of a validation during training. */
    static final int SAMPLED_ROWS = 1000;

    private static final double LN_2 = Math.log(2.0);

    private final Task task;
    private final int classes;
    private final List<String> labels;
    private final Corpus corpus;
    private final HeldOutData whole;
    private final HeldOutData sample;

    Evaluator(PreparedRun run, Corpus corpus, Objective objective) {
        DatasetManifest manifest = run.manifest();
        int context = run.plan().architecture().getContextLength();
        int padding = manifest.eosId();
        this.task = run.plan().task();
        this.classes = run.plan().classes();
        this.labels = manifest.labels();
        this.corpus = corpus;
        if (task == Task.TASK_PRETRAIN) {
            whole = HeldOutData.documents(corpus, context, padding, Integer.MAX_VALUE);
            sample = HeldOutData.documents(corpus, context, padding, SAMPLED_WINDOWS);
        } else {
            whole = HeldOutData.rows(corpus, padding, Integer.MAX_VALUE, objective);
            sample = HeldOutData.rows(corpus, padding, SAMPLED_ROWS, objective);
        }
    }

    boolean isEmpty() {
        return whole.isEmpty();
    }

    /** Evaluates on a sample of the split, during training. */
    Evaluation onSample(Engine engine) {
        return evaluate(engine, sample);
    }

    /** Evaluates on the whole split. */
    Evaluation onAll(Engine engine) {
        return evaluate(engine, whole);
    }

    private Evaluation evaluate(Engine engine, HeldOutData data) {
        return switch (task) {
            case TASK_PRETRAIN -> documents(loss(engine, data), data.share());
            case TASK_INSTRUCTION -> {
                LossSum loss = loss(engine, data);
                yield new Evaluation(loss.mean(), 0.0, Map.of(), Optional.empty(), -loss.mean(), 0);
            }
            case TASK_CLASSIFICATION -> classes(engine, data);
            case TASK_PREFERENCE -> pairs(engine, data);
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("no task");
        };
    }

    private static LossSum loss(Engine engine, HeldOutData data) {
        LossSum sum = new LossSum(0.0, 0);
        for (Iterator<Batch> batches = data.batches().iterator(); batches.hasNext(); ) {
            sum = sum.plus(engine.loss(batches.next()));
        }
        return sum;
    }

    /**
     * Evaluates documents: all predicted tokens, end-of-text tokens included, relative to the text's bytes and
     * characters.
     */
    private Evaluation documents(LossSum loss, double share) {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("nats_per_character", loss.nats() / Math.max(1.0, corpus.characters() * share));
        metrics.put("share_of_split", share);
        double bitsPerByte = loss.nats() / LN_2 / Math.max(1.0, corpus.bytes() * share);
        return new Evaluation(loss.mean(), bitsPerByte, metrics, Optional.empty(), -loss.mean(), 0);
    }

    private Evaluation classes(Engine engine, HeldOutData data) {
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        double nats = 0.0;
        for (Iterator<Batch> batches = data.batches().iterator(); batches.hasNext(); ) {
            ClassificationBatch batch = (ClassificationBatch) batches.next();
            float[] logits = engine.classLogits(batch);
            for (int row = 0; row < batch.rows(); row++) {
                nats += matrix.add(batch.labels()[row], logits, row * classes);
            }
        }
        Map<String, Double> metrics = Map.of(
                "accuracy", matrix.accuracy(),
                "macro_f1", matrix.macroF1(),
                "majority_accuracy", matrix.majorityAccuracy(),
                "rows", (double) matrix.rows());
        double loss = nats / Math.max(1, matrix.rows());
        // Order by accuracy, then by lower loss: the loss changes the score by less than one row does.
        double tieBreak = 1.0 / (1.0 + loss) / (2.0 * Math.max(1, matrix.rows()));
        return new Evaluation(
                loss, 0.0, metrics, Optional.of(report(matrix)), matrix.accuracy() + tieBreak, matrix.rows());
    }

    private ClassificationReport report(ConfusionMatrix matrix) {
        ClassificationReport.Builder report = ClassificationReport.newBuilder();
        for (int label = 0; label < classes; label++) {
            report.addClasses(ClassFigures.newBuilder()
                    .setLabel(labels.get(label))
                    .setPrecision(matrix.precision(label))
                    .setRecall(matrix.recall(label))
                    .setF1(matrix.f1(label))
                    .setRows(matrix.actual(label)));
            for (int predicted = 0; predicted < classes; predicted++) {
                report.addConfusion(matrix.count(label, predicted));
            }
        }
        return report.build();
    }

    /**
     * Evaluates preference pairs: the share in which the chosen answer is preferred, relative to the reference model
     * (preference_accuracy; equal preference counts as a half), the mean reward margin, and the share in which the
     * chosen answer is more probable than the rejected one (ranking_accuracy).
     */
    private static Evaluation pairs(Engine engine, HeldOutData data) {
        double loss = 0.0;
        double margins = 0.0;
        double preferred = 0.0;
        long ranked = 0;
        long pairs = 0;
        for (Iterator<Batch> batches = data.batches().iterator(); batches.hasNext(); ) {
            PreferenceBatch batch = (PreferenceBatch) batches.next();
            double[] logProbabilities = engine.logProbabilities(batch);
            for (double margin : batch.margins(logProbabilities)) {
                loss += PreferenceBatch.loss(margin);
                margins += margin;
                preferred += margin > 0 ? 1.0 : margin < 0 ? 0.0 : 0.5;
            }
            for (int pair = 0; pair < batch.pairs(); pair++) {
                ranked += logProbabilities[2 * pair] > logProbabilities[2 * pair + 1] ? 1 : 0;
            }
            pairs += batch.pairs();
        }
        double count = Math.max(1, pairs);
        Map<String, Double> metrics = Map.of(
                "preference_accuracy", preferred / count,
                "ranking_accuracy", ranked / count,
                "reward_margin", margins / count,
                "rows", (double) pairs);
        return new Evaluation(loss / count, 0.0, metrics, Optional.empty(), -loss / count, 0);
    }
}
