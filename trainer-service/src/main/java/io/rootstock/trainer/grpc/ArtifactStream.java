package io.rootstock.trainer.grpc;

import com.google.protobuf.ByteString;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** Sends the files of an artifact; each file is verified against its digest before it is sent. */
final class ArtifactStream {
    private static final int CHUNK_BYTES = 512 << 10;

    private final ArtifactStore store;
    private final FlowControlledStream<ReadArtifactResponse> stream;

    ArtifactStream(ArtifactStore store, FlowControlledStream<ReadArtifactResponse> stream) {
        this.store = store;
        this.stream = stream;
    }

    void send(Artifact artifact) throws IOException {
        Digest digest = digest(artifact);
        try {
            if (isDirectory(artifact.getKind())) {
                for (DirectoryManifest.Entry file :
                        DirectoryManifest.read(store, digest).files()) {
                    stream.send(ReadArtifactResponse.newBuilder()
                            .setFileName(file.path())
                            .build());
                    sendBytes(file.digest());
                }
            } else {
                sendBytes(digest);
            }
        } catch (NoSuchArtifactException e) {
            throw Errors.notFound("artifacts/" + digest.value(), "check the digest");
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss("ARTIFACT_CORRUPT", e.getMessage());
        } catch (ArtifactException e) {
            throw Errors.invalidArgument("artifact.digest", e.getMessage());
        }
    }

    private void sendBytes(Digest file) throws IOException {
        try (InputStream bytes = Files.newInputStream(store.verified(file))) {
            byte[] chunk = bytes.readNBytes(CHUNK_BYTES);
            while (chunk.length > 0) {
                stream.send(ReadArtifactResponse.newBuilder()
                        .setChunk(ByteString.copyFrom(chunk))
                        .build());
                chunk = bytes.readNBytes(CHUNK_BYTES);
            }
        }
    }

    private static boolean isDirectory(ArtifactKind kind) {
        return kind == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE || kind == ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER;
    }

    private static Digest digest(Artifact artifact) {
        try {
            return Digest.parse(artifact.getDigest());
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("artifact.digest", e.getMessage());
        }
    }
}
