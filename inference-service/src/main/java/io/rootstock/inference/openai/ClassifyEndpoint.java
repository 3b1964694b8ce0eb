package io.rootstock.inference.openai;

import io.rootstock.inference.http.Endpoint;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.pooling.Pooling;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.LabelProbability;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** {@code POST /v1/classify}: the classification API of vLLM and SGLang, because OpenAI's API has none. */
@ApplicationScoped
class ClassifyEndpoint implements Endpoint {
    private final Pooling texts;

    @Inject
    ClassifyEndpoint(Pooling texts) {
        this.texts = texts;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) {
        ClassifyRequest request = ClassifyRequest.newBuilder()
                .setModel(body.text("model").orElse(""))
                .addAllTexts(body.texts("input"))
                .build();
        body.ignore("user");
        body.end();
        reply.send(answer(texts.classify(request)));
    }

    private static ClassificationResponse answer(ClassifyResponse response) {
        List<ClassificationResponse.TextClass> data = new ArrayList<>();
        int tokens = 0;
        for (Classification text : response.getClassificationsList()) {
            List<Double> probabilities = text.getProbabilitiesList().stream()
                    .map(LabelProbability::getProbability)
                    .toList();
            data.add(new ClassificationResponse.TextClass(
                    data.size(), text.getLabel(), probabilities, probabilities.size(), text.getTruncated()));
            tokens += text.getTokens();
        }
        return new ClassificationResponse(
                "classify-" + UUID.randomUUID(),
                "list",
                Instant.now().getEpochSecond(),
                response.getVersion(),
                data,
                response.getClassifications(0).getProbabilitiesList().stream()
                        .map(LabelProbability::getLabel)
                        .toList(),
                Usage.ofPrompt(tokens));
    }
}
