package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.inference.engine.scheduling.Answers.Answer;
import io.rootstock.inference.engine.scheduling.Output.Reason;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class GrammarTest {
    private static final SamplerOptions HOT = new SamplerOptions(2, 0, 1, 0, 1, 5);

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel model;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        model = Llama.shared().load(TinyModel.random(41).write(directory.resolve("m.gguf")));
    }

    @AfterAll
    static void unload() {
        model.close();
        compute.close();
    }

    private static GenerationRequest constrained(String gbnf, int tokens) {
        return greedy(model, "Say something. ", tokens).withGrammar(Optional.of(gbnf));
    }

    @Test
    void everyTextMatchesItsGrammarAndEndsWhenComplete() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(4, 100), compute)) {
            String grammar =
                    "root ::= \"{\\\"n\\\": \" [0-9] [0-9]? [0-9]? \", \\\"s\\\": \\\"\" [a-zé😀]{1,5} \"\\\"}\"";
            for (SamplerOptions sampling :
                    List.of(SamplerOptions.GREEDY, HOT, new SamplerOptions(1, 5, 0.9f, 0.05f, 1.1f, 3))) {
                for (Generation generation : engine.submit(
                        constrained(grammar, 100).withSampling(sampling).withCount(8))) {
                    Answer answer = Answers.read(generation);
                    assertThat(answer.text()).matches("\\{\"n\": [0-9]{1,3}, \"s\": \"[a-zé😀]{1,5}\"}");
                    assertThat(answer.end().reason()).isEqualTo(Reason.END_OF_TEXT);
                }
            }
        }
    }

    @Test
    void onlyTheChoicesAreGenerated() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 100), compute)) {
            for (int seed = 0; seed < 10; seed++) {
                Answer answer = answer(
                        engine,
                        constrained("root ::= \"red\" | \"green\" | \"blue\"", 50)
                                .withSampling(HOT.withSeed(seed)));
                assertThat(answer.text()).isIn("red", "green", "blue");
            }
        }
    }

    @Test
    void aCompleteTextEndsEvenIfEndOfTextIsIgnored() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 4), compute)) {
            Answer answer = answer(engine, constrained("root ::= \"abc\"", 50).withTokenRules(TokenRules.ENDLESS));
            assertThat(answer.text()).isEqualTo("abc");
            assertThat(answer.end().reason()).isEqualTo(Reason.END_OF_TEXT);
        }
    }

    @Test
    void anInvalidGrammarIsRejectedAtOnceWithoutQueueing() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 1), compute)) {
            for (String invalid : List.of("", "root ::= \"a", "start ::= \"a\"", "root ::= root \"a\"")) {
                assertThatThrownBy(() -> engine.submit(constrained(invalid, 5)))
                        .hasFieldOrPropertyWithValue("reason", EngineException.Reason.INVALID_GRAMMAR);
            }
            assertThat(engine.load().queued()).isZero();
            assertThat(answer(engine, constrained("root ::= \"ok\"", 5)).text()).isEqualTo("ok");
        }
    }
}
