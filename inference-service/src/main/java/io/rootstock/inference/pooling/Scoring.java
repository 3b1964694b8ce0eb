package io.rootstock.inference.pooling;

import com.google.protobuf.ByteString;
import io.rootstock.inference.adapter.AdapterLeases;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scheduling.ScoredContinuation;
import io.rootstock.inference.engine.scheduling.ScoredContinuation.ScoredToken;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Score: log-probabilities of continuations of a prompt. Prompt and continuations are tokenized separately. */
@ApplicationScoped
public class Scoring {
    private static final int MOST_CONTINUATIONS = 100;

    private final UnaryRequests work;

    @Inject
    Scoring(UnaryRequests work) {
        this.work = work;
    }

    /** Scores all continuations of the request. */
    public ScoreResponse score(ScoreRequest request) {
        return work.run("score", request.getModel(), session -> {
            requireContinuations(request.getContinuationsList());
            int[] prompt = session.model()
                    .tokenizer()
                    .rule()
                    .beginning(session.model().tokenizer().tokenize(request.getPrompt(), false));
            Tokenization.requireNotEmpty(prompt, "prompt", session);
            List<int[]> continuations = continuations(request, prompt.length, session);
            Optional<Adapters.Lease> adapter = request.hasAdapter()
                    ? Optional.of(AdapterLeases.acquire(session, request.getAdapter(), "adapter"))
                    : Optional.empty();
            try {
                ScoreResponse.Builder response = ScoreResponse.newBuilder().setVersion(session.version());
                session.engine()
                        .score(prompt, continuations, AdapterLeases.use(adapter, request.getAdapter()))
                        .forEach(text -> response.addScores(score(text, request.getLogprobs())));
                // The prompt is processed once.
                int tokens = prompt.length
                        + continuations.stream()
                                .mapToInt(continuation -> continuation.length)
                                .sum();
                return new UnaryRequests.Result<>(response.build(), continuations.size(), tokens);
            } finally {
                adapter.ifPresent(Adapters.Lease::close);
            }
        });
    }

    private static List<int[]> continuations(ScoreRequest request, int promptTokens, Session session) {
        int room = session.engine().contextLength() - promptTokens;
        List<int[]> continuations = new ArrayList<>();
        for (int i = 0; i < request.getContinuationsCount(); i++) {
            int[] tokens = session.model().tokenizer().tokenize(request.getContinuations(i), false);
            if (tokens.length > room) {
                throw Errors.invalidArgument(
                        "continuations[" + i + "]",
                        "has " + tokens.length + " tokens; behind a prompt of " + promptTokens + " the model reads "
                                + Math.max(0, room));
            }
            continuations.add(tokens);
        }
        return continuations;
    }

    private static void requireContinuations(List<String> continuations) {
        if (continuations.isEmpty() || continuations.size() > MOST_CONTINUATIONS) {
            throw Errors.invalidArgument(
                    "continuations", "must hold 1 to " + MOST_CONTINUATIONS + " texts, holds " + continuations.size());
        }
        for (int i = 0; i < continuations.size(); i++) {
            if (continuations.get(i).isEmpty()) {
                throw Errors.invalidArgument("continuations[" + i + "]", "must not be empty");
            }
        }
    }

    private static Score score(ScoredContinuation text, boolean logprobs) {
        Score.Builder score = Score.newBuilder()
                .setLogprob(text.logprob())
                .setTokens(text.tokens().size())
                .setGreedy(text.greedy());
        if (logprobs) {
            text.tokens().forEach(token -> score.addLogprobs(logprob(token)));
        }
        return score.build();
    }

    private static TokenLogprob logprob(ScoredToken token) {
        return TokenLogprob.newBuilder()
                .setToken(token.token())
                .setPiece(ByteString.copyFrom(token.piece()))
                .setLogprob((float) token.logprob())
                .build();
    }
}
