package io.rootstock.inference.pooling;

import com.google.protobuf.ByteString;
import io.rootstock.artifacts.Digest;
import io.rootstock.inference.adapter.AdapterLeases;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scoring.ScoredContinuation;
import io.rootstock.inference.engine.scoring.ScoredContinuation.ScoredToken;
import io.rootstock.inference.engine.scoring.ScoringRequest;
import io.rootstock.inference.session.Scheduling;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Score: log-probabilities of continuations of a prompt, or of whole texts. */
@ApplicationScoped
public class Scoring {
    private final UnaryRequests work;

    @Inject
    Scoring(UnaryRequests work) {
        this.work = work;
    }

    /** Scores all continuations of the request. */
    public ScoreResponse score(ScoreRequest request) {
        return work.run("score", request.getModel(), session -> {
            Scheduling scheduling = Scheduling.of(request.getRequestId(), request.getPriority(), "");
            requireDigest(request.getExpectedDigest(), session);
            ScoreTexts texts = ScoreTexts.of(request, session);
            Optional<Adapters.Lease> adapter = request.hasAdapter()
                    ? Optional.of(AdapterLeases.acquire(session, request.getAdapter(), "adapter"))
                    : Optional.empty();
            try {
                List<ScoredContinuation> scored = session.scorer()
                        .score(new ScoringRequest(
                                texts.prompt(),
                                texts.texts(),
                                AdapterLeases.use(adapter, request.getAdapter()),
                                scheduling.requestId(),
                                scheduling.priority()));
                ScoreResponse.Builder response = ScoreResponse.newBuilder()
                        .setVersion(session.version())
                        .setDigest(session.model().version().digest())
                        .setRequestId(scheduling.requestId());
                Iterator<ScoredContinuation> results = scored.iterator();
                for (List<ScoringRequest.Text> windows : texts.continuations()) {
                    List<ScoredToken> tokens = windows.stream()
                            .flatMap(_ -> results.next().tokens().stream())
                            .toList();
                    response.addScores(score(new ScoredContinuation(tokens), request.getLogprobs()));
                }
                return new UnaryRequests.Result<>(
                        response.build(),
                        request.getContinuationsCount() + request.getContinuationTokensCount(),
                        texts.tokens());
            } finally {
                adapter.ifPresent(Adapters.Lease::close);
            }
        });
    }

    private static void requireDigest(String expected, Session session) {
        String served = session.model().version().digest();
        if (!expected.isEmpty() && Digest.find(expected).isEmpty()) {
            throw Errors.invalidArgument(
                    "expected_digest", "must be sha256: and 64 lower-case hexadecimal digits, was '" + expected + "'");
        }
        if (!expected.isEmpty() && !expected.equals(served)) {
            throw Errors.failedPrecondition(
                    "DIGEST_MISMATCH", session.version() + " serves " + served + ", not the expected " + expected);
        }
    }

    private static Score score(ScoredContinuation text, boolean logprobs) {
        Score.Builder score = Score.newBuilder()
                .setLogprob(text.logprob())
                .setTokens(text.tokens().size())
                .setGreedy(text.greedy());
        if (logprobs) {
            for (ScoredToken token : text.tokens()) {
                score.addLogprobs(logprob(token)).addGreedyTokens(token.greedy());
            }
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
