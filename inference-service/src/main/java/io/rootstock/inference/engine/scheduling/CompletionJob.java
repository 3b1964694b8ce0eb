package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.sampling.Logits;
import io.rootstock.inference.engine.sampling.Sampler;
import io.rootstock.inference.engine.sampling.StopMatcher;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.inference.engine.sampling.Utf8Assembler;
import io.rootstock.inference.engine.sampling.Vocabulary;
import io.rootstock.llama.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Generates one completion: samples tokens, joins their bytes to characters, and passes them to the reader. Engine
 * thread only, except the flags.
 */
final class CompletionJob {
    /** Returned by {@link #next} at the end: no more tokens are to be decoded. */
    static final int OVER = -1;

    private final SharedPrefixGroup group;
    private final Generation generation;
    private final GenerationRequest request;
    private final Vocabulary vocabulary;
    private final EngineListener listener;
    private final int endOfText;
    private final Sampler sampler;
    private final Utf8Assembler characters = new Utf8Assembler();
    private final StopMatcher stops;
    private final List<TokenLogprob> promptLogprobs = new ArrayList<>();
    private int cached;
    private int made;
    private long firstTokenNanoseconds;
    private long lastTokenNanoseconds;
    private long order;
    private volatile boolean left;

    CompletionJob(
            Generation generation,
            SharedPrefixGroup group,
            Optional<Grammar> grammar,
            Vocabulary vocabulary,
            int endOfText,
            EngineListener listener) {
        this.group = group;
        this.generation = generation;
        this.request = generation.request();
        this.vocabulary = vocabulary;
        this.endOfText = endOfText;
        this.listener = listener;
        this.sampler = new Sampler(
                request.sampling(), generation.index(), request.prompt(), grammar, request.tokenRules(), vocabulary);
        this.stops = new StopMatcher(request.stop());
    }

    Generation generation() {
        return generation;
    }

    int[] prompt() {
        return request.prompt();
    }

    Optional<AdapterUse> adapter() {
        return request.adapter();
    }

    SharedPrefixGroup group() {
        return group;
    }

    /** Nanoseconds since the request arrived. */
    long age() {
        return generation.age();
    }

    /** Order of arrival; decides among jobs of equal priority. */
    long order() {
        return order;
    }

    void order(long number) {
        order = number;
    }

    /** Whether the job has left the engine. */
    boolean left() {
        return left;
    }

    /** Removes the job from the engine and frees its resources; call it last. */
    void leave() {
        if (!left) {
            left = true;
            sampler.close();
        }
    }

    String requestId() {
        return request.requestId();
    }

    int priority() {
        return request.priority();
    }

    /** Whether no client waits for the result. */
    boolean inBackground() {
        return priority() == GenerationRequest.BACKGROUND;
    }

    long queueTimeoutNanoseconds() {
        return request.queueTimeout().toNanos();
    }

    boolean reusesPrefix() {
        return request.reusePrefix();
    }

    /** First prompt position whose logits are needed. */
    int outputsFrom() {
        return request.logprobs().prompt() && group().leads(this) ? 0 : prompt().length - 1;
    }

    boolean cancelled() {
        return generation.cancelled();
    }

    boolean aborted() {
        return generation.aborted();
    }

    void abort() {
        generation.abort();
    }

    /** Ends the job with an error, unless it has ended. */
    void fail(RuntimeException why) {
        generation.fail(why);
    }

    boolean ended() {
        return generation.ended();
    }

    /** Whether the reader has no room for more output. */
    boolean blocked() {
        return !generation.hasRoom();
    }

    /** The job starts, with this number of prompt tokens from the prefix cache. */
    void started(int tokens) {
        cached = group().leads(this) ? tokens : group().cached();
    }

    /** Receives the logits of a prompt position that is not the last. */
    void read(int place, float[] logits) {
        if (place == 0) {
            int first = prompt()[0];
            promptLogprobs.add(TokenLogprob.unknown(first, vocabulary));
        }
        promptLogprobs.add(
                Logits.logprob(logits, prompt()[place + 1], request.logprobs().topLogprobs(), vocabulary));
    }

    /** Receives the logits after the last token; returns the next token to decode, or {@link #OVER}. */
    int next(float[] logits, boolean full) {
        if (made == 0 && request.logprobs().prompt()) {
            generation.promptLogprobs(promptLogprobs());
        }
        float[] own = request.logprobs().tokens() && sampler.changesLogits() ? logits.clone() : logits;
        int token = sampler.choose(logits);
        clock();
        if (sampler.slow()) {
            fail(EngineException.invalidGrammar(
                    "after " + made + " tokens the grammar is too ambiguous: a token takes more than a second"));
            return OVER;
        }
        if (token == Sampler.NONE) {
            if (request.grammar().isEmpty()) {
                fail(EngineException.nonFiniteLogits());
                return OVER;
            }
            if (!sampler.complete(endOfText)) {
                fail(EngineException.invalidGrammar("the grammar allows none of the model's tokens after " + made));
                return OVER;
            }
            return end(Output.Reason.END_OF_TEXT, logprob(own, endOfText));
        }
        List<TokenLogprob> logprobs = logprob(own, token);
        if (request.tokenRules().stopTokens().contains(token)) {
            return end(Output.Reason.STOP_STRING, logprobs);
        }
        if (vocabulary.ends(token)) {
            return end(Output.Reason.END_OF_TEXT, logprobs);
        }
        made++;
        String text = characters.push(vocabulary.piece(token));
        // As in vLLM: stop strings are searched in the text after the minimum number of tokens.
        boolean stoppable = made > request.tokenRules().minTokens();
        generation.append(stoppable ? stops.push(text) : text, logprobs, made);
        if (stops.met()) {
            return end(Output.Reason.STOP_STRING, List.of());
        }
        return made == request.maxTokens() || full ? end(Output.Reason.LENGTH, List.of()) : token;
    }

    /** The log-probability or the id of a token, if requested. */
    private List<TokenLogprob> logprob(float[] logits, int token) {
        return request.logprobs().tokens()
                ? List.of(Logits.logprob(logits, token, request.logprobs().topLogprobs(), vocabulary))
                : request.returnTokenIds() ? List.of(TokenLogprob.unknown(token, vocabulary)) : List.of();
    }

    /** Log-probabilities of the prompt tokens that were processed. */
    List<TokenLogprob> promptLogprobs() {
        if (!request.logprobs().prompt()) {
            return List.of();
        }
        if (!group().leads(this)) {
            return group().promptLogprobs();
        }
        if (prompt().length == 1 && promptLogprobs.isEmpty()) {
            promptLogprobs.add(TokenLogprob.unknown(prompt()[0], vocabulary));
        }
        return promptLogprobs;
    }

    private void clock() {
        long now = generation.age();
        if (firstTokenNanoseconds == 0) {
            firstTokenNanoseconds = now;
            listener.firstToken(now / 1e9);
        } else {
            listener.token((now - lastTokenNanoseconds) / 1e9);
        }
        lastTokenNanoseconds = now;
    }

    /**
     * Ends the completion.
     *
     * @param logprobs log-probability of the token that ended it, if requested
     */
    private int end(Output.Reason reason, List<TokenLogprob> logprobs) {
        generation.append(stops.rest(), logprobs, made);
        generation.end(new Output.End(
                reason,
                prompt().length,
                made,
                cached,
                firstTokenNanoseconds / 1e6,
                generation.age() / 1e6,
                stops.metStop(),
                promptLogprobs()));
        return OVER;
    }
}
