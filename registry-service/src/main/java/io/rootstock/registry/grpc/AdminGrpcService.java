package io.rootstock.registry.grpc;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.database.Schema;
import io.rootstock.registry.backup.BackupDeletion;
import io.rootstock.registry.backup.BackupStore;
import io.rootstock.registry.backup.Backups;
import io.rootstock.registry.backup.CopyProgress;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.AdminServiceGrpc;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.CreateBackupRequest;
import io.rootstock.registry.v1.CreateBackupResponse;
import io.rootstock.registry.v1.DeleteBackupRequest;
import io.rootstock.registry.v1.DeleteBackupResponse;
import io.rootstock.registry.v1.ListBackupsRequest;
import io.rootstock.registry.v1.ListBackupsResponse;
import io.rootstock.registry.v1.VerifyRequest;
import io.rootstock.registry.v1.VerifyResponse;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.Home;
import io.rootstock.service.PageToken;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code rootstock.registry.v1.AdminService}: backups, and verification of backups and of the installation. */
@GrpcService
public class AdminGrpcService extends AdminServiceGrpc.AdminServiceImplBase {
    private final Backups backups;
    private final ArtifactLocation own;
    private final Path cache;

    @Inject
    AdminGrpcService(Database database, ArtifactStore store, CommonSettings settings, Home home) {
        this(
                new Backups(database, store),
                new ArtifactLocation(
                        settings.artifacts().directory(), settings.artifacts().url()),
                home.directory().resolve(BackupStore.CACHE));
    }

    /**
     * Creates the service.
     *
     * @param own artifacts of the installation
     * @param cache directory for local copies of remote backups
     */
    public AdminGrpcService(Backups backups, ArtifactLocation own, Path cache) {
        this.backups = backups;
        this.own = own;
        this.cache = cache;
    }

    @Override
    public void createBackup(CreateBackupRequest request, StreamObserver<CreateBackupResponse> observer) {
        Answers.stream(observer, stream -> {
            try (BackupStore target = BackupStore.create(request.getTo(), own, cache)) {
                Backups.Result result = backups.create(
                        target,
                        progress -> stream.send(CreateBackupResponse.newBuilder()
                                .setProgress(message(progress))
                                .build()));
                stream.send(CreateBackupResponse.newBuilder()
                        .setBackup(message(result))
                        .build());
            }
        });
    }

    @Override
    public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
        Answers.stream(observer, stream -> {
            CopyProgress.Listener listener = progress -> stream.send(
                    VerifyResponse.newBuilder().setProgress(message(progress)).build());
            Backups.Result result;
            if (request.getFrom().isEmpty()) {
                result = backups.verify(listener);
            } else {
                try (BackupStore backup = BackupStore.read(request.getFrom(), cache)) {
                    result = Backups.verify(backup, request.getBackup(), listener);
                }
            }
            stream.send(VerifyResponse.newBuilder().setResult(message(result)).build());
        });
    }

    @Override
    public void listBackups(ListBackupsRequest request, StreamObserver<ListBackupsResponse> observer) {
        Answers.unary(observer, () -> {
            String query = "backups " + request.getFrom();
            Optional<String> after = PageToken.decode(query, request.getPageToken());
            int size = PageToken.size(request.getPageSize());
            try (BackupStore location = BackupStore.read(request.getFrom(), cache)) {
                List<String> names = location.names().reversed().stream()
                        .filter(name -> after.isEmpty() || name.compareTo(after.get()) < 0)
                        .limit(size + 1L)
                        .toList();
                ListBackupsResponse.Builder response = ListBackupsResponse.newBuilder();
                names.stream().limit(size).forEach(name -> response.addBackups(described(location, name)));
                if (names.size() > size) {
                    response.setNextPageToken(PageToken.encode(query, names.get(size - 1)));
                }
                return response.build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Backup described(BackupStore location, String name) {
        try {
            return message(Backups.describe(location, name));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.DATA_LOSS) {
                throw e;
            }
            return Backup.newBuilder().setName(name).setDamaged(true).build();
        }
    }

    @Override
    public void deleteBackup(DeleteBackupRequest request, StreamObserver<DeleteBackupResponse> observer) {
        Answers.unary(observer, () -> {
            try (BackupStore location = BackupStore.read(request.getFrom(), cache)) {
                BackupDeletion deletion = backups.delete(location, request.getBackup());
                return DeleteBackupResponse.newBuilder()
                        .setRemovedArtifacts(deletion.removed())
                        .setRemovedBytes(deletion.removedBytes())
                        .setKeptArtifacts(deletion.kept())
                        .setKeptBytes(deletion.keptBytes())
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static io.rootstock.registry.v1.CopyProgress message(CopyProgress progress) {
        return io.rootstock.registry.v1.CopyProgress.newBuilder()
                .setPhase(progress.phase())
                .setArtifacts(progress.artifacts())
                .setArtifactsTotal(progress.artifactsTotal())
                .setBytes(progress.bytes())
                .setBytesTotal(progress.bytesTotal())
                .build();
    }

    private static Backup message(Backups.Result result) {
        Instant time = Instant.parse(result.time());
        return Backup.newBuilder()
                .setName(result.name())
                .setTime(
                        Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
                .setSchemaVersion(result.schemas().getOrDefault(Schema.REGISTRY.name(), 0))
                .setRows(result.rows())
                .setArtifacts(result.artifacts())
                .setArtifactBytes(result.bytes())
                .setCopiedArtifacts(result.copiedArtifacts())
                .setCopiedBytes(result.copiedBytes())
                .addAllDangling(result.dangling())
                .setDanglingTotal(result.danglingCount())
                .build();
    }
}
