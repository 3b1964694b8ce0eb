package io.rootstock.inference.session;

import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.DetokenizeResponse;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.inference.v1.TokenizeResponse;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Tokenize and Detokenize: the tokenizer of a served model, without its engine. */
@ApplicationScoped
public class Tokenization {
    private final ModelAccess access;

    @Inject
    Tokenization(ModelAccess access) {
        this.access = access;
    }

    /** Tokenizes a text. */
    public TokenizeResponse tokenize(TokenizeRequest request) {
        try (Session session = access.open(request.getModel())) {
            TokenizeResponse.Builder response = TokenizeResponse.newBuilder().setVersion(session.version());
            int[] tokens = session.model().tokenizer().tokenize(request.getText(), request.getParseSpecial());
            for (int token : request.getAddSpecialTokens()
                    ? session.model().tokenizer().rule().text(tokens)
                    : tokens) {
                response.addTokens(token);
            }
            return response.build();
        }
    }

    public DetokenizeResponse detokenize(DetokenizeRequest request) {
        try (Session session = access.open(request.getModel())) {
            requireTokens(
                    request.getTokensList().stream().mapToInt(Integer::intValue).toArray(), "tokens", session);
            return DetokenizeResponse.newBuilder()
                    .setText(session.model().tokenizer().text(request.getTokensList()))
                    .setVersion(session.version())
                    .build();
        }
    }

    /** Rejects token ids outside the model's vocabulary, with their field. */
    public static void requireTokens(int[] tokens, String field, Session session) {
        int size = session.model().tokenizer().vocabularySize();
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= size) {
                throw Errors.invalidArgument(
                        field + "[" + i + "]",
                        "must be a token of the model, 0 to " + (size - 1) + ", was " + tokens[i]);
            }
        }
    }

    /** Rejects an empty text of a model that adds no BOS: it has no token. */
    public static void requireNotEmpty(int[] tokens, String field, Session session) {
        if (tokens.length == 0) {
            throw Errors.invalidArgument(
                    field, "must not be empty: " + session.version() + " puts no BOS token before a text");
        }
    }
}
