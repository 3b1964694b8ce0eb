package io.rootstock.tokenizer.catalogue;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.database.ExternalDatabase;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.postgres.RunningPostgres;
import io.rootstock.service.Home;
import io.rootstock.tokenizer.registry.RegistrySettings;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The catalogues of this service, in the registry's database. */
@ApplicationScoped
public class Catalogues {
    /** Connections to the registry's database: an external server, or the embedded one in the same home. */
    @Produces
    @Singleton
    CatalogueDatabase database(Home home, RegistrySettings registry) {
        return new CatalogueDatabase(registry.databaseUrl()
                .map(url -> ExternalDatabase.dataSource(url, registry.databaseUser(), registry.databasePasswordFile()))
                .orElseGet(() -> new RunningPostgres(EmbeddedPostgres.folder(home.directory()))));
    }

    void close(@Disposes CatalogueDatabase database) {
        database.close();
    }

    @Produces
    @Singleton
    UserSpace space(CatalogueSettings settings) {
        return new UserSpace(settings.userSpace().asLongValue());
    }

    /** Running operations of all services on the database. */
    @Produces
    @Singleton
    RunningOperations operations(CatalogueDatabase database) {
        return new RunningOperations(database);
    }

    void close(@Disposes RunningOperations operations) {
        operations.close();
    }

    /** Uploaded files by the hexadecimal digits of their digest; a repeated upload of equal bytes replaces the name. */
    @Produces
    @Singleton
    Catalogue<Source> sources(CatalogueDatabase database, UserSpace space) {
        return new Catalogue<>(
                database,
                Catalogue.Kind.SOURCE,
                Source.getDefaultInstance(),
                Source::getDigest,
                Source::getBytes,
                space);
    }

    /** Tokenizers by id. */
    @Produces
    @Singleton
    Catalogue<Tokenizer> tokenizers(CatalogueDatabase database) {
        return new Catalogue<>(
                database, Catalogue.Kind.TOKENIZER, Tokenizer.getDefaultInstance(), Tokenizer::getDigest);
    }

    /** Datasets by id. */
    @Produces
    @Singleton
    Catalogue<Dataset> datasets(CatalogueDatabase database, ArtifactStore store, UserSpace space) {
        return new Catalogue<>(
                database,
                Catalogue.Kind.DATASET,
                Dataset.getDefaultInstance(),
                Dataset::getDigest,
                dataset -> storedBytes(store, dataset),
                space);
    }

    /** Size of the shards of a dataset; equal shards are stored once, and missing ones use no space. */
    private static long storedBytes(ArtifactStore store, Dataset dataset) {
        try {
            return DatasetManifest.read(store, Digest.parse(dataset.getDigest())).sources().stream()
                    .flatMap(source -> source.splits().values().stream())
                    .flatMap(split -> split.shards().stream())
                    .map(DatasetManifest.ShardReference::digest)
                    .distinct()
                    .mapToLong(digest -> store.size(Digest.parse(digest)))
                    .sum();
        } catch (NoSuchArtifactException _) {
            return 0;
        }
    }
}
