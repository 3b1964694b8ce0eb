package io.rootstock.tokenizer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.rootstock.database.TestDatabase;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class StoredCorporaTest {
    @Test
    void countsCorporaByState() {
        PGSimpleDataSource source = TestDatabase.create();
        TestDatabase.execute(source, """
                insert into tokenizer.corpus (id, fingerprint, request_id, corpus, state, lease_expire_time, lost_leases) values
                    ('a', '', '', '', 'QUEUED', null, 1),
                    ('b', '', '', '', 'QUEUED', null, 0),
                    ('c', '', '', '', 'RUNNING', now(), 2),
                    ('d', '', '', '', 'FAILED', null, 4)
                """);
        try (CatalogueDatabase database = new CatalogueDatabase(source)) {
            assertThatThrownBy(() -> StoredCorpora.read(database)).isInstanceOf(StatusRuntimeException.class);
            database.open();
            assertThat(StoredCorpora.read(database))
                    .isEqualTo(new StoredCorpora(Map.of("QUEUED", 2L, "RUNNING", 1L, "FAILED", 1L), 3));
        }
    }
}
