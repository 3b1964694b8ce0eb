package io.rootstock.registry.finetuning;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.names.AliasName;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.watch.Changes;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jboss.logging.Logger;

/** Promotes the versions of fine-tuning jobs whose training has succeeded, and stores their losses as a file. */
final class Completion {
    private static final Logger LOG = Logger.getLogger(Completion.class);

    private final Database database;
    private final Jobs jobs;
    private final Aliases aliases;
    private final ArtifactStore store;
    private final Changes changes;

    Completion(Database database, Jobs jobs, Aliases aliases, ArtifactStore store, Changes changes) {
        this.database = database;
        this.jobs = jobs;
        this.aliases = aliases;
        this.store = store;
        this.changes = changes;
    }

    /** Completes all trained fine-tuning jobs. */
    boolean round() {
        for (FineTuningRow row : database.read(FineTuningRepository::trained)) {
            complete(row);
        }
        return true;
    }

    private void complete(FineTuningRow row) {
        Job job = jobs.get(row.job().orElseThrow());
        try {
            promote(row, job.getVersion());
        } catch (StatusRuntimeException e) {
            fail(row, "the version cannot be promoted: " + e.getStatus().getDescription());
            return;
        }
        File losses = losses(row);
        database.write(connection -> {
            FineTuningRow locked =
                    FineTuningRepository.lock(connection, row.id()).orElseThrow();
            if (locked.state() == FineTuningRow.State.TRAINING) {
                String file = new ResourceName(
                                StoredFiles.COLLECTION, StoredFiles.insert(connection, losses, row.owner()))
                        .toString();
                FineTuningRepository.succeed(
                        connection,
                        row.id(),
                        job.getVersion(),
                        file,
                        job.getProgress().getTokens());
            }
            return null;
        });
        LOG.infof("%s: %s is promoted", row.name(), job.getVersion());
        changes.announce();
    }

    private void promote(FineTuningRow row, String version) {
        String model =
                ResourceName.parse(ResourceName.MODELS, row.outputModel()).id();
        Alias _ = aliases.set(SetAliasRequest.newBuilder()
                .setName(new AliasName(model, row.spec().getAlias()).toString())
                .setVersion(version)
                .setRequestId(row.name())
                .setReason("promoted by " + row.name())
                .build());
    }

    private File losses(FineTuningRow row) {
        try (ArtifactWriter writer = store.create()) {
            long bytes = LossTable.write(jobs.feed(row.job().orElseThrow(), 0), writer);
            return File.newBuilder()
                    .setFileName("step_metrics.csv")
                    .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE_RESULTS)
                    .setBytes(bytes)
                    .setDigest(writer.commit().value())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the losses of " + row.name(), e);
        }
    }

    private void fail(FineTuningRow row, String message) {
        database.write(connection -> {
            FineTuningRepository.fail(
                    connection,
                    row.id(),
                    FineTuningError.newBuilder()
                            .setCode("promotion_failed")
                            .setMessage(message)
                            .build());
            return null;
        });
        changes.announce();
    }
}
