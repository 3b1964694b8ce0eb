package io.rootstock.trainer.grpc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.service.Errors;
import io.rootstock.trainer.imports.ImportSettings;
import io.rootstock.trainer.imports.ModelImport;
import io.rootstock.trainer.imports.RefusedImportException;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/** Receives the messages of one import; gRPC delivers a message only after the previous one is written to disk. */
final class ImportStream implements StreamObserver<ImportModelRequest> {
    private final ModelImport model;
    private final StreamObserver<ImportModelResponse> answers;
    /** Cancelled as soon as the client disconnects, even while a message is processed. */
    private final Context call = Context.current();

    private boolean failed;

    ImportStream(ModelImport model, StreamObserver<ImportModelResponse> answers) {
        this.model = model;
        this.answers = answers;
    }

    @Override
    public void onNext(ImportModelRequest part) {
        if (failed) {
            return;
        }
        try {
            switch (part.getPartCase()) {
                case FILE_NAME -> model.file(part.getFileName());
                case CHUNK -> model.write(part.getChunk().asReadOnlyByteBuffer());
                case OPTIONS -> model.settings(settings(part.getOptions()));
                case PART_NOT_SET -> throw Errors.invalidArgument("part", "must be a file_name, a chunk or options");
            }
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot write the files of a model", e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        model.close();
    }

    @Override
    public void onCompleted() {
        if (failed) {
            return;
        }
        try {
            Optional<ImportModelResponse> imported = model.finish(this::stage, () -> !call.isCancelled());
            if (imported.isPresent()) {
                answers.onNext(imported.get());
                answers.onCompleted();
            }
            model.close();
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot import a model", e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void stage(String stage) {
        if (!call.isCancelled()) {
            answers.onNext(ImportModelResponse.newBuilder().setStage(stage).build());
        }
    }

    private static ImportSettings settings(ImportOptions options) {
        Optional<Set<GgufFile>> quantizations =
                options.getQuantizationsCount() == 0 ? Optional.empty() : Optional.of(variants(options));
        return new ImportSettings(name(options), quantizations, adapterBase(options));
    }

    private static String name(ImportOptions options) {
        try {
            return Gguf.name(options.getModelName());
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("options.model_name", e.getMessage());
        }
    }

    private static Optional<Digest> adapterBase(ImportOptions options) {
        String digest = options.getAdapterBaseDigest();
        try {
            return digest.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(digest));
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("options.adapter_base_digest", e.getMessage());
        }
    }

    private static Set<GgufFile> variants(ImportOptions options) {
        try {
            return GgufFile.made(options.getQuantizationsList());
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("options.quantizations", e.getMessage());
        }
    }

    private void fail(RuntimeException failure) {
        failed = true;
        model.close();
        answers.onError(
                failure instanceof RefusedImportException
                        ? Errors.invalidArgument("part", failure.getMessage())
                        : failure);
    }
}
