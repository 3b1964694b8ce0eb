package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluator.engine.Engine;
import io.rootstock.inference.v1.Answer;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.inference.v1.TokenizeRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Calls of the inference service for one version. Each call carries an id that {@code Abort} and logs name, and each
 * score the digest of the artifact that must answer.
 */
final class InferenceCalls {
    private final Engine engine;
    private final String version;
    private final String digest;
    private final int priority;
    private volatile int[] prefix;

    /**
     * @param version models/{m}/versions/{n}
     * @param digest digest of the served artifact
     * @param priority queue priority
     */
    InferenceCalls(Engine engine, String version, String digest, int priority) {
        this.engine = engine;
        this.version = version;
        this.digest = digest;
        this.priority = priority;
    }

    /** Log-probabilities of continuations of a prompt. */
    List<Score> scoreTexts(String requestId, ContinuationGroups.Group group) throws InterruptedException {
        ScoreRequest.Builder request = request(requestId).addAllContinuations(group.continuations());
        switch (group.context()) {
            case ContinuationGroups.Context.OfText(String text) -> request.setPrompt(text);
            case ContinuationGroups.Context.OfMessages(List<ChatMessage> messages) ->
                request.addAllPromptMessages(messages(messages));
        }
        return score(request);
    }

    private static List<Message> messages(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> Message.newBuilder()
                        .setRole(message.role())
                        .setContent(message.content())
                        .build())
                .toList();
    }

    /** The classes of a text. */
    ClassifyResponse classify(String text) throws InterruptedException {
        ClassifyRequest request =
                ClassifyRequest.newBuilder().setModel(version).addTexts(text).build();
        return engine.call(calls -> calls.classify(request));
    }

    /** Log-probabilities of continuations of tokens. */
    List<Score> scoreTokens(String requestId, int[] context, List<int[]> continuations) throws InterruptedException {
        ScoreRequest.Builder request = request(requestId).setPromptTokens(sequence(context));
        continuations.forEach(continuation -> request.addContinuationTokens(sequence(continuation)));
        return score(request);
    }

    /** Log-probability of a whole text. */
    double scoreDocument(String requestId, String text) throws InterruptedException {
        return score(request(requestId).setRolling(true).addContinuations(text))
                .getFirst()
                .getLogprob();
    }

    private ScoreRequest.Builder request(String requestId) {
        return ScoreRequest.newBuilder()
                .setModel(version)
                .setRequestId(requestId)
                .setPriority(priority)
                .setExpectedDigest(digest);
    }

    private List<Score> score(ScoreRequest.Builder request) throws InterruptedException {
        ScoreRequest message = request.build();
        return engine.call(calls -> calls.score(message)).getScoresList();
    }

    private static TokenSequence sequence(int[] tokens) {
        TokenSequence.Builder sequence = TokenSequence.newBuilder();
        for (int token : tokens) {
            sequence.addTokens(token);
        }
        return sequence.build();
    }

    /**
     * A greedy completion.
     *
     * @throws ContextFullException if the context length ends it
     */
    Response.Generated generate(String requestId, String context, List<String> until, int maxTokens)
            throws InterruptedException {
        GenerateRequest request = GenerateRequest.newBuilder()
                .setModel(version)
                .setPrompt(context)
                .setOptions(options(requestId, until, maxTokens))
                .build();
        Completion completion = engine.call(calls -> calls.generate(request)).getCompletions(0);
        return generated(completion.getText(), completion.getFinish(), maxTokens);
    }

    /**
     * A greedy answer.
     *
     * @throws ContextFullException if the context length ends it
     */
    Response.Generated chat(String requestId, List<ChatMessage> messages, List<String> until, int maxTokens)
            throws InterruptedException {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel(version)
                .addAllMessages(messages(messages))
                .setOptions(options(requestId, until, maxTokens))
                .build();
        Answer answer = engine.call(calls -> calls.chat(request)).getAnswers(0);
        return generated(answer.getMessage().getContent(), answer.getFinish(), maxTokens);
    }

    private GenerationOptions options(String requestId, List<String> until, int maxTokens) {
        return GenerationOptions.newBuilder()
                .setMaxTokens(maxTokens)
                .setSampling(Sampling.newBuilder().setTemperature(0))
                .addAllStop(until)
                .setRequestId(requestId)
                .setPriority(priority)
                .build();
    }

    private static Response.Generated generated(String text, Finish finish, int maxTokens) {
        boolean limited = finish.getReason() == FinishReason.FINISH_REASON_LENGTH;
        if (limited && finish.getCompletionTokens() < maxTokens) {
            throw new ContextFullException(finish.getPromptTokens(), finish.getCompletionTokens(), maxTokens);
        }
        return new Response.Generated(text, limited ? Response.Ending.LIMIT : Response.Ending.BY_ITSELF);
    }

    /** The context length ended a completion before its token limit. */
    static final class ContextFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ContextFullException(int promptTokens, int tokens, int maxTokens) {
            super("the context length ends the completion after " + tokens + " of " + maxTokens
                    + " tokens, behind a prompt of " + promptTokens + " tokens");
        }
    }

    /** The tokens of a text, after the token that begins a text if the tokenizer adds it. */
    int[] tokens(String text) throws InterruptedException {
        int[] before = prefix();
        int[] plain = tokenize(text, false);
        int[] all = Arrays.copyOf(before, before.length + plain.length);
        System.arraycopy(plain, 0, all, before.length, plain.length);
        return all;
    }

    private int[] prefix() throws InterruptedException {
        if (prefix == null) {
            List<Integer> plain = Arrays.stream(tokenize("a", false)).boxed().toList();
            int[] added = tokenize("a", true);
            int begin = Collections.indexOfSubList(Arrays.stream(added).boxed().toList(), plain);
            if (begin < 0) {
                throw new IllegalStateException("the tokenizer changes a text to which it adds special tokens");
            }
            prefix = Arrays.copyOf(added, begin);
        }
        return prefix;
    }

    private int[] tokenize(String text, boolean addSpecialTokens) throws InterruptedException {
        TokenizeRequest request = TokenizeRequest.newBuilder()
                .setModel(version)
                .setText(text)
                .setAddSpecialTokens(addSpecialTokens)
                .build();
        return engine.call(calls -> calls.tokenize(request)).getTokensList().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
