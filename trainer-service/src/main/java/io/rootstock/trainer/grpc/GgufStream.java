package io.rootstock.trainer.grpc;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.trainer.imports.ModelImports;
import io.rootstock.trainer.imports.RefusedImportException;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Creates a GGUF file and sends the stages and the result. */
final class GgufStream {
    private final ModelImports imports;
    private final FlowControlledStream<CreateGgufResponse> stream;

    GgufStream(ModelImports imports, FlowControlledStream<CreateGgufResponse> stream) {
        this.imports = imports;
        this.stream = stream;
    }

    void create(CreateGgufRequest request) throws IOException {
        Digest directory = Digest.find(request.getHuggingFaceDigest())
                .orElseThrow(() -> Errors.invalidArgument(
                        "hugging_face_digest", "must be sha256: and 64 lower-case hexadecimal digits"));
        try {
            Optional<Artifact> artifact = imports.createGguf(
                    directory, variant(request), name(request), this::stage, () -> !stream.isCancelled());
            artifact.ifPresent(created -> stream.send(
                    CreateGgufResponse.newBuilder().setArtifact(created).build()));
        } catch (NoSuchArtifactException e) {
            throw Errors.notFound("artifacts/" + directory, "check the digest");
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss("ARTIFACT_CORRUPT", e.getMessage());
        } catch (ArtifactException | InvalidCheckpointException e) {
            throw Errors.invalidArgument("hugging_face_digest", e.getMessage());
        } catch (RefusedImportException e) {
            throw Errors.failedPrecondition("GGUF_NOT_CREATED", e.getMessage());
        }
    }

    private void stage(String stage) {
        stream.send(CreateGgufResponse.newBuilder().setStage(stage).build());
    }

    private static GgufFile variant(CreateGgufRequest request) {
        try {
            return GgufFile.made(List.of(request.getKind())).iterator().next();
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("kind", e.getMessage());
        }
    }

    private static String name(CreateGgufRequest request) {
        try {
            return Gguf.name(request.getModelName());
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("model_name", e.getMessage());
        }
    }
}
