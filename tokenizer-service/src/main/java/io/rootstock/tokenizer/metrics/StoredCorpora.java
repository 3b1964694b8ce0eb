package io.rootstock.tokenizer.metrics;

import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * The corpora of all tokenizer services of a database at one time.
 *
 * @param byState number of corpora by state, as in the column
 * @param lostLeases worker processes and services that ended while they ran a corpus that is queued or running now
 */
record StoredCorpora(Map<String, Long> byState, long lostLeases) {
    /** Reads the corpora; fails with a status while the database is unavailable. */
    static StoredCorpora read(CatalogueDatabase database) {
        return database.run(connection -> {
            Map<String, Long> counts = new HashMap<>();
            long lost = 0;
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("""
                            select state, count(*),
                                coalesce(sum(lost_leases) filter (where state in ('QUEUED', 'RUNNING')), 0)
                            from corpus group by state
                            """)) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                    lost += rows.getLong(3);
                }
            }
            return new StoredCorpora(counts, lost);
        });
    }
}
