package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
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

    /**
     * A response of {@code /v1/classify}.
     *
     * @param id of the response
     * @param object list
     * @param created time of the response, in seconds since 1970
     * @param model the version that answers
     * @param data one class for each text, in order
     * @param labels all labels, in the order of {@code probs}; not in vLLM's response
     * @param usage token usage
     */
    @RegisterForReflection
    record ClassificationResponse(
            String id,
            String object,
            long created,
            String model,
            List<TextClass> data,
            List<String> labels,
            Usage usage) {
        /**
         * The class of one text.
         *
         * @param index index of the text, from 0
         * @param label the most probable label
         * @param probs probability of each label
         * @param numClasses number of labels
         * @param truncated true if only the beginning was read, because the text exceeds the context; not in vLLM's response
         */
        @RegisterForReflection
        record TextClass(int index, String label, List<Double> probs, int numClasses, boolean truncated) {}
    }
}
