package io.rootstock.bench;

import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.tokenizer.bpe.SpecialToken;
import io.rootstock.tokenizer.bpe.Tokenizer;
import io.rootstock.trainer.engine.model.ModelShape;
import io.rootstock.trainer.engine.model.ParameterView;
import java.util.List;

/** Converts an engine's model to the format of checkpoint files. */
final class ExportedModel {
    private ExportedModel() {}

    static LlamaConfig config(ModelShape shape, Tokenizer tokenizer) {
        return new LlamaConfig(
                shape.vocabularySize(),
                shape.dimension(),
                shape.layers(),
                shape.heads(),
                shape.keyValueHeads(),
                shape.headDimension(),
                shape.feedForward(),
                shape.contextLength(),
                shape.normEpsilon(),
                shape.ropeTheta(),
                shape.tiedEmbeddings(),
                tokenizer.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow(),
                tokenizer.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow());
    }

    static List<NamedTensor> tensors(List<ParameterView> parameters) {
        return parameters.stream()
                .map(view -> new NamedTensor(view.name(), view.shape(), view.values()))
                .toList();
    }
}
