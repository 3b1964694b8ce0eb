package io.rootstock.tokenizer.catalogue;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Migrates and opens the catalogue when the registry has started the database. Meanwhile the service is not SERVING and calls
 * fail with UNAVAILABLE.
 */
@ApplicationScoped
public class CatalogueStart {
    private static final Logger LOG = Logger.getLogger(CatalogueStart.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** After a failure that a person has to end, such as a schema of a newer release: each attempt is logged by Flyway. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    private final CatalogueDatabase database;
    private Thread thread;

    @Inject
    CatalogueStart(CatalogueDatabase database) {
        this.database = database;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("catalogue-start").start(this::openWhenReady);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void openWhenReady() {
        String logged = "";
        try {
            while (!database.isOpen()) {
                try {
                    database.migrate();
                    database.open();
                } catch (SQLException e) {
                    if (!logged.equals(e.getMessage())) {
                        logged = String.valueOf(e.getMessage());
                        LOG.infof("waiting for the registry's database: %s", logged);
                    }
                    Thread.sleep(PAUSE);
                } catch (RuntimeException e) {
                    if (!logged.equals(e.toString())) {
                        logged = e.toString();
                        LOG.error("the catalogue cannot be opened; trying again", e);
                    }
                    Thread.sleep(PAUSE_AFTER_FAILURE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
