package io.rootstock.evaluator.scoring;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.core.TokenSpan;
import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluator.engine.Engine;
import io.rootstock.evaluator.engine.EngineException;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Obtains the responses of rows from the inference service. Safe for several threads. */
public final class RowRequests {
    /** Errors that the row causes: the request is invalid, or longer than the context. */
    private static final Set<Status.Code> ROW_ERRORS = Set.of(Status.Code.INVALID_ARGUMENT, Status.Code.OUT_OF_RANGE);

    private static final String HINT =
            "use fewer shots, shorten the row, or raise rootstock.evaluator.context-limit up to the model's context"
                    + " length";

    private final InferenceCalls calls;
    private final String digest;
    private final Optional<Classes> classes;

    /**
     * @param version models/{m}/versions/{n}
     * @param digest digest of the artifact that must answer
     * @param priority queue priority, -100 to 100
     * @param classes classes of the version, if it is a classifier
     */
    public RowRequests(Engine engine, String version, String digest, int priority, Optional<Classes> classes) {
        this.calls = new InferenceCalls(engine, version, digest, priority);
        this.digest = digest;
        this.classes = classes;
    }

    /**
     * Checks that the service serves the artifact: completions do not state a digest.
     *
     * @throws EngineException if it serves another one
     */
    public void requireDigest() throws InterruptedException {
        try {
            if (classes.isEmpty()) {
                calls.scoreTokens("digest", new int[] {0}, List.of(new int[] {0}));
                return;
            }
            String served = calls.classify("a").getDigest();
            if (!served.equals(digest)) {
                throw new EngineException("the inference service serves " + served + ", not the artifact " + digest);
            }
        } catch (StatusRuntimeException e) {
            throw new EngineException("the inference service cannot score with the artifact: " + e.getMessage(), e);
        }
    }

    /**
     * Obtains one response per request of a row, in their order.
     *
     * @param task name of the task, for errors
     * @param requestId id of the row's calls; each call appends its number
     * @throws io.rootstock.yaml.InvalidFileException with task, file, line and remedy, if the service refuses the row
     * @throws EngineException with task, file and line, if the service fails
     */
    public List<Response> responses(String task, RenderedRow row, RequestForm form, String requestId)
            throws InterruptedException {
        try {
            return switch (form) {
                case TEXTS -> classes.isPresent() ? classified(row, classes.get()) : texts(row, requestId);
                case CORE_MULTIPLE_CHOICE -> choices(row, requestId);
                case CORE_SCHEMA -> schema(row, requestId);
            };
        } catch (StatusRuntimeException e) {
            if (ROW_ERRORS.contains(e.getStatus().getCode())) {
                throw row.row().error("task " + task + ": " + e.getStatus().getDescription(), HINT);
            }
            throw new EngineException(
                    row.row().place() + ": task " + task + ": the inference service failed: " + e.getMessage(), e);
        } catch (InferenceCalls.ContextFullException | IllegalArgumentException e) {
            throw row.row().error("task " + task + ": " + e.getMessage(), HINT);
        }
    }

    private List<Response> texts(RenderedRow row, String requestId) throws InterruptedException {
        List<Request> requests = row.requests();
        Response[] responses = new Response[requests.size()];
        int call = 0;
        for (ContinuationGroups.Group group : ContinuationGroups.of(requests)) {
            List<Score> scores = calls.scoreTexts(requestId + "." + call++, group);
            for (int i = 0; i < scores.size(); i++) {
                responses[group.indices().get(i)] = loglikelihood(scores.get(i));
            }
        }
        for (int i = 0; i < responses.length; i++) {
            switch (requests.get(i)) {
                case LoglikelihoodRequest _, ChatLoglikelihoodRequest _ -> {}
                // An empty document has no token, so its probability is 1.
                case RollingRequest(String text) ->
                    responses[i] = new Response.Rolling(
                            text.isEmpty() ? 0 : calls.scoreDocument(requestId + "." + call++, text));
                case GenerateRequest(String context, List<String> until, int maxTokens) ->
                    responses[i] = calls.generate(requestId + "." + call++, context, until, maxTokens);
                case ChatGenerateRequest(List<ChatMessage> messages, List<String> until, int maxTokens) ->
                    responses[i] = calls.chat(requestId + "." + call++, messages, until, maxTokens);
                case ClassifyRequest _ -> throw new IllegalArgumentException("a classifier's row has classes only");
            }
        }
        return Arrays.asList(responses);
    }

    /** Log-probabilities of the choices' classes; a row is one text. */
    private List<Response> classified(RenderedRow row, Classes known) throws InterruptedException {
        List<ClassifyRequest> requests = Classes.requests(row);
        Classification classification =
                calls.classify(requests.getFirst().text()).getClassifications(0);
        Map<String, Double> probabilities = new HashMap<>();
        classification
                .getProbabilitiesList()
                .forEach(each -> probabilities.put(each.getLabel(), each.getProbability()));
        List<Response> responses = new ArrayList<>();
        for (String name : known.names(row)) {
            Double probability = probabilities.get(name);
            if (probability == null) {
                throw new EngineException("the inference service does not return the class '" + name + "'");
            }
            responses.add(new Response.Loglikelihood(Math.log(probability), name.equals(classification.getLabel()), 1));
        }
        return responses;
    }

    private List<Response> choices(RenderedRow row, String requestId) throws InterruptedException {
        CoreTokens tokens = CoreTokens.of(CoreTask.Kind.MULTIPLE_CHOICE, prompts(row));
        List<int[]> scored = new ArrayList<>();
        for (int i = 0; i < tokens.prompts().size(); i++) {
            scored.add(tokens.scored(i));
        }
        // The tokens before the scored ones are equal in all prompts.
        return calls.scoreTokens(requestId + ".0", tokens.before(0), scored).stream()
                .map(RowRequests::loglikelihood)
                .toList();
    }

    private List<Response> schema(RenderedRow row, String requestId) throws InterruptedException {
        CoreTokens tokens = CoreTokens.of(CoreTask.Kind.SCHEMA, prompts(row));
        List<Response> responses = new ArrayList<>();
        for (int i = 0; i < tokens.prompts().size(); i++) {
            List<Score> scores = calls.scoreTokens(requestId + "." + i, tokens.before(i), List.of(tokens.scored(i)));
            responses.add(loglikelihood(scores.getFirst()));
        }
        return responses;
    }

    private List<int[]> prompts(RenderedRow row) throws InterruptedException {
        List<int[]> prompts = new ArrayList<>();
        for (Request request : row.requests()) {
            switch (request) {
                case LoglikelihoodRequest(String context, String continuation) ->
                    prompts.add(calls.tokens(context + continuation));
                case RollingRequest _,
                        GenerateRequest _,
                        ChatLoglikelihoodRequest _,
                        ChatGenerateRequest _,
                        ClassifyRequest _ -> throw new IllegalArgumentException("a CORE row has continuations only");
            }
        }
        return prompts;
    }

    private static Response loglikelihood(Score score) {
        return new Response.Loglikelihood(score.getLogprob(), score.getGreedy(), score.getTokens());
    }

    /**
     * Tokens of a CORE row: the prompts, and in each of them the scored tokens.
     *
     * @param prompts tokens of each request
     * @param starts index of the first scored token of each prompt; the last scored token is the prompt's last
     */
    record CoreTokens(List<int[]> prompts, List<Integer> starts) {
        CoreTokens {
            prompts = List.copyOf(prompts);
            starts = List.copyOf(starts);
        }

        /**
         * Cuts the prompts as nanochat does. Where a prompt is the beginning of all others, nanochat scores no token of it;
         * here its last token is scored, in every prompt at the same place.
         *
         * @throws IllegalArgumentException if the scored tokens would begin with the first token
         */
        static CoreTokens of(CoreTask.Kind kind, List<int[]> prompts) {
            int shortest =
                    prompts.stream().mapToInt(prompt -> prompt.length).min().orElse(0);
            int[] first = prompts.getFirst();
            boolean isBeginning = kind == CoreTask.Kind.MULTIPLE_CHOICE
                    && prompts.stream()
                            .allMatch(prompt -> Arrays.mismatch(first, 0, shortest, prompt, 0, shortest) < 0);
            if (isBeginning) {
                if (shortest < 2) {
                    throw new IllegalArgumentException("a prompt of " + shortest + " tokens has no token to score");
                }
                return new CoreTokens(
                        prompts, prompts.stream().map(_ -> shortest - 1).toList());
            }
            return new CoreTokens(
                    prompts,
                    TokenSpan.of(kind, prompts, 0).stream().map(TokenSpan::from).toList());
        }

        /** Tokens of a prompt before the scored ones. */
        int[] before(int prompt) {
            return Arrays.copyOf(prompts.get(prompt), starts.get(prompt));
        }

        /** Scored tokens of a prompt. */
        int[] scored(int prompt) {
            int[] tokens = prompts.get(prompt);
            return Arrays.copyOfRange(tokens, starts.get(prompt), tokens.length);
        }
    }
}
