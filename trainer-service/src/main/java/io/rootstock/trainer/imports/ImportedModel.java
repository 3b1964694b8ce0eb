package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.v1.Artifact;
import java.util.List;
import java.util.Optional;

/**
 * An imported model or adapter in the artifact store.
 *
 * @param artifacts the artifacts that a run exports, and the original file of a GGUF model
 * @param tokenizer digest of its tokenizer's directory; empty for an adapter, which has its base's tokenizer
 * @param shape its shape
 * @param chat whether it has a chat template
 * @param license license identifier that the files state; empty: none
 * @param messages a line for each quantization that failed
 */
public record ImportedModel(
        List<Artifact> artifacts,
        String tokenizer,
        ModelShape shape,
        boolean chat,
        Optional<String> license,
        List<String> messages) {
    public ImportedModel {
        artifacts = List.copyOf(artifacts);
        messages = List.copyOf(messages);
    }
}
