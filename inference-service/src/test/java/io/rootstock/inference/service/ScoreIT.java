package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.refusal;
import static io.rootstock.inference.service.ServingFixture.refusedField;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.grpc.Context;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Score with tokens, texts and whole documents, its limits, and the version and digest that it names. */
@Timeout(300)
class ScoreIT {
    private static final double NEAR = 2e-3;

    @TempDir
    static Path scratch;

    private static final TinyModel RANDOM = TinyModel.random(31);
    private static ServingFixture serving;
    private static Version version;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        version = serving.serve("random", RANDOM);
        serving.serve("merging", TinyModel.random(31).merging('b', 'c'));
        serving.serve(
                "plain",
                1,
                VersionKind.VERSION_KIND_BASE,
                TinyModel.random(31).withoutBos().merging('b', 'c'));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static ScoreResponse score(ScoreRequest.Builder request) {
        return serving.service.calls().score(request.build());
    }

    private static ScoreRequest.Builder request(String model) {
        return ScoreRequest.newBuilder().setModel(model).setLogprobs(true);
    }

    private static TokenSequence tokens(int... ids) {
        return TokenSequence.newBuilder()
                .addAllTokens(IntStream.of(ids).boxed().toList())
                .build();
    }

    private static int[] bytes(String text) {
        return text.chars().map(letter -> TinyModel.token((byte) letter)).toArray();
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }

    private static List<Integer> scored(Score score) {
        return score.getLogprobsList().stream().map(TokenLogprob::getToken).toList();
    }

    /** Compares a score with the logits of a plain implementation of the model. */
    private static void expect(Score score, int[] before, int[] scored) {
        PlainLlama plain = new PlainLlama(RANDOM);
        assertThat(scored(score))
                .containsExactlyElementsOf(IntStream.of(scored).boxed().toList());
        assertThat(score.getTokens()).isEqualTo(scored.length);
        assertThat(score.getGreedyTokensCount()).isEqualTo(scored.length);
        double sum = 0;
        for (int i = 0; i < scored.length; i++) {
            double[] expected = plain.logprobs(joined(before, Arrays.copyOf(scored, i)));
            assertThat((double) score.getLogprobs(i).getLogprob()).isCloseTo(expected[scored[i]], offset(NEAR));
            assertThat(score.getGreedyTokens(i))
                    .isEqualTo(Arrays.stream(expected).max().orElseThrow() == expected[scored[i]]);
            sum += expected[scored[i]];
        }
        assertThat(score.getLogprob()).isCloseTo(sum, offset(scored.length * NEAR));
        assertThat(score.getGreedy()).isEqualTo(!score.getGreedyTokensList().contains(false));
    }

    @Test
    void tokensAreScoredUnchangedAndWithoutBos() {
        ScoreResponse response = score(request("random")
                .setPromptTokens(tokens(bytes("xyz")))
                .addContinuationTokens(tokens(bytes("hello")))
                .addContinuationTokens(tokens(TinyModel.END_OF_TEXT)));
        assertThat(response.getScoresCount()).isEqualTo(2);
        expect(response.getScores(0), bytes("xyz"), bytes("hello"));
        expect(response.getScores(1), bytes("xyz"), new int[] {TinyModel.END_OF_TEXT});
        assertThat(response.getRequestId()).isNotEmpty();
    }

    @Test
    void greedyTokensAreMarked() {
        int[] prompt = bytes("ab");
        double[] next = new PlainLlama(RANDOM).logprobs(prompt);
        int best = IntStream.range(0, next.length)
                .reduce((a, b) -> next[b] > next[a] ? b : a)
                .orElseThrow();
        int other = best == 0 ? 1 : 0;
        ScoreResponse response = score(request("random")
                .setPromptTokens(tokens(prompt))
                .addContinuationTokens(tokens(best))
                .addContinuationTokens(tokens(other)));
        assertThat(response.getScores(0).getGreedyTokensList()).containsExactly(true);
        assertThat(response.getScores(0).getGreedy()).isTrue();
        assertThat(response.getScores(1).getGreedyTokensList()).containsExactly(false);
    }

    @Test
    void promptAndContinuationAreTokenizedAsOneText() {
        int merged = TinyModel.token(TinyModel.MERGED);
        // "ab" + "cd" is a, bc, d: two tokens belong to the prompt.
        assertThat(scored(score(request("merging").setPrompt("ab").addContinuations("cd"))
                        .getScores(0)))
                .containsExactly(TinyModel.token((byte) 'd'));
        // The last token spans the end of the prompt.
        assertThat(scored(score(request("merging").setPrompt("ab").addContinuations("c"))
                        .getScores(0)))
                .containsExactly(merged);
        assertThat(scored(score(request("plain").setPrompt("b").addContinuations("c"))
                        .getScores(0)))
                .containsExactly(merged);
        // White space belongs to the continuation.
        assertThat(scored(score(request("merging").setPrompt("a \n").addContinuations("x"))
                        .getScores(0)))
                .containsExactlyElementsOf(IntStream.of(bytes(" \nx")).boxed().toList());
        assertThat(scored(score(request("plain").setPrompt(" ").addContinuations("x"))
                        .getScores(0)))
                .containsExactlyElementsOf(IntStream.of(bytes(" x")).boxed().toList());
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    @Test
    void answersOfAConversationAreScored() {
        int start = TinyModel.BEGIN_OF_TEXT + 2;
        int end = TinyModel.BEGIN_OF_TEXT + 3;
        // The header of the answer ends with a line end, which belongs to the continuation; content has no special
        // tokens.
        int[] prompt = joined(
                new int[] {TinyModel.BEGIN_OF_TEXT, start},
                bytes("system\nBe brief."),
                new int[] {end, TinyModel.token((byte) '\n'), start},
                bytes("user\n<|im_end|>"),
                new int[] {end, TinyModel.token((byte) '\n'), start},
                bytes("assistant"));
        ScoreResponse response = score(request("random")
                .addPromptMessages(message("system", "Be brief."))
                .addPromptMessages(message("user", "<|im_end|>"))
                .addContinuations("yes")
                .addContinuations("<|im_end|>"));
        expect(response.getScores(0), prompt, bytes("\nyes"));
        expect(response.getScores(1), prompt, bytes("\n<|im_end|>"));
        assertThat(score(request("plain")
                                .addPromptMessages(message("user", "a"))
                                .addContinuations("x"))
                        .getScores(0)
                        .getTokens())
                .isEqualTo(2);
    }

    @Test
    void conversationsAreRefusedBesideOtherPrompts() {
        ScoreRequest.Builder chat = request("random").addPromptMessages(message("user", "a"));
        assertThat(refusedField(() -> score(chat.clone().setPrompt("a").addContinuations("b"))))
                .isEqualTo("prompt_messages");
        assertThat(refusedField(() -> score(chat.clone().setRolling(true).addContinuations("b"))))
                .isEqualTo("prompt_messages");
        assertThat(refusedField(() -> score(chat.clone().addContinuationTokens(tokens(1)))))
                .isEqualTo("prompt_messages");
        assertThat(refusedField(() -> score(request("random")
                        .addPromptMessages(message("us er", "a"))
                        .addContinuations("b"))))
                .isEqualTo("prompt_messages[0].role");
    }

    @Test
    void aTextLongerThanTheContextIsScoredInWindows() {
        String text = "0123456789abcdef".repeat(40);
        ScoreResponse response =
                score(request("random").setRolling(true).addContinuations(text).addContinuations("xyz"));
        int[] all = bytes(text);
        Score whole = response.getScores(0);
        assertThat(scored(whole))
                .containsExactlyElementsOf(IntStream.of(all).boxed().toList());
        expect(response.getScores(1), new int[] {TinyModel.BEGIN_OF_TEXT}, bytes("xyz"));

        int first = TinyModel.CONTEXT;
        int rest = all.length - first;
        Score firstWindow = score(request("random")
                        .setPromptTokens(tokens(TinyModel.BEGIN_OF_TEXT))
                        .addContinuationTokens(tokens(Arrays.copyOf(all, first))))
                .getScores(0);
        Score lastWindow = score(request("random")
                        .setPromptTokens(tokens(Arrays.copyOfRange(all, all.length - first - 1, first)))
                        .addContinuationTokens(tokens(Arrays.copyOfRange(all, first, all.length))))
                .getScores(0);
        assertThat(lastWindow.getTokens()).isEqualTo(rest);
        assertThat(whole.getLogprob()).isCloseTo(firstWindow.getLogprob() + lastWindow.getLogprob(), offset(1e-2));

        Score ofTokens = score(request("plain").setRolling(true).addContinuationTokens(tokens(bytes("xyz"))))
                .getScores(0);
        assertThat(ofTokens.getTokens()).isEqualTo(3);
    }

    @Test
    void moreContinuationsThanQueueAndSlotsHoldAreScored() {
        ScoreRequest.Builder many = request("random").setPrompt("The common prompt of 200 continuations:");
        for (int i = 0; i < 200; i++) {
            many.addContinuations(" " + i);
        }
        List<CompletableFuture<ScoreResponse>> together = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            together.add(ServingFixture.async(() -> score(many)));
        }
        together.forEach(
                response -> assertThat(response.join().getScoresCount()).isEqualTo(200));
        double difference = 0;
        for (int i = 0; i < 200; i += 7) {
            ScoreResponse alone =
                    score(request("random").setPrompt(many.getPrompt()).addContinuations(many.getContinuations(i)));
            difference = Math.max(
                    difference,
                    Math.abs(alone.getScores(0).getLogprob()
                            - together.getFirst().join().getScores(i).getLogprob()));
        }
        assertThat(difference).isLessThan(1e-3);
    }

    @Test
    void aPinnedVersionAndDigestAreChecked() {
        String digest = version.getArtifacts(0).getDigest();
        ScoreRequest.Builder request = request("models/random/versions/1")
                .setPrompt("a")
                .addContinuations("b")
                .setExpectedDigest(digest);
        ScoreResponse response = score(request);
        assertThat(response.getVersion()).isEqualTo("models/random/versions/1");
        assertThat(response.getDigest()).isEqualTo(digest);
        assertThat(refusal(() -> score(request.clone().setModel("models/random/versions/2"))))
                .isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
        String other = "sha256:" + "0".repeat(64);
        assertThat(refusal(() -> score(request.clone().setExpectedDigest(other))))
                .isEqualTo("FAILED_PRECONDITION DIGEST_MISMATCH");
        assertThatThrownBy(() -> score(request.clone().setExpectedDigest(other)))
                .hasMessageContaining("models/random/versions/1 serves " + digest);
        assertThat(refusedField(() -> score(request.clone().setExpectedDigest("latest"))))
                .isEqualTo("expected_digest");
    }

    @Test
    void limitsNameTheirField() {
        ScoreRequest.Builder texts = request("random").setPrompt("a");
        for (int i = 0; i < 4097; i++) {
            texts.addContinuations("b");
        }
        assertThat(refusedField(() -> score(texts))).isEqualTo("continuations");
        ScoreRequest.Builder documents = request("random").setRolling(true);
        for (int i = 0; i < 66; i++) {
            documents.addContinuations("x".repeat(1000));
        }
        assertThat(refusedField(() -> score(documents))).isEqualTo("continuations[65]");
        assertThat(refusedField(() -> score(request("random")
                        .setPromptTokens(tokens(1))
                        .addContinuationTokens(tokens(2, 3))
                        .addContinuationTokens(tokens(4, TinyModel.VOCABULARY)))))
                .isEqualTo("continuation_tokens[1][1]");
        assertThat(refusedField(
                        () -> score(request("random").setPromptTokens(tokens(1)).addContinuationTokens(tokens()))))
                .isEqualTo("continuation_tokens[0]");
        assertThat(refusedField(() -> score(request("random").addContinuationTokens(tokens(1)))))
                .isEqualTo("prompt_tokens");
        assertThat(refusedField(
                        () -> score(request("random").setPromptTokens(tokens(1)).addContinuations("b"))))
                .isEqualTo("prompt_tokens");
        assertThat(refusedField(() -> score(
                        request("random").setPrompt("a").addContinuations("b").addContinuationTokens(tokens(1)))))
                .isEqualTo("continuation_tokens");
        assertThat(refusedField(() ->
                        score(request("random").setRolling(true).setPrompt("a").addContinuations("b"))))
                .isEqualTo("prompt");
        assertThat(refusedField(() -> score(request("random")
                        .setPromptTokens(tokens(bytes("a".repeat(512))))
                        .addContinuationTokens(tokens(1, 2)))))
                .isEqualTo("continuation_tokens[0]");
        ScoreRequest.Builder small = request("random").setPrompt("a").addContinuations("b");
        assertThat(refusedField(() -> score(small.clone().setPriority(101)))).isEqualTo("priority");
        assertThat(refusedField(() -> score(small.clone().setPriority(Integer.MIN_VALUE))))
                .isEqualTo("priority");
        assertThat(refusedField(() -> score(small.clone().setRequestId("two words"))))
                .isEqualTo("request_id");
        assertThat(score(small.clone().setRequestId("mine").setPriority(-100)).getRequestId())
                .isEqualTo("mine");
    }

    @Test
    void abortAndCancellationFreeEverything() {
        ScoreRequest.Builder endless =
                request("random").setPrompt("p".repeat(400)).setRequestId("to-abort");
        for (int i = 0; i < 1500; i++) {
            endless.addContinuations("0123456789".repeat(3) + i);
        }
        CompletableFuture<String> aborted = ServingFixture.async(() -> refusal(() -> score(endless)));
        ServingFixture.await(() -> serving.control()
                        .abort(AbortRequest.newBuilder()
                                .setRequestId("to-abort")
                                .build())
                        .getAborted()
                > 0);
        assertThat(aborted.join()).isEqualTo("ABORTED REQUEST_ABORTED");
        awaitIdle();

        CompletableFuture<String> cancelled = new CompletableFuture<>();
        Context.CancellableContext call = Context.current().withCancellation();
        Thread.ofVirtual().start(() -> call.run(() -> cancelled.complete(refusal(() -> score(endless)))));
        ServingFixture.await(
                () -> serving.control().getLoad(GetLoadRequest.getDefaultInstance()).getModelsList().stream()
                        .anyMatch(model -> model.getActiveRequests() > 0));
        call.cancel(null);
        assertThat(cancelled.join()).startsWith("CANCELLED");
        awaitIdle();
    }

    private static void awaitIdle() {
        ServingFixture.await(
                () -> serving.control().getLoad(GetLoadRequest.getDefaultInstance()).getModelsList().stream()
                        .allMatch(model -> model.getActiveRequests() == 0
                                && model.getQueuedRequests() == 0
                                && model.getQueuedTokens() == 0));
    }
}
