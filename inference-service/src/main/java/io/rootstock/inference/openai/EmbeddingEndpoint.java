package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.http.Endpoint;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.pooling.Pooling;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.TokenSequence;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * {@code POST /v1/embeddings}. As in OpenAI's API, embeddings have the L2 norm 1, unless {@code normalize} is false.
 */
@ApplicationScoped
class EmbeddingEndpoint implements Endpoint {
    private final Pooling texts;

    @Inject
    EmbeddingEndpoint(Pooling texts) {
        this.texts = texts;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) {
        List<List<Integer>> tokens = body.tokenLists("input");
        EmbedRequest.Builder request = EmbedRequest.newBuilder()
                .setModel(body.text("model").orElse(""))
                .addAllTexts(tokens.isEmpty() ? body.texts("input") : List.of())
                .setNormalize(body.flag("normalize").orElse(true));
        tokens.forEach(
                ids -> request.addTokenSequences(TokenSequence.newBuilder().addAllTokens(ids)));
        String encoding = body.text("encoding_format").orElse("float");
        boolean base64 = encoding.equals("base64");
        if (!base64 && !encoding.equals("float")) {
            throw body.refused("encoding_format", "must be float or base64, was '" + encoding + "'");
        }
        int dimensions = body.number("dimensions").orElse(0);
        body.ignore("user");
        body.end();

        EmbedResponse response = texts.embed(request.build());
        int size = response.getEmbeddings(0).getValuesCount();
        if (dimensions != 0 && dimensions != size) {
            throw body.refused("dimensions", "must be " + size + ", all that the model has, was " + dimensions);
        }
        reply.send(answer(response, base64));
    }

    private static EmbeddingResponse answer(EmbedResponse response, boolean base64) {
        List<EmbeddingResponse.Embedding> data = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < response.getEmbeddingsCount(); i++) {
            List<Float> values = response.getEmbeddings(i).getValuesList();
            data.add(new EmbeddingResponse.Embedding("embedding", i, base64 ? base64(values) : values));
            tokens += response.getEmbeddings(i).getTokens();
        }
        return new EmbeddingResponse("list", data, response.getVersion(), Usage.ofPrompt(tokens));
    }

    private static String base64(List<Float> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /**
     * A response of {@code /v1/embeddings}.
     *
     * @param object list
     * @param data one embedding for each text, in order
     * @param model the version that answers
     * @param usage token usage
     */
    @RegisterForReflection
    record EmbeddingResponse(String object, List<Embedding> data, String model, Usage usage) {
        /**
         * One embedding.
         *
         * @param object embedding
         * @param index index of the text, from 0
         * @param embedding D numbers, or their 4 * D bytes (IEEE 754, little-endian) in base64
         */
        @RegisterForReflection
        record Embedding(String object, int index, Object embedding) {}
    }
}
