package io.rootstock.bench;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.trainer.engine.model.ParameterView;
import java.util.List;

/** Converts an engine's model to the format of checkpoint files. */
final class ExportedModel {
    private ExportedModel() {}

    static ModelConfig config(ModelShape shape, Tokenizer tokenizer) {
        return new ModelConfig(
                shape,
                tokenizer.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow(),
                tokenizer.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow());
    }

    static List<NamedTensor> tensors(List<ParameterView> parameters) {
        return parameters.stream()
                .map(view -> new NamedTensor(view.name(), view.shape(), view.values()))
                .toList();
    }
}
