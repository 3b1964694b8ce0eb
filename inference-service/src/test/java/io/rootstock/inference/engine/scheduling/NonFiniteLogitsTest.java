package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.pooling.PoolingEngine;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model with a matrix of NaN: requests fail instead of returning empty texts. */
@Timeout(60)
class NonFiniteLogitsTest {
    @TempDir
    Path directory;

    private LlamaModel damaged() {
        TinyModel tiny = TinyModel.random(1);
        Arrays.fill(tiny.tensors.get("blk.1.ffn_down.weight"), Float.NaN);
        return Llama.shared().load(tiny.write(directory.resolve("nan.gguf")));
    }

    @Test
    void generationFailsWithTheReason() {
        try (Compute compute = new Compute(Llama.shared(), 1);
                LlamaModel model = damaged();
                GenerationEngine engine = new GenerationEngine(model, options(1, 4), compute)) {
            for (SamplerOptions sampling : List.of(SamplerOptions.GREEDY, new SamplerOptions(1, 40, 0.9f, 0, 1, 1))) {
                assertThatThrownBy(() -> answer(engine, greedy(model, "a", 5).withSampling(sampling)))
                        .hasFieldOrPropertyWithValue("reason", Reason.NON_FINITE_LOGITS)
                        .hasMessageContaining("its weights give NaN");
            }
        }
    }

    @Test
    void hiddenStatesFailToo() {
        try (Compute compute = new Compute(Llama.shared(), 1);
                LlamaModel model = damaged();
                PoolingEngine reader =
                        new PoolingEngine(model, TinyModel.CONTEXT, 10, 128, compute, EngineListener.NONE)) {
            assertThatThrownBy(() -> reader.read(List.of(model.tokenize("text", false)), true))
                    .hasFieldOrPropertyWithValue("reason", Reason.NON_FINITE_LOGITS);
        }
    }
}
