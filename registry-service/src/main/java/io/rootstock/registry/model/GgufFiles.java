package io.rootstock.registry.model;

import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.CreateGgufRequest;
import java.util.function.Consumer;

/** The GGUF files that the trainer creates from Hugging Face directories. */
@FunctionalInterface
public interface GgufFiles {
    /**
     * Creates a file and stores it.
     *
     * @param stages receives the stages of the work
     * @throws io.grpc.StatusRuntimeException the trainer's refusal; UNAVAILABLE if it does not respond
     */
    Artifact create(CreateGgufRequest request, Consumer<String> stages);
}
