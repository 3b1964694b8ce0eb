package io.rootstock.bench.serving;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import java.time.Duration;

/** The engine in this process: the difference shows the cost of gRPC and the service. */
final class EngineContender implements Contender {
    private static final int QUEUE = 64;
    /** Default settings of the service. */
    private static final int PREFILL_CHUNK = 128;

    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

    private final LlamaModel model;
    private final Compute compute;
    private final GenerationEngine engine;

    EngineContender(ServingModel of, Setting setting) {
        Llama llama = Llama.shared();
        this.model = llama.load(of.file());
        this.compute = new Compute(llama, setting.threads());
        this.engine = new GenerationEngine(
                model,
                new EngineOptions(setting.slots(), QUEUE, setting.contextLength(), PREFILL_CHUNK, false, STALL_LIMIT),
                compute);
    }

    @Override
    public String title() {
        return "rootstock, bare engine";
    }

    @Override
    public int generate(String prompt, int tokens, Runnable heard) throws InterruptedException {
        int[] text = model.tokenize(prompt, false);
        int[] whole = new int[text.length + 1];
        whole[0] = model.beginOfText();
        System.arraycopy(text, 0, whole, 1, text.length);
        Generation generation = engine.submit(GenerationRequest.of(whole, tokens, SamplerOptions.GREEDY)
                        .withReusePrefix(false)
                        .withTokenRules(TokenRules.ENDLESS))
                .getFirst();
        while (true) {
            switch (generation.next()) {
                case Output.Text _ -> heard.run();
                case Output.End end -> {
                    return end.completionTokens();
                }
            }
        }
    }

    @Override
    public ProcessHandle process() {
        return ProcessHandle.current();
    }

    @Override
    public void close() {
        engine.close();
        compute.close();
        model.close();
    }
}
