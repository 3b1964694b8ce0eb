package io.rootstock.inference.pooling;

import io.rootstock.inference.model.Classifier;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.model.PoolingInput;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.Embedding;
import io.rootstock.inference.v1.LabelProbability;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Classify and Embed: texts are read whole; the hidden state of the last token represents the text. */
@ApplicationScoped
public class Pooling {
    private static final int MAX_TEXTS = 1000;

    /** Clients of OpenAI's API send up to this number of inputs. */
    private static final int MAX_EMBEDDINGS = 2048;

    private final UnaryRequests work;

    @Inject
    Pooling(UnaryRequests work) {
        this.work = work;
    }

    /** Classifies each text. */
    public ClassifyResponse classify(ClassifyRequest request) {
        return work.runWithCanary(
                "classify", request.getModel(), session -> classify(session, request), Pooling::agreement);
    }

    private static UnaryRequests.Result<ClassifyResponse> classify(Session session, ClassifyRequest request) {
        requireCount("texts", request.getTextsCount(), MAX_TEXTS);
        LoadedModel model = session.model();
        Classifier classifier = model.classifier()
                .orElseThrow(() -> Errors.failedPrecondition(
                        "NOT_A_CLASSIFIER", session.version() + " has no classification head"));
        List<PoolingInput> texts = request.getTextsList().stream()
                .map(text -> model.tokenizer().classified(text, classifier))
                .toList();
        List<float[]> states = read(session, texts);
        ClassifyResponse.Builder response = ClassifyResponse.newBuilder()
                .setVersion(session.version())
                .setDigest(model.version().digest());
        for (int i = 0; i < texts.size(); i++) {
            response.addClassifications(classification(classifier, states.get(i), texts.get(i)));
        }
        return result(response.build(), texts);
    }

    /** Share of the texts that both versions give the same label. */
    private static double agreement(ClassifyResponse main, ClassifyResponse canary) {
        int equal = 0;
        for (int i = 0; i < main.getClassificationsCount(); i++) {
            equal += main.getClassifications(i)
                            .getLabel()
                            .equals(canary.getClassifications(i).getLabel())
                    ? 1
                    : 0;
        }
        return (double) equal / main.getClassificationsCount();
    }

    /** Returns the final hidden state of each text's last token. */
    public EmbedResponse embed(EmbedRequest request) {
        return work.run("embeddings", request.getModel(), session -> {
            List<PoolingInput> texts = inputs(request, session);
            EmbedResponse.Builder response = EmbedResponse.newBuilder().setVersion(session.version());
            List<float[]> states = read(session, texts);
            for (int i = 0; i < texts.size(); i++) {
                response.addEmbeddings(embedding(states.get(i), request.getNormalize())
                        .setTokens(texts.get(i).tokens().length));
            }
            return result(response.build(), texts);
        });
    }

    private static List<PoolingInput> inputs(EmbedRequest request, Session session) {
        boolean tokens = request.getTokenSequencesCount() > 0;
        String field = tokens ? "token_sequences" : "texts";
        if (tokens && request.getTextsCount() > 0) {
            throw Errors.invalidArgument(field, "must not be set together with texts");
        }
        requireCount(field, tokens ? request.getTokenSequencesCount() : request.getTextsCount(), MAX_EMBEDDINGS);
        List<PoolingInput> inputs = new ArrayList<>();
        LoadedModel model = session.model();
        for (TokenSequence sequence : request.getTokenSequencesList()) {
            String name = field + "[" + inputs.size() + "]";
            int[] given = sequence.getTokensList().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            Tokenization.requireTokens(given, name, session);
            inputs.add(new PoolingInput(given, false));
        }
        request.getTextsList()
                .forEach(text -> inputs.add(new PoolingInput(model.tokenizer().promptTokens(text), false)));
        for (int i = 0; i < inputs.size(); i++) {
            int length = inputs.get(i).tokens().length;
            if (tokens && length == 0) {
                throw Errors.invalidArgument(field + "[" + i + "]", "must hold at least one token");
            }
            Tokenization.requireNotEmpty(inputs.get(i).tokens(), field + "[" + i + "]", session);
            if (length > model.contextLength()) {
                throw Errors.invalidArguments(
                        "CONTEXT_LENGTH_EXCEEDED",
                        Map.of(
                                field + "[" + i + "]",
                                "has " + length + " tokens; this model's maximum context length is "
                                        + model.contextLength() + " tokens"));
            }
        }
        return inputs;
    }

    private static <T> UnaryRequests.Result<T> result(T answer, List<PoolingInput> texts) {
        return new UnaryRequests.Result<>(
                answer,
                texts.size(),
                texts.stream().mapToInt(text -> text.tokens().length).sum());
    }

    private static List<float[]> read(Session session, List<PoolingInput> texts) {
        boolean wanted = session.role() != ModelLease.Role.SHADOW;
        return session.model()
                .reader()
                .read(texts.stream().map(PoolingInput::tokens).toList(), wanted);
    }

    private static Classification classification(Classifier classifier, float[] state, PoolingInput text) {
        double[] probabilities = classifier.probabilities(state);
        Classification.Builder result =
                Classification.newBuilder().setTruncated(text.truncated()).setTokens(text.tokens().length);
        int best = 0;
        for (int label = 0; label < probabilities.length; label++) {
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
            result.addProbabilities(LabelProbability.newBuilder()
                    .setLabel(classifier.labels().get(label))
                    .setProbability(probabilities[label]));
        }
        return result.setLabel(classifier.labels().get(best)).build();
    }

    private static Embedding.Builder embedding(float[] state, boolean normalize) {
        double squares = 0;
        for (float value : state) {
            squares += (double) value * value;
        }
        double scale = normalize && squares > 0 ? 1 / Math.sqrt(squares) : 1;
        Embedding.Builder embedding = Embedding.newBuilder();
        for (float value : state) {
            embedding.addValues((float) (value * scale));
        }
        return embedding;
    }

    private static void requireCount(String field, int count, int most) {
        if (count == 0 || count > most) {
            throw Errors.invalidArgument(field, "must hold 1 to " + most + " texts, holds " + count);
        }
    }
}
