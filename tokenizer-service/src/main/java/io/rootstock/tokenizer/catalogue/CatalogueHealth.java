package io.rootstock.tokenizer.catalogue;

import io.rootstock.service.ServiceHealth;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/** The service accepts requests once its catalogue is open. */
@ApplicationScoped
class CatalogueHealth implements ServiceHealth {
    private static final Set<String> SERVICES = Set.of(
            "",
            TokenizerServiceGrpc.SERVICE_NAME,
            DatasetServiceGrpc.SERVICE_NAME,
            SourceServiceGrpc.SERVICE_NAME,
            StorageServiceGrpc.SERVICE_NAME,
            ReferenceServiceGrpc.SERVICE_NAME);

    private final CatalogueDatabase database;

    CatalogueHealth(CatalogueDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<Boolean> of(String name) {
        return SERVICES.contains(name) ? Optional.of(database.isOpen()) : Optional.empty();
    }
}
