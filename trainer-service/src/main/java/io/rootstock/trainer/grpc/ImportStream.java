package io.rootstock.trainer.grpc;

import io.grpc.stub.StreamObserver;
import io.rootstock.service.Errors;
import io.rootstock.trainer.imports.ModelImport;
import io.rootstock.trainer.imports.RefusedImportException;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.worker.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One import's parts as they come; gRPC hands over the next only after the last is written. */
final class ImportStream implements StreamObserver<ImportModelRequest> {
    private final ModelImport model;
    private final StreamObserver<ImportModelResponse> answers;
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
                case CHUNK -> part.getChunk().writeTo(model.bytes());
                case PART_NOT_SET -> throw Errors.invalidArgument("part", "must be a file_name or a chunk");
            }
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot keep the files of a model", e));
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
            ModelImport.Imported imported = model.finish();
            answers.onNext(ImportModelResponse.newBuilder()
                    .addAllArtifacts(imported.artifacts())
                    .setTokenizerDigest(imported.tokenizer())
                    .setArchitecture(Shapes.architecture(imported.config()))
                    .setChatTemplate(imported.chat())
                    .build());
            answers.onCompleted();
            model.close();
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot import a model", e));
        } catch (RuntimeException e) {
            fail(e);
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
