package io.rootstock.inference.pooling;

import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import io.rootstock.inference.model.ModelTokenizer;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of a score request as tokens.
 *
 * @param prompt tokens that the texts begin with
 * @param continuations the texts of each continuation: one, or its windows
 * @param tokens number of tokens of the prompt and of the continuations
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
record ScoreTexts(int[] prompt, List<List<Text>> continuations, int tokens) {
    private static final int MAX_CONTINUATIONS = 4096;
    private static final int MAX_TOKENS = 65_536;

    /**
     * Tokenizes a request.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with the field that is invalid
     */
    static ScoreTexts of(ScoreRequest request, Session session) {
        requireOneForm(request);
        return new Reader(request, session).read();
    }

    /** All texts, in order of the continuations. */
    List<Text> texts() {
        return continuations.stream().flatMap(List::stream).toList();
    }

    private static void requireOneForm(ScoreRequest request) {
        boolean promptTokens = request.hasPromptTokens();
        boolean messages = request.getPromptMessagesCount() > 0;
        boolean tokens = request.getContinuationTokensCount() > 0;
        if (tokens && request.getContinuationsCount() > 0) {
            throw Errors.invalidArgument("continuation_tokens", "must not be set together with continuations");
        }
        String field = tokens ? "continuation_tokens" : "continuations";
        int count = tokens ? request.getContinuationTokensCount() : request.getContinuationsCount();
        if (count == 0 || count > MAX_CONTINUATIONS) {
            throw Errors.invalidArgument(field, "must hold 1 to " + MAX_CONTINUATIONS + " texts, holds " + count);
        }
        if (request.getRolling()) {
            requireUnset(!request.getPrompt().isEmpty(), "prompt", "rolling");
            requireUnset(promptTokens, "prompt_tokens", "rolling");
            requireUnset(messages, "prompt_messages", "rolling");
        } else if (tokens) {
            requireUnset(messages, "prompt_messages", "continuation_tokens");
            requireUnset(!request.getPrompt().isEmpty(), "prompt", "continuation_tokens");
            if (request.getPromptTokens().getTokensCount() == 0) {
                throw Errors.invalidArgument(
                        "prompt_tokens", "must hold at least one token before continuation_tokens, unless rolling");
            }
        } else {
            requireUnset(promptTokens, "prompt_tokens", "continuations");
            requireUnset(messages && !request.getPrompt().isEmpty(), "prompt_messages", "prompt");
        }
    }

    private static void requireUnset(boolean set, String field, String other) {
        if (set) {
            throw Errors.invalidArgument(field, "must not be set together with " + other);
        }
    }

    /** Tokenizes one request within its limits. */
    private static final class Reader {
        private final ScoreRequest request;
        private final Session session;
        private final ModelTokenizer tokenizer;
        private final int contextLength;
        private final List<List<Text>> continuations = new ArrayList<>();
        private int tokens;

        Reader(ScoreRequest request, Session session) {
            this.request = request;
            this.session = session;
            this.tokenizer = session.model().tokenizer();
            this.contextLength = session.engine().contextLength();
        }

        ScoreTexts read() {
            int[] prompt = request.getRolling()
                    ? rolling()
                    : request.getContinuationTokensCount() > 0 ? tokensAfterTokens() : textsAfterText();
            return new ScoreTexts(prompt, continuations, tokens);
        }

        private int[] rolling() {
            for (int i = 0; i < request.getContinuationTokensCount(); i++) {
                addWindows(given(request.getContinuationTokens(i), field(i)), field(i));
            }
            for (int i = 0; i < request.getContinuationsCount(); i++) {
                addWindows(tokenizer.tokenize(text(i), false), field(i));
            }
            return new int[0];
        }

        private void addWindows(int[] text, String field) {
            if (text.length == 0) {
                throw Errors.invalidArgument(field, "must have at least one token");
            }
            count(text.length + 1, field);
            continuations.add(rollingWindows(tokenizer.prefix(), text, contextLength));
        }

        private int[] tokensAfterTokens() {
            int[] prompt = given(request.getPromptTokens(), "prompt_tokens");
            count(prompt.length, "prompt_tokens");
            for (int i = 0; i < request.getContinuationTokensCount(); i++) {
                int[] given = given(request.getContinuationTokens(i), field(i));
                if (given.length == 0) {
                    throw Errors.invalidArgument(field(i), "must have at least one token");
                }
                add(new Text(prompt.length, given, given.length), field(i));
            }
            return prompt;
        }

        private int[] textsAfterText() {
            boolean chat = request.getPromptMessagesCount() > 0;
            JointBoundary boundary = chat
                    ? ChatPrompt.of(session, request.getPromptMessagesList()).boundary(tokenizer)
                    : new JointBoundary(
                            text -> tokenizer.rule().beginning(tokenizer.tokenize(text, false)),
                            tokenizer.prefix(),
                            request.getPrompt());
            int[] prompt = boundary.tokens();
            count(prompt.length, chat ? "prompt_messages" : "prompt");
            for (int i = 0; i < request.getContinuationsCount(); i++) {
                String field = field(i);
                String text = text(i);
                // A prompt beyond the context length is rejected before it is tokenized with each continuation.
                requireRoom(1, prompt.length, field);
                add(
                        boundary.with(text)
                                .orElseThrow(() -> Errors.invalidArgument(field, "must have at least one token")),
                        field);
            }
            return prompt;
        }

        private String text(int index) {
            String text = request.getContinuations(index);
            if (text.isEmpty()) {
                throw Errors.invalidArgument(field(index), "must not be empty");
            }
            return text;
        }

        private int[] given(TokenSequence sequence, String field) {
            int[] given = sequence.getTokensList().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            Tokenization.requireTokens(given, field, session);
            return given;
        }

        private void add(Text text, String field) {
            requireRoom(text.scored(), text.length() - text.scored(), field);
            count(text.rest().length, field);
            continuations.add(List.of(text));
        }

        private void requireRoom(int scored, int before, String field) {
            // The last token is not read.
            int room = contextLength + 1 - before;
            if (scored > room) {
                throw Errors.invalidArgument(
                        field,
                        "has " + scored + " tokens; behind a prompt of " + before + " the model reads "
                                + Math.max(0, room));
            }
        }

        private void count(int more, String field) {
            tokens += more;
            if (tokens > MAX_TOKENS) {
                throw Errors.invalidArgument(
                        field,
                        "ends beyond the limit of " + MAX_TOKENS
                                + " tokens for a request; divide the continuations among several requests");
            }
        }

        private String field(int index) {
            return (request.getContinuationTokensCount() > 0 ? "continuation_tokens[" : "continuations[") + index + "]";
        }
    }

    /**
     * Splits a text of any length into windows that score each token once: lm-evaluation-harness's
     * {@code get_rolling_token_windows} with a context of one token, made disjoint. The first begins with the prefix and
     * scores up to {@code contextLength} tokens. Each other one scores the next {@code contextLength} tokens, or those that
     * are left; it begins {@code contextLength} tokens before its last token.
     *
     * @param prefix token before the text
     * @param text at least one token
     * @param contextLength number of tokens that the model reads, at least 1
     */
    static List<Text> rollingWindows(int prefix, int[] text, int contextLength) {
        List<Text> windows = new ArrayList<>();
        int[] whole = new int[text.length + 1];
        whole[0] = prefix;
        System.arraycopy(text, 0, whole, 1, text.length);
        for (int scored = 0; scored < text.length; ) {
            int next = Math.min(contextLength, text.length - scored);
            int end = scored + next + 1;
            int begin = scored == 0 ? 0 : end - contextLength - 1;
            windows.add(new Text(0, Arrays.copyOfRange(whole, begin, end), next));
            scored += next;
        }
        return windows;
    }
}
