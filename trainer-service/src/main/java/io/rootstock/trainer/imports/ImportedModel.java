package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.trainer.v1.Artifact;
import java.util.List;

/**
 * An imported model, in the store.
 *
 * @param artifacts the model, as a run exports it; of a GGUF file also that file
 * @param tokenizer digest of its tokenizer's directory
 * @param config its shape
 * @param chat whether it has a chat template
 * @param messages a line for each quantization that is missing
 */
public record ImportedModel(
        List<Artifact> artifacts, String tokenizer, LlamaConfig config, boolean chat, List<String> messages) {
    public ImportedModel {
        artifacts = List.copyOf(artifacts);
        messages = List.copyOf(messages);
    }
}
