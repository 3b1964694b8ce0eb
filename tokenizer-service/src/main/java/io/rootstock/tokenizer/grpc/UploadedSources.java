package io.rootstock.tokenizer.grpc;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.v1.Source;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds and verifies uploaded files by digest. */
@ApplicationScoped
public class UploadedSources {
    private final Catalogue<Source> catalogue;
    private final ArtifactStore store;

    UploadedSources(Catalogue<Source> catalogue, ArtifactStore store) {
        this.catalogue = catalogue;
        this.store = store;
    }

    /**
     * Returns the file of that digest.
     *
     * @param field field of the request, for errors
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, NOT_FOUND or DATA_LOSS
     */
    SourceFile find(String digest, String field) {
        Digest parsed;
        try {
            parsed = Digest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
        Source source =
                catalogue.find(parsed.hex()).map(Catalogue.Entry::resource).orElseThrow(() -> notFound(digest, field));
        catalogue.touch(parsed.hex());
        try {
            return new SourceFile(source.getFileName(), store.verified(parsed), source.getBytes());
        } catch (NoSuchArtifactException e) {
            throw notFound(digest, field);
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss(
                    "SOURCE_CORRUPT",
                    field + ": the stored bytes of " + source.getFileName() + " (" + digest
                            + ") have changed; upload the file again");
        }
    }

    private static RuntimeException notFound(String digest, String field) {
        return Errors.notFound("source " + digest + " (" + field + ")", "upload the file first with SourceService");
    }
}
