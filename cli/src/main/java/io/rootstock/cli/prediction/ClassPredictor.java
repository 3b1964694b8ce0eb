package io.rootstock.cli.prediction;

import io.rootstock.cli.client.Clients;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.LabelProbability;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Classifies the texts of rows. */
public final class ClassPredictor extends Predictor {
    private static final int BATCH = 32;

    private final Clients clients;
    private final String model;

    /** @param model resource name, models/{model} or models/{model}@{alias} */
    public ClassPredictor(Clients clients, String model) {
        this.clients = clients;
        this.model = model;
    }

    @Override
    int batchRows() {
        return BATCH;
    }

    @Override
    List<Prediction> request(List<SourceRow> rows) {
        List<Classification> classifications = clients.inference()
                .classify(ClassifyRequest.newBuilder()
                        .setModel(model)
                        .addAllTexts(rows.stream().map(SourceRow::getText).toList())
                        .build())
                .getClassificationsList();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Classification classification = classifications.get(i);
            predictions.add(new Prediction.Answered(
                    rows.get(i), classification.getLabel(), OptionalDouble.of(probability(classification)), 0));
        }
        return predictions;
    }

    /** Probability of the most likely label. */
    public static double probability(Classification classification) {
        return classification.getProbabilitiesList().stream()
                .mapToDouble(LabelProbability::getProbability)
                .max()
                .orElse(0.0);
    }
}
