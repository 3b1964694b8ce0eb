package io.rootstock.cli.client;

import com.google.protobuf.ByteString;
import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactContents;
import io.rootstock.trainer.v1.StoreArtifactsRequest;
import io.rootstock.trainer.v1.StoreArtifactsResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** Sends artifacts that an installation does not have. */
public final class ArtifactUpload {
    private static final int CHUNK = 512 << 10;

    private ArtifactUpload() {}

    /** Opens the bytes of an artifact. */
    @FunctionalInterface
    public interface Source {
        InputStream open(String digest) throws IOException;
    }

    /**
     * Sends the missing artifacts and waits until all are stored.
     *
     * @param sent called with the bytes sent so far
     */
    public static void send(Clients clients, List<ArtifactContent> artifacts, Source source, LongConsumer sent) {
        CompletableFuture<List<String>> missing = new CompletableFuture<>();
        UploadCall<StoreArtifactsRequest, StoreArtifactsResponse> call = new UploadCall<>(response -> {
            if (!response.getComplete()) {
                missing.complete(response.getMissingList());
            }
            return !response.getComplete();
        });
        clients.imports().storeArtifacts(call);
        call.send(StoreArtifactsRequest.newBuilder()
                .setArtifacts(ArtifactContents.newBuilder().addAllArtifacts(artifacts))
                .build());
        long total = 0;
        for (String digest : call.await(missing)) {
            call.send(StoreArtifactsRequest.newBuilder().setDigest(digest).build());
            try (InputStream input = source.open(digest)) {
                byte[] chunk = input.readNBytes(CHUNK);
                while (chunk.length > 0
                        && call.send(StoreArtifactsRequest.newBuilder()
                                .setChunk(ByteString.copyFrom(chunk))
                                .build())) {
                    total += chunk.length;
                    sent.accept(total);
                    chunk = input.readNBytes(CHUNK);
                }
            } catch (IOException failure) {
                call.cancel(failure);
                throw new CliException("cannot read " + digest + ": " + failure.getMessage(), "check the file");
            }
        }
        call.finish();
    }
}
