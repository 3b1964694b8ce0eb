package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.inference.engine.scheduling.Answers.Answer;
import io.rootstock.inference.engine.scheduling.Output.Reason;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Minimum number of tokens, allowed tokens and returned token ids, with models whose texts are known. */
@Timeout(120)
class TokenRulesTest {
    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel reciter;
    private static LlamaModel repeater;

    @BeforeAll
    static void load() {
        Llama llama = Llama.shared();
        compute = new Compute(llama, 1);
        reciter = llama.load(TinyModel.reciting("abcdef").write(directory.resolve("reciter.gguf")));
        repeater = llama.load(TinyModel.repeating("abc").write(directory.resolve("repeater.gguf")));
    }

    @AfterAll
    static void unload() {
        reciter.close();
        repeater.close();
        compute.close();
    }

    private static TokenRules atLeast(int tokens) {
        return new TokenRules(false, tokens, Set.of(), Set.of());
    }

    @Test
    void aTextDoesNotEndBeforeTheMinimum() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(reciter, options(1, 4), compute)) {
            GenerationRequest request = greedy(reciter, "a", 30);
            assertThat(answer(engine, request).end().completionTokens()).isEqualTo(5);
            Answer longer = answer(engine, request.withTokenRules(atLeast(9)));
            assertThat(longer.text()).startsWith("bcdef");
            assertThat(longer.end().completionTokens()).isGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void stopStringsAndStopTokensCountAfterTheMinimum() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(repeater, options(1, 4), compute)) {
            GenerationRequest request = greedy(repeater, "a", 30);
            GenerationRequest stopped = request.withStop(List.of("ca"));
            assertThat(answer(engine, stopped).text()).isEqualTo("b");
            Answer later = answer(engine, stopped.withTokenRules(atLeast(3)));
            assertThat(later.text()).isEqualTo("bcab");
            assertThat(later.end().reason()).isEqualTo(Reason.STOP_STRING);

            int c = repeater.tokenize("c", false)[0];
            TokenRules rules = new TokenRules(false, 0, Set.of(c), Set.of());
            assertThat(answer(engine, request.withTokenRules(rules)).text()).isEqualTo("b");
            TokenRules laterRules = new TokenRules(false, 2, Set.of(c), Set.of());
            assertThat(answer(engine, request.withTokenRules(laterRules)).end().completionTokens())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aCompleteConstrainedTextEndsBeforeTheMinimum() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(repeater, options(1, 4), compute)) {
            Answer answer = answer(
                    engine,
                    greedy(repeater, "a", 30)
                            .withGrammar(Optional.of("root ::= \"bca\""))
                            .withTokenRules(atLeast(10)));
            assertThat(answer.text()).isEqualTo("bca");
            assertThat(answer.end().reason()).isEqualTo(Reason.END_OF_TEXT);
        }
    }

    @Test
    void onlyAllowedTokensAreGenerated() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(repeater, options(1, 4), compute)) {
            Set<Integer> allowed = Set.of(repeater.tokenize("x", false)[0], repeater.tokenize("y", false)[0]);
            Answer answer = answer(
                    engine, greedy(repeater, "a", 8).withTokenRules(new TokenRules(false, 0, Set.of(), allowed)));
            assertThat(answer.text()).matches("[xy]{8}");
        }
    }

    @Test
    void tokenIdsAreReturnedWithTheTokenThatEndsTheText() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(reciter, options(1, 4), compute)) {
            Answer answer = answer(engine, greedy(reciter, "c", 30).withReturnTokenIds(true));
            int[] text = reciter.tokenize("def", false);
            assertThat(answer.tokens()).containsExactly(text[0], text[1], text[2], TinyModel.END_OF_TEXT);
            assertThat(answer.logprobs()).extracting(TokenLogprob::logprob).containsOnly(Double.NaN);
            assertThat(answer.end().completionTokens()).isEqualTo(3);
        }
    }
}
